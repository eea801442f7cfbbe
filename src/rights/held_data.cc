#include "rights/held_data.h"
#include "intake/sealed_version.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "engine/database.h"
#include "intake/sealed_version.h"
#include "rights/declared.h"

namespace candour::rights {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;
using engine::Database;
using engine::QuoteIdentifier;

/// A dataset that holds the person, and its version.
struct Found {
  const Dataset* dataset;
  intake::DatasetVersion version;
};

Result<std::vector<Found>> FindDatasets(const gate::Setting& setting,
                                        std::span<const RecordNo> records) {
  std::vector<Found> found;
  for (const Dataset& dataset : setting.rules.datasets) {
    if (!dataset.HasPeople()) continue;
    auto version = intake::LoadCurrent(setting.state_dir, dataset.name);
    if (!version && version.error().code == ErrorCode::kDatasetEmpty) continue;
    if (!version) return Fail(version.error());
    const bool holds = std::ranges::any_of(
        records, [&version](RecordNo record) { return version->present->Contains(record); });
    if (holds) found.push_back({&dataset, *std::move(version)});
  }
  return found;
}

/// An engine that holds the datasets as d0, d1, … and can reach nothing else.
Result<Database> OpenEngine(const gate::Setting& setting, const std::vector<Found>& found) {
  CANDOUR_ASSIGN(Database engine, Database::Open());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CANDOUR_TRY(intake::AttachRows(engine, found[i].version, setting.key_encryption_key,
                                   fmt::format("d{}", i)));
  }
  CANDOUR_TRY(engine.Lock());
  return engine;
}

/// The field that says how new a row is, or nullptr.
const Field* AgeField(const Dataset& dataset) {
  for (const FieldType type : {FieldType::kTimestamp, FieldType::kDate}) {
    const auto field = std::ranges::find(dataset.fields, type, &Field::type);
    if (field != dataset.fields.end()) return &*field;
  }
  return nullptr;
}

/// The statements that read one dataset. All text is our own, or names of the contract.
class HeldSql {
 public:
  HeldSql(const Dataset& dataset, std::size_t number, const HeldDataRequest& request)
      : dataset_(dataset), limit_(request.newest_rows) {
    from_ = fmt::format("FROM d{}.main.\"rows\" WHERE {} IN ({})", number, intake::kRecordColumn,
                        fmt::join(request.records, ", "));
    if (dataset.row_category && !request.special) {
      visible_ = fmt::format(" AND {} IS NULL", intake::kCategoryColumn);
    }
  }

  std::string Count() const {
    return fmt::format("SELECT count(*)::BIGINT, (SELECT count(*)::BIGINT {0}) {0}{1}", from_,
                       visible_);
  }

  std::string Newest(const std::vector<const Field*>& fields) const {
    std::vector<std::string> columns;
    for (const Field* field : fields) columns.push_back(QuoteIdentifier(field->name));
    const Field* age = AgeField(dataset_);
    const std::string order =
        age == nullptr ? "" : fmt::format("{} DESC NULLS LAST, ", QuoteIdentifier(age->name));
    return fmt::format("SELECT {} {}{} ORDER BY {}rowid DESC LIMIT {}", fmt::join(columns, ", "),
                       from_, visible_, order, limit_);
  }

 private:
  const Dataset& dataset_;
  int limit_;
  std::string from_;
  std::string visible_;
};

/// The engine's own words may quote data and stay here.
Error OutdatedVersion(const Dataset& dataset) {
  return Error{.code = ErrorCode::kDataInvalid,
               .message = "the current version lacks a field of its contract: " + dataset.name,
               .next = fmt::format("candour adopt {}", dataset.name)};
}

std::string LabelOf(const Field& field) {
  std::string label = field.description.empty() ? field.name : field.description;
  while (label.ends_with('.')) label.pop_back();
  return label;
}

HeldDataset Describe(const gate::Setting& setting, const Found& found) {
  const Dataset& dataset = *found.dataset;
  return {.name = dataset.name,
          .title = TitleOfDataset(setting.rules, dataset.name),
          .unit = NameOfUnit(setting.rules, dataset.unit),
          .origin = dataset.origin,
          .holder = dataset.person_key->holder,
          .adopted_at = found.version.adopted_at};
}

Result<HeldDataset> ReadOne(const gate::Setting& setting, Database& engine, const Found& found,
                            std::size_t number, const HeldDataRequest& request) {
  HeldDataset held = Describe(setting, found);
  if (const Field* age = AgeField(*found.dataset)) held.newest_by = age->name;
  std::vector<const Field*> fields;
  for (const Field& field : found.dataset->fields) {
    if (!request.special && NeedsFurtherCondition(field.sensitivity)) {
      held.withheld.push_back(LabelOf(field));
    } else {
      fields.push_back(&field);
      held.labels.push_back(LabelOf(field));
    }
  }
  const HeldSql sql(*found.dataset, number, request);
  const auto counts = engine.Query(sql.Count());
  if (!counts) return Fail(OutdatedVersion(*found.dataset));
  held.rows = std::get<std::int64_t>(counts->rows.at(0).at(0));
  held.withheld_rows = std::get<std::int64_t>(counts->rows.at(0).at(1)) - held.rows;
  if (fields.empty()) return held;
  auto newest = engine.Query(sql.Newest(fields));
  if (!newest) return Fail(OutdatedVersion(*found.dataset));
  held.newest = *std::move(newest);
  return held;
}

}  // namespace

Result<std::vector<HeldDataset>> ReadHeldData(const gate::Setting& setting,
                                              const HeldDataRequest& request) {
  CANDOUR_ASSIGN(const std::vector<Found> found, FindDatasets(setting, request.records));
  std::vector<HeldDataset> held;
  if (found.empty()) return held;
  CANDOUR_ASSIGN(Database engine, OpenEngine(setting, found));
  for (std::size_t i = 0; i < found.size(); ++i) {
    CANDOUR_ASSIGN(HeldDataset one, ReadOne(setting, engine, found[i], i, request));
    held.push_back(std::move(one));
  }
  return held;
}

std::vector<std::string> DatasetsWithPeople(const policy::Rules& rules) {
  std::vector<std::string> names;
  for (const Dataset& dataset : rules.datasets) {
    if (dataset.HasPeople()) names.push_back(dataset.name);
  }
  return names;
}

}  // namespace candour::rights
