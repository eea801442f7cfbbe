#include "intake/test_home.h"

#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "intake/dataset_version.h"
#include "intake/sealed_version.h"

namespace candour::intake {

namespace fs = std::filesystem;
using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;

TestHome::TestHome() : clock_(UtcTime{1'700'000'000'000'000}) {
  std::string pattern = (fs::temp_directory_path() / "candour_intake_XXXXXX").string();
  dir_ = fs::canonical(mkdtemp(pattern.data()));
  fs::create_directories(state());
  fs::create_directories(dir_ / "sources");
  auto people = people::Register::Open(state() / "people.db");
  EXPECT_TRUE(people) << people.error().ToString();
  people_ = std::make_unique<people::Register>(*std::move(people));
}

TestHome::~TestHome() {
  people_.reset();
  fs::remove_all(dir_);
}

void TestHome::Write(std::string_view name, std::string_view bytes) const {
  WriteWhole(dir_ / "sources" / name, bytes);
}

void TestHome::WriteByEngine(std::string_view name, std::string_view select,
                             std::string_view format) const {
  auto database = engine::Database::Open();
  ASSERT_TRUE(database);
  const auto done =
      database->Run(fmt::format("COPY ({}) TO {} (FORMAT {})", select,
                                engine::QuoteLiteral((dir_ / "sources" / name).string()), format));
  ASSERT_TRUE(done) << done.error().ToString();
}

Result<AdoptReport> TestHome::Adopt(const Dataset& dataset, const Dataset* lookup) {
  return intake::Adopt({.dataset = dataset,
                        .lookup = lookup,
                        .state_dir = state(),
                        .home_dir = dir_,
                        .allowed_sources = {"sources"},
                        .people = people(),
                        .key_encryption_key = key_,
                        .clock = clock_});
}

std::vector<std::string> TestHome::Rows(std::string_view dataset_name, std::string_view sql) const {
  std::vector<std::string> rows;
  auto version = LoadCurrent(state(), dataset_name);
  auto database = engine::Database::Open();
  EXPECT_TRUE(version) << version.error().ToString();
  if (!version || !database) return rows;
  EXPECT_TRUE(AttachRows(*database, *version, key_, "rows"));
  EXPECT_TRUE(AttachQuarantine(*database, *version, key_, "quarantine"));
  auto table = database->Query(sql);
  EXPECT_TRUE(table) << table.error().ToString();
  if (!table) return rows;
  for (const auto& values : table->rows) {
    std::vector<std::string> texts;
    for (const engine::Value& value : values) texts.push_back(engine::ToText(value));
    rows.push_back(fmt::format("{}", fmt::join(texts, "|")));
  }
  return rows;
}

std::vector<std::string> TestHome::Files(std::string_view dataset_name) const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(VersionFolder(state(), dataset_name))) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::string ReadWhole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteWhole(const fs::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << bytes;
}

Dataset OrdersContract() {
  Dataset dataset;
  dataset.name = "shop.orders";
  dataset.person_key = catalogue::PersonKey{.field = "card", .key_space = "shop.card"};
  dataset.fields = {
      Field{.name = "card", .required = true},
      Field{.name = "item", .required = true},
      Field{.name = "quantity", .type = FieldType::kInteger},
      Field{.name = "price", .type = FieldType::kDecimal},
      Field{.name = "day", .type = FieldType::kDate},
      Field{.name = "kind", .valid_values = {"a", "b"}},
      Field{.name = "receipt", .unique = true},
  };
  dataset.source = {.kind = catalogue::Source::Kind::kCsv, .location = "sources/orders.csv"};
  return dataset;
}

}  // namespace candour::intake
