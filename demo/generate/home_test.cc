// The demo's declarations and the data they describe belong together: this is where they meet.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "accounts/principal_reader.h"
#include "base/yaml.h"
#include "catalogue/dataset_reader.h"
#include "catalogue/unit_reader.h"
#include "consent/mapping_reader.h"
#include "consent/purpose_reader.h"
#include "engine/database.h"
#include "generate.h"
#include "policy/agreement_reader.h"
#include "policy/use_reader.h"

namespace candour::demo {
namespace {

namespace fs = std::filesystem;
using catalogue::Dataset;

const fs::path kDemo = CANDOUR_DEMO_DIR;

struct Home {
  std::vector<Dataset> datasets;
  std::vector<consent::Mapping> mappings;
  std::vector<policy::Use> uses;
  Diagnostics diagnostics;
};

/// "datasets/food/products.odcs.yaml" is food.products.
std::string NameOf(const fs::path& path) {
  return path.parent_path().filename().string() + "." + path.stem().stem().string();
}

void ReadDeclaration(const YamlNode& root, const fs::path& path, Home& home) {
  const std::string folder = path.begin()->string();
  const std::string file = path.string();
  Diagnostics& diagnostics = home.diagnostics;
  if (folder == "units") catalogue::ReadUnit(root, file, diagnostics);
  if (folder == "purposes") consent::ReadPurpose(root, file, diagnostics);
  if (folder == "principals") accounts::ReadPrincipal(root, file, diagnostics);
  if (folder == "agreements") policy::ReadAgreement(root, file, diagnostics);
  if (folder == "uses") home.uses.push_back(policy::ReadUse(root, file, diagnostics));
  if (folder == "mappings") home.mappings.push_back(consent::ReadMapping(root, file, diagnostics));
  if (folder == "datasets") {
    home.datasets.push_back(catalogue::ReadDataset(root, file, NameOf(path), diagnostics));
  }
}

Home ReadHome() {
  Home home;
  for (const auto& entry : fs::recursive_directory_iterator(kDemo / "home")) {
    if (!entry.is_regular_file()) continue;
    const fs::path path = fs::relative(entry.path(), kDemo / "home");
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const Result<YamlNode> root = ParseYaml(text, path.string());
    if (root) {
      ReadDeclaration(*root, path, home);
    } else {
      home.diagnostics.push_back(root.error());
    }
  }
  return home;
}

/// The table of a dataset's source: `folder` stands for build/demo, from where a home reads.
std::string SourceTable(const Dataset& dataset, const fs::path& folder) {
  const std::string& path = dataset.source.location;
  const fs::path file = path.starts_with("../source/") ? folder / path.substr(10)
                                                       : kDemo.parent_path() / path.substr(9);
  EXPECT_TRUE(fs::exists(file)) << dataset.name << " has no source " << path;
  const std::string literal = engine::QuoteLiteral(file.string());
  return dataset.source.kind == catalogue::Source::Kind::kCsv
             ? "read_csv(" + literal + ", header=true, all_varchar=true)"
             : "read_parquet(" + literal + ")";
}

TEST(DemoHomeTest, EveryDeclarationIsAccepted) {
  const Home home = ReadHome();
  for (const Error& error : home.diagnostics) ADD_FAILURE() << error.ToString();
  EXPECT_EQ(home.datasets.size(), 10u);
  EXPECT_EQ(home.uses.size(), 6u);
}

TEST(DemoHomeTest, UsesGrantOnlyFieldsThatContractsHave) {
  const Home home = ReadHome();
  for (const policy::Use& use : home.uses) {
    for (const policy::Grant& grant : use.grants) {
      const auto dataset = std::ranges::find(home.datasets, grant.dataset, &Dataset::name);
      ASSERT_NE(dataset, home.datasets.end()) << use.id << " " << grant.dataset;
      for (const std::string& field : grant.fields) {
        EXPECT_NE(dataset->FindField(field), nullptr) << use.id << " " << field;
      }
    }
  }
}

/// For each field how many values do not fit its type, and for unique ones how many repeat another.
std::vector<std::string> Misfits(const Dataset& dataset) {
  std::vector<std::string> counts;
  for (const catalogue::Field& field : dataset.fields) {
    const std::string name = engine::QuoteIdentifier(field.name);
    counts.push_back(
        fmt::format("count({0}) - count(TRY_CAST({0} AS {1}))", name, SqlName(field.type)));
    if (field.unique) counts.back() += fmt::format(" + count({0}) - count(DISTINCT {0})", name);
  }
  return counts;
}

TEST(DemoHomeTest, SourcesFitTheirContracts) {
  const fs::path folder =
      fs::temp_directory_path() / ("candour_demo_home_" + std::to_string(getpid()));
  ASSERT_TRUE(Generate(kDemo / "data", folder));
  auto database = engine::Database::Open();
  ASSERT_TRUE(database);
  for (const Dataset& dataset : ReadHome().datasets) {
    auto table = database->Query(fmt::format("SELECT {} FROM {}", fmt::join(Misfits(dataset), ", "),
                                             SourceTable(dataset, folder)));
    ASSERT_TRUE(table) << dataset.name << ": " << table.error().ToString();
    for (std::size_t i = 0; i < dataset.fields.size(); ++i) {
      EXPECT_EQ(engine::ToText(table->rows[0][i]), "0")
          << dataset.name << "." << dataset.fields[i].name;
    }
  }
  fs::remove_all(folder);
}

TEST(DemoHomeTest, MappingsKnowEveryValueOfTheirFlag) {
  const fs::path folder =
      fs::temp_directory_path() / ("candour_demo_flags_" + std::to_string(getpid()));
  ASSERT_TRUE(Generate(kDemo / "data", folder));
  auto database = engine::Database::Open();
  ASSERT_TRUE(database);
  const Home home = ReadHome();
  for (const consent::Mapping& mapping : home.mappings) {
    const auto dataset = std::ranges::find(home.datasets, mapping.dataset, &Dataset::name);
    ASSERT_NE(dataset, home.datasets.end()) << mapping.id;
    auto values = database->Query(fmt::format("SELECT DISTINCT {1} FROM {0} WHERE {1} IS NOT NULL",
                                              SourceTable(*dataset, folder),
                                              engine::QuoteIdentifier(mapping.field)));
    ASSERT_TRUE(values) << values.error().ToString();
    EXPECT_FALSE(values->rows.empty()) << mapping.id;
    for (const auto& row : values->rows) {
      EXPECT_TRUE(mapping.values.contains(engine::ToText(row[0]))) << mapping.id;
    }
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace candour::demo
