#include "intake/check_contract.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/check.h"
#include "intake/convert.h"

namespace candour::intake {
namespace {

using catalogue::Dataset;
using catalogue::Field;

std::string ReasonSql(std::string_view what, const Field& field) {
  return engine::QuoteLiteral(fmt::format("{}: {}", what, field.name));
}

/// The valid values in the field's own type, so that 1.50 is the valid value 1.5.
std::string ValidValuesSql(const Field& field) {
  std::vector<std::string> values;
  for (const std::string& value : field.valid_values) {
    values.push_back(fmt::format("TRY_CAST({} AS {})", engine::QuoteLiteral(value),
                                 catalogue::SqlName(field.type)));
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

/// The WHEN branches that find a row's first breach, field by field.
std::string BreachesSql(const Dataset& dataset) {
  std::string sql;
  for (std::size_t i = 0; i < dataset.fields.size(); ++i) {
    const Field& field = dataset.fields[i];
    if (field.required)
      sql += fmt::format(" WHEN NOT h{} THEN {}", i, ReasonSql("required", field));
    sql += fmt::format(" WHEN h{0} AND f{0} IS NULL THEN {1}", i, ReasonSql("type", field));
    if (!field.valid_values.empty()) {
      // IN gives null, not false, beside a valid value that is not of the type.
      sql += fmt::format(" WHEN h{0} AND NOT coalesce(f{0} IN ({1}), false) THEN {2}", i,
                         ValidValuesSql(field), ReasonSql("value", field));
    }
    if (dataset.person_key && dataset.person_key->field == field.name) {
      sql += fmt::format(" WHEN key IS NULL THEN {}", ReasonSql("person", field));
    }
  }
  return sql;
}

std::string KeySql(const Dataset& dataset) {
  for (std::size_t i = 0; dataset.person_key && i < dataset.fields.size(); ++i) {
    if (dataset.fields[i].name == dataset.person_key->field) {
      return fmt::format("nullif(trim(CAST(f{} AS VARCHAR)), '')", i);
    }
  }
  return "CAST(NULL AS VARCHAR)";
}

std::string CheckSql(const Dataset& dataset, const StagedSource& staged) {
  std::vector<std::string> convert;
  std::vector<std::string> keep;
  for (std::size_t i = 0; i < dataset.fields.size(); ++i) {
    const std::string column = fmt::format("c{}", i);
    convert.push_back(fmt::format("{} AS f{}, {} IS NOT NULL AS h{}",
                                  ConvertSql(dataset.fields[i].type, staged.types[i], column), i,
                                  column, i));
    keep.push_back(fmt::format("f{}", i));
  }
  return fmt::format(
      "CREATE TABLE stage.main.checked AS SELECT source_row, CASE{} END AS reason, key, {} FROM "
      "(SELECT *, {} AS key FROM (SELECT rowid + 1 AS source_row, {} FROM stage.main.raw))",
      BreachesSql(dataset), fmt::join(keep, ", "), KeySql(dataset), fmt::join(convert, ", "));
}

Status CheckUnique(Workbench& bench, const Dataset& dataset) {
  for (std::size_t i = 0; i < dataset.fields.size(); ++i) {
    if (!dataset.fields[i].unique) continue;
    CANDOUR_TRY(bench.Run(
        "checking unique fields",
        fmt::format("UPDATE stage.main.checked SET reason = {0} WHERE source_row IN (SELECT "
                    "source_row FROM (SELECT source_row, row_number() OVER (PARTITION BY f{1} "
                    "ORDER BY source_row) AS place FROM stage.main.checked WHERE reason IS NULL "
                    "AND f{1} IS NOT NULL) WHERE place > 1)",
                    ReasonSql("unique", dataset.fields[i]), i)));
  }
  return {};
}

}  // namespace

Result<std::vector<QuarantineCount>> CheckContract(Workbench& bench, const Dataset& dataset,
                                                   const StagedSource& staged) {
  CANDOUR_REQUIRE(staged.types.size() == dataset.fields.size());
  CANDOUR_TRY(bench.Run("checking the rows", CheckSql(dataset, staged)));
  CANDOUR_TRY(CheckUnique(bench, dataset));
  std::vector<QuarantineCount> counts;
  CANDOUR_TRY(bench.Stream(
      "counting reasons",
      "SELECT reason, count(*) AS rows FROM stage.main.checked WHERE reason IS NOT NULL "
      "GROUP BY reason ORDER BY rows DESC, reason",
      [&counts](const std::vector<engine::Value>& row) -> Status {
        counts.push_back({engine::ToText(row[0]), std::get<std::int64_t>(row[1])});
        return {};
      }));
  return counts;
}

}  // namespace candour::intake
