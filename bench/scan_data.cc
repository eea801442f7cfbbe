#include "scan_data.h"

#include <fmt/format.h>

#include <fstream>

#include "consent/choice_store.h"
#include "engine/database.h"
#include "intake/dataset_version.h"
#include "intake/present_file.h"

namespace candour::bench {
namespace {

namespace fs = std::filesystem;
using engine::Database;

constexpr std::int64_t kRowsPerStep = 5'000'000;
constexpr std::int64_t kChoicesPerStep = 500'000;

/// Whether the person consents, as C++ and as SQL: spread evenly over the numbers by a
/// multiplication (Knuth's, by the golden ratio of 2^32).
bool Permits(std::int64_t person) { return person * 2'654'435'761 % 4'294'967'296 < 3'435'973'837; }
constexpr const char* kPermitsSql = "person * 2654435761 % 4294967296 < 3435973837";

PersonNo PersonOfRecord(std::int64_t record, const ScanSize& size) {
  return static_cast<PersonNo>(record <= size.people ? record : (record - size.people) * 10);
}

void Say(std::string_view text) { fmt::print(stderr, "bench_governed_scan: {}\n", text); }

std::string PersonSql(std::string_view record, const ScanSize& size) {
  return fmt::format("(CASE WHEN {0} <= {1} THEN {0} ELSE ({0} - {1}) * 10 END)", record,
                     size.people);
}

/// Makes a dataset version of the statements that fill its table main.rows.
Status WriteVersion(const fs::path& state_dir, std::string_view dataset, std::int64_t rows,
                    const std::vector<std::string>& statements, const Bitmap& present) {
  const fs::path folder = intake::VersionFolder(state_dir, dataset);
  fs::create_directories(folder);
  const intake::DatasetVersion version{
      .number = 1, .rows = rows, .people_records = static_cast<std::int64_t>(present.Count())};
  CANDOUR_ASSIGN(Database engine, Database::Open());
  CANDOUR_TRY(engine.AttachNew(intake::RowsFile(folder, 1), "out"));
  for (std::size_t i = 0; i < statements.size(); ++i) {
    CANDOUR_TRY(engine.Run(statements[i]));
    if (i > 0) Say(fmt::format("{}: {} of {} parts", dataset, i, statements.size() - 1));
  }
  CANDOUR_TRY(engine.Run("CHECKPOINT out"));
  CANDOUR_TRY(engine.Detach("out"));
  CANDOUR_TRY(engine.AttachNew(intake::QuarantineFile(folder, 1), "out"));
  CANDOUR_TRY(engine.Run("CREATE TABLE out.main.quarantine (_reason VARCHAR)"));
  CANDOUR_TRY(engine.Detach("out"));
  storage::Filesystem& files = storage::MachineFilesystem();
  CANDOUR_TRY(intake::WritePresent(files, intake::PresentFile(folder, 1), present));
  return intake::PublishVersion(files, folder, version);
}

Status WriteSales(const fs::path& state_dir, const ScanSize& size) {
  const std::int64_t records = RecordsOf(size);
  std::vector<std::string> statements = {
      "CREATE TABLE out.main.rows (_record UINTEGER NOT NULL, store INTEGER, pence INTEGER, "
      "sold DATE, person UINTEGER)"};
  for (std::int64_t from = 0; from < size.rows; from += kRowsPerStep) {
    statements.push_back(
        fmt::format("INSERT INTO out.main.rows SELECT record, hash(i) % 300, hash(i + 1) % 10000, "
                    "DATE '2024-01-01' + (hash(i + 2) % 730)::INTEGER, {} "
                    "FROM (SELECT i, 1 + i * {} // {} AS record FROM range({}, {}) t(i))",
                    PersonSql("record", size), records, size.rows, from,
                    std::min(from + kRowsPerStep, size.rows)));
  }
  Bitmap present(static_cast<std::size_t>(records) + 1);
  for (std::int64_t row = 0; row < size.rows; ++row) {
    present.Add(static_cast<std::size_t>(1 + row * records / size.rows));
  }
  return WriteVersion(state_dir, "shop.sales", size.rows, statements, present);
}

Status WriteStores(const fs::path& state_dir) {
  return WriteVersion(state_dir, "shop.stores", 300,
                      {"CREATE TABLE out.main.rows AS SELECT i::INTEGER AS store, 'region ' || "
                       "(i % 12) AS region FROM range(300) t(i)"},
                      Bitmap());
}

Status WriteChoices(const fs::path& state_dir, const ScanSize& size) {
  CANDOUR_ASSIGN(consent::ChoiceStore store, consent::ChoiceStore::Open(state_dir / "choices.db"));
  std::vector<consent::Choice> choices;
  for (std::int64_t person = 1; person <= size.people; ++person) {
    choices.push_back(
        {.record = static_cast<RecordNo>(person),
         .purpose = "insight",
         .evidence = Permits(person) ? consent::Evidence::kConsent : consent::Evidence::kObjection,
         .source = "generated",
         .event_time = UtcTime{1},
         .recorded_time = UtcTime{1}});
    if (person % kChoicesPerStep != 0 && person != size.people) continue;
    CANDOUR_TRY(store.Add(choices));
    choices.clear();
    Say(fmt::format("choices: {} of {}", person, size.people));
  }
  return {};
}

Status WritePeer(const ScanData& data, const ScanSize& size) {
  CANDOUR_ASSIGN(Database engine, Database::Open());
  CANDOUR_TRY(engine.AttachNew(data.peer_file(), "out"));
  CANDOUR_TRY(engine.Run(
      fmt::format("CREATE TABLE out.main.consent AS SELECT person::UINTEGER AS person, {} AS "
                  "permitted FROM range(1, {}) t(person)",
                  kPermitsSql, size.people + 1)));
  CANDOUR_TRY(engine.Run(fmt::format(
      "CREATE TABLE out.main.record AS SELECT record::UINTEGER AS record, {}::UINTEGER AS person "
      "FROM range(1, {}) t(record)",
      PersonSql("record", size), RecordsOf(size) + 1)));
  CANDOUR_TRY(engine.Run("CHECKPOINT out"));
  return engine.Detach("out");
}

}  // namespace

std::int64_t RecordsOf(const ScanSize& size) { return size.people + size.people / 10; }

Result<ScanData> OpenScanData(const fs::path& root, const ScanSize& size) {
  const ScanData data{root / fmt::format("scan-{}-{}", size.rows, size.people)};
  const fs::path mark = data.folder / "complete";
  if (fs::exists(mark)) return data;
  // What an interrupted run left is not used.
  fs::remove_all(data.folder);
  fs::create_directories(data.state_dir());
  Say(fmt::format("generating {} rows of {} people, once", size.rows, size.people));
  CANDOUR_TRY(WriteSales(data.state_dir(), size));
  CANDOUR_TRY(WriteStores(data.state_dir()));
  CANDOUR_TRY(WriteChoices(data.state_dir(), size));
  CANDOUR_TRY(WritePeer(data, size));
  std::ofstream(mark) << "generated\n";
  return data;
}

std::shared_ptr<const people::PersonMap> MakePeople(const ScanSize& size) {
  const auto people = static_cast<std::size_t>(size.people) + 1;
  const std::int64_t records = RecordsOf(size);
  auto map = std::make_shared<people::PersonMap>();
  auto person_of = std::make_shared<std::vector<PersonNo>>();
  person_of->resize(static_cast<std::size_t>(records) + 1, 0);
  map->id_of.resize(people);
  map->records_of.resize(people);
  map->last_merge_of.resize(people);
  for (std::int64_t record = 1; record <= records; ++record) {
    const PersonNo person = PersonOfRecord(record, size);
    (*person_of)[static_cast<std::size_t>(record)] = person;
    map->records_of[person].push_back(static_cast<RecordNo>(record));
    map->id_of[person].text = fmt::format("p-{:013}", person);
  }
  map->person_of = std::move(person_of);
  return map;
}

}  // namespace candour::bench
