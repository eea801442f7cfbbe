#include "property/naive_engine.h"

#include <fmt/format.h>

namespace candour::door {
namespace {

using catalogue::FieldType;

QueryColumn ColumnOf(const catalogue::Field& field) {
  using Type = QueryColumn::Type;
  switch (field.type) {
    case FieldType::kText:
      return {.type = Type::kText, .name = field.name};
    case FieldType::kDate:
      return {.type = Type::kDate, .name = field.name};
    case FieldType::kTimestamp:
      return {.type = Type::kMoment, .name = field.name};
    case FieldType::kBoolean:
      return {.type = Type::kBoolean, .name = field.name};
    default:
      return {.type = Type::kNumber, .name = field.name, .width = static_cast<int>(field.type)};
  }
}

}  // namespace

std::vector<std::string> SortedRows(const std::vector<std::vector<engine::Value>>& rows) {
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (const engine::Value& value : row) {
      const auto* number = std::get_if<double>(&value);
      line += value.index() == 0  ? "null"
              : number != nullptr ? fmt::format("{:.9g}", *number)
                                  : engine::ToText(value);
      line += '|';
    }
    lines.push_back(std::move(line));
  }
  std::ranges::sort(lines);
  return lines;
}

NaiveEngine::NaiveEngine(RandomShop& shop, const policy::Use& use)
    : engine_(Must(engine::Database::Open({.memory_mb = 512, .threads = 1}))) {
  Must(engine_.Run("CREATE SCHEMA shop"));
  Must(engine_.Run("CREATE SCHEMA bank"));
  for (const policy::Grant& grant : use.grants) {
    for (const std::string& sql : NaiveTableSql(shop, use, grant)) Must(engine_.Run(sql));
    const catalogue::Dataset& dataset = shop.DatasetOf(grant.dataset);
    QueryTable table{.sql = grant.dataset, .people = dataset.HasPeople()};
    for (const std::string& name : grant.fields) {
      table.columns.push_back(ColumnOf(*dataset.FindField(name)));
    }
    if (dataset.HasPeople()) {
      table.columns.push_back({.type = QueryColumn::Type::kPerson, .name = "person"});
    }
    if (!table.columns.empty()) tables_.push_back(std::move(table));
  }
}

std::optional<std::vector<std::string>> NaiveEngine::Rows(const std::string& sql) {
  const auto table = engine_.Query(sql);
  if (!table) return std::nullopt;
  return SortedRows(table->rows);
}

}  // namespace candour::door
