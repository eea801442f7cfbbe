#include "door/organisation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "intake/present_file.h"
#include "ledger/test_settings.h"

namespace candour::door {
namespace {

namespace fs = std::filesystem;

fs::path MakeFolder() {
  std::string name = (fs::temp_directory_path() / "candour_door_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

std::string ColumnsSql(const catalogue::Dataset& dataset) {
  std::vector<std::string> columns;
  if (dataset.HasPeople()) columns.push_back(fmt::format("{} UINTEGER", intake::kRecordColumn));
  if (dataset.row_category) columns.push_back(fmt::format("{} VARCHAR", intake::kCategoryColumn));
  for (const catalogue::Field& field : dataset.fields) {
    columns.push_back(
        fmt::format("{} {}", engine::QuoteIdentifier(field.name), SqlName(field.type)));
  }
  return fmt::format("{}", fmt::join(columns, ", "));
}

/// Writes the table `name` of a new file and gives the record numbers in it.
Bitmap WriteTable(const fs::path& file, const std::string& name, const std::string& columns,
                  const std::string& select, bool has_people) {
  auto engine = Must(engine::Database::Open());
  Must(engine.AttachNew(file, "out"));
  Must(engine.Run(fmt::format("CREATE TABLE out.main.{} ({})", name, columns)));
  Must(engine.Run(fmt::format("INSERT INTO out.main.{} {}", name, select)));
  Bitmap present;
  if (has_people) {
    const auto table =
        Must(engine.Query(fmt::format("SELECT DISTINCT _record FROM out.main.{}", name)));
    for (const auto& row : table.rows) {
      present.Add(static_cast<std::size_t>(std::get<std::int64_t>(row[0])));
    }
  }
  Must(engine.Run("CHECKPOINT out"));
  Must(engine.Detach("out"));
  return present;
}

}  // namespace

Organisation::Organisation() : dir_(MakeFolder()), data_dir_(dir_), key_(32) {
  register_.emplace(Must(people::Register::Open(dir_ / "people.db")));
  choices_.emplace(Must(consent::ChoiceStore::Open(dir_ / "choices.db")));
  ledger_.emplace(Must(ledger::Ledger::Open(ledger::TestSettings(dir_ / "ledger"), clock)));
}

Organisation::~Organisation() {
  ledger_.reset();
  choices_.reset();
  register_.reset();
  std::error_code ignored;
  fs::remove_all(dir_, ignored);
}

gate::Setting Organisation::Setting() {
  return gate::Setting{
      .rules = {.units = units, .purposes = purposes, .datasets = datasets, .uses = uses},
      .state_dir = data_dir_,
      .people = Must(register_->Map()),
      .choices = *choices_,
      .pseudonym_key = key_,
      .key_encryption_key = key_,
      .clock = clock};
}

void Organisation::SetEdition(const std::string& edition) { data_dir_ = dir_ / edition; }

void Organisation::Publish(std::string_view name, const std::string& select) {
  const auto dataset = std::ranges::find(datasets, name, &catalogue::Dataset::name);
  if (dataset == datasets.end()) throw std::runtime_error("no such dataset");
  const fs::path folder = intake::VersionFolder(data_dir_, name);
  fs::create_directories(folder);
  intake::DatasetVersion version{.number = ++versions_[folder], .adopted_at = clock.Now()};
  const Bitmap present = WriteTable(intake::RowsFile(folder, version.number), "rows",
                                    ColumnsSql(*dataset), select, dataset->HasPeople());
  WriteTable(intake::QuarantineFile(folder, version.number), "quarantine", "x INTEGER",
             "SELECT 1 WHERE false", false);
  storage::Filesystem& files = storage::MachineFilesystem();
  Must(intake::WritePresent(files, intake::PresentFile(folder, version.number), present));
  Must(intake::PublishVersion(files, folder, version));
}

Answer Organisation::Ask(std::string_view use, const std::string& sql, std::string_view principal) {
  Answer answer;
  const gate::AnswerSink sink{
      .columns = [&](const std::vector<engine::Column>& columns) -> Status {
        answer.columns = columns;
        return {};
      },
      .row = [&](const std::vector<engine::Value>& row,
                 const std::vector<gate::Protection>& protections) -> Status {
        answer.rows.push_back(row);
        answer.protections.push_back(protections);
        return {};
      }};
  const auto report = gate::Access(Setting(), *ledger_,
                                   {.use = std::string(use),
                                    .principal = std::string(principal),
                                    .sql = sql,
                                    .os_user = "tester"},
                                   sink);
  if (report) {
    answer.report = *report;
  } else {
    answer.error = report.error();
  }
  return answer;
}

}  // namespace candour::door
