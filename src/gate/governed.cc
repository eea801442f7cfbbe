#include "gate/governed.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gate/relation.h"
#include "gate/rewrite.h"

namespace candour::gate {

using catalogue::FieldType;
using catalogue::Mask;
using engine::QuoteIdentifier;
using engine::QuoteLiteral;

namespace {

/// The first moment of the value's year or month, in the field's own type: truncating a date gives
/// a timestamp, which a date near the ends of the calendar does not fit.
std::string DatePart(std::string_view part, const catalogue::Field& field,
                     const std::string& column) {
  return fmt::format("TRY(CAST(date_trunc('{}', {}) AS {}))", part, column, SqlName(field.type));
}

}  // namespace

std::string MaskSql(const catalogue::Field& field, Mask mask, const std::string& column) {
  const std::string nothing = fmt::format("CAST(NULL AS {})", SqlName(field.type));
  const bool text = field.type == FieldType::kText;
  const bool date = field.type == FieldType::kDate || field.type == FieldType::kTimestamp;
  switch (mask) {
    case Mask::kNone:
      return column;
    case Mask::kRedact:
      return nothing;
    case Mask::kPartial:
      return text ? fmt::format(
                        "CASE WHEN length({0}) > 1 THEN concat(left({0}, 1), '***') "
                        "ELSE '***' END",
                        column)
                  : nothing;
    case Mask::kYear:
      return date ? DatePart("year", field, column) : nothing;
    case Mask::kMonth:
      return date ? DatePart("month", field, column) : nothing;
    case Mask::kDistrict:
      // The outward code of a British postcode; one without a space shows nothing.
      return text ? fmt::format("CASE WHEN contains({0}, ' ') THEN split_part({0}, ' ', 1) END",
                                column)
                  : nothing;
    case Mask::kBand10:
      return field.type == FieldType::kInteger || field.type == FieldType::kBigint
                 ? fmt::format("({0} // 10) * 10", column)
                 : nothing;
  }
  return nothing;
}

namespace {

/// Which rows a decision lets through; empty: all of them.
std::string RowCondition(const policy::DatasetPlan& plan, std::size_t number) {
  std::vector<std::string> conditions;
  if (plan.dataset->HasPeople()) {
    conditions.push_back(fmt::format("{}{}(_record)", kPermittedFunction, number));
  }
  if (plan.dataset->row_category) {
    std::string condition = "_category IS NULL";
    std::vector<std::string> through;
    for (const std::string& category : plan.row_categories) {
      through.push_back(QuoteLiteral(category));
    }
    if (!through.empty()) {
      condition = fmt::format("({} OR _category IN ({}))", condition, fmt::join(through, ", "));
    }
    conditions.push_back(condition);
  }
  return fmt::format("{}", fmt::join(conditions, " AND "));
}

}  // namespace

std::string GovernedSql(const policy::DatasetPlan& plan, std::size_t number) {
  std::vector<std::string> columns;
  const std::string condition = RowCondition(plan, number);
  if (plan.dataset->HasPeople()) {
    // A row of a category that stays out is as hidden as a row of somebody who said no.
    columns.push_back(fmt::format("({}) AS {}", condition, kOkColumn));
    columns.push_back(fmt::format("{}(_record) AS {}", kPersonFunction, kPersonColumn));
    columns.push_back("_record AS r0");
  }
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const policy::ColumnPlan& column = plan.columns[i];
    columns.push_back(fmt::format(
        "{} AS c{}", MaskSql(*column.field, column.mask, QuoteIdentifier(column.field->name)), i));
  }
  std::string sql = fmt::format("SELECT {} FROM {}{}.main.\"rows\"", fmt::join(columns, ", "),
                                kDatasetAlias, number);
  if (!condition.empty()) sql += " WHERE " + condition;
  return sql;
}

}  // namespace candour::gate
