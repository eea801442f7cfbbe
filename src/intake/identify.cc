#include "intake/identify.h"

#include <fmt/format.h>

#include <algorithm>

namespace candour::intake {
namespace {

using catalogue::Dataset;
using catalogue::Field;

constexpr std::string_view kStep = "giving out record numbers";

std::string LinkName(const Field& field) {
  return fmt::format("{}={}", field.name, field.identifies);
}

std::string KeyTextSql(std::string_view column) {
  return fmt::format("nullif(trim(CAST({} AS VARCHAR)), '')", column);
}

/// The keys are put in order in a table first: the numbers then do not depend on the source's order
/// nor on how the engine shares out its work.
Status AssignKeys(Workbench& bench, const std::string& key_space, people::Register& people) {
  auto failure = std::make_shared<std::optional<Error>>();
  CANDOUR_TRY(bench.database().AddKeyLookup(
      "candour_assign", [&people, key_space, failure](std::string_view key) -> Result<RecordNo> {
        auto record = people.Assign({.key_space = key_space, .key = std::string(key)});
        if (!record) *failure = record.error();
        return record;
      }));
  CANDOUR_TRY(bench.Run(kStep,
                        "CREATE TABLE stage.main.distinct_keys AS SELECT DISTINCT key FROM "
                        "stage.main.checked WHERE reason IS NULL ORDER BY key"));
  const Status assigned = bench.RunInOrder(kStep,
                                           "CREATE TABLE stage.main.keys AS SELECT key, "
                                           "candour_assign(key) AS record FROM "
                                           "stage.main.distinct_keys");
  // What the register said is more than what the engine makes of it.
  if (*failure) return Fail(**failure);
  return assigned;
}

/// Whether the previous version's rows tell which links of this field were made before.
bool WasDeclared(const std::optional<DatasetVersion>& previous, const Field& field) {
  return previous && std::ranges::find(previous->declared_links, LinkName(field)) !=
                         previous->declared_links.end();
}

std::string NewLinksSql(std::size_t index, const Field& field, bool was_declared) {
  std::string pairs = fmt::format(
      "SELECT k.record AS record, {} AS other FROM stage.main.checked c JOIN stage.main.keys k ON "
      "c.key = k.key WHERE c.reason IS NULL",
      KeyTextSql(fmt::format("c.f{}", index)));
  if (was_declared) {
    pairs += fmt::format(" EXCEPT SELECT {}, {} FROM previous.main.rows", kRecordColumn,
                         KeyTextSql(engine::QuoteIdentifier(field.name)));
  }
  return fmt::format(
      "SELECT DISTINCT record::BIGINT AS record, other FROM ({}) WHERE other IS NOT NULL "
      "ORDER BY record, other",
      pairs);
}

Result<std::int64_t> MakeLinks(Workbench& bench, const Dataset& dataset, std::size_t index,
                               bool was_declared, people::Register& people, UtcTime now) {
  const Field& field = dataset.fields[index];
  const std::string source = fmt::format("declared by {}.{}", dataset.name, field.name);
  std::int64_t links = 0;
  const auto link = [&](const std::vector<engine::Value>& row) -> Status {
    const auto record = static_cast<RecordNo>(std::get<std::int64_t>(row[0]));
    CANDOUR_ASSIGN(const RecordNo other, people.Assign({.key_space = field.identifies,
                                                        .key = std::get<std::string>(row[1])}));
    if (other == record) return {};
    ++links;
    CANDOUR_TRY(people.Merge(record, other, source, now));
    return {};
  };
  CANDOUR_TRY(bench.Stream("making links", NewLinksSql(index, field, was_declared), link));
  return links;
}

}  // namespace

std::vector<std::string> DeclaredLinks(const Dataset& dataset) {
  std::vector<std::string> links;
  for (const Field& field : dataset.fields) {
    if (dataset.HasPeople() && !field.identifies.empty()) links.push_back(LinkName(field));
  }
  return links;
}

Result<Identified> IdentifyRecords(Workbench& bench, const Dataset& dataset,
                                   const std::optional<DatasetVersion>& previous,
                                   people::Register& people, UtcTime now,
                                   const crypto::Secret& key_encryption_key) {
  CANDOUR_TRY(AssignKeys(bench, dataset.person_key->key_space, people));
  Identified identified;
  CANDOUR_TRY(bench.Stream(kStep, "SELECT record::BIGINT FROM stage.main.keys",
                           [&identified](const std::vector<engine::Value>& row) -> Status {
                             identified.present.Add(
                                 static_cast<std::size_t>(std::get<std::int64_t>(row[0])));
                             return {};
                           }));
  identified.people_records = static_cast<std::int64_t>(identified.present.Count());
  if (previous) CANDOUR_TRY(bench.AttachRows(*previous, key_encryption_key, "previous"));
  for (std::size_t i = 0; i < dataset.fields.size(); ++i) {
    const Field& field = dataset.fields[i];
    if (field.identifies.empty()) continue;
    CANDOUR_ASSIGN(const std::int64_t links,
                   MakeLinks(bench, dataset, i, WasDeclared(previous, field), people, now));
    identified.links += links;
  }
  return identified;
}

}  // namespace candour::intake
