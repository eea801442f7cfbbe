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
      return date ? fmt::format("date_trunc('year', {})", column) : nothing;
    case Mask::kMonth:
      return date ? fmt::format("date_trunc('month', {})", column) : nothing;
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

std::string GovernedSql(const policy::DatasetPlan& plan, std::size_t number) {
  std::vector<std::string> columns;
  std::vector<std::string> conditions;
  if (plan.dataset->HasPeople()) {
    const std::string permitted = fmt::format("{}{}(_record)", kPermittedFunction, number);
    columns.push_back(fmt::format("{} AS {}", permitted, kOkColumn));
    columns.push_back(fmt::format("{}(_record) AS {}", kPersonFunction, kPersonColumn));
    columns.push_back("_record AS r0");
    conditions.push_back(permitted);
  }
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    const policy::ColumnPlan& column = plan.columns[i];
    columns.push_back(fmt::format(
        "{} AS c{}", MaskSql(*column.field, column.mask, QuoteIdentifier(column.field->name)), i));
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
  std::string sql = fmt::format("SELECT {} FROM {}{}.main.\"rows\"", fmt::join(columns, ", "),
                                kDatasetAlias, number);
  if (!conditions.empty()) sql += fmt::format(" WHERE {}", fmt::join(conditions, " AND "));
  return sql;
}

}  // namespace candour::gate
