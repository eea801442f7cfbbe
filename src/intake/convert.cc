#include "intake/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace candour::intake {
namespace {

using catalogue::FieldType;

bool IsIntegerType(std::string_view type) {
  constexpr std::array<std::string_view, 10> kTypes = {
      "TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",  "HUGEINT",
      "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

std::string Finite(const std::string& sql) {
  return fmt::format("CASE WHEN isfinite({0}) THEN {0} END", sql);
}

std::string Integer(std::string_view target, std::string_view source_type,
                    std::string_view column) {
  if (IsIntegerType(source_type)) return fmt::format("TRY_CAST({} AS {})", column, target);
  return fmt::format(
      "CASE WHEN regexp_full_match(CAST({0} AS VARCHAR), '\\s*[+-]?[0-9]+(\\.0*)?\\s*') "
      "THEN TRY_CAST(CAST({0} AS VARCHAR) AS {1}) END",
      column, target);
}

std::string Timestamp(std::string_view source_type, std::string_view column) {
  if (source_type.starts_with("TIMESTAMP")) {
    return fmt::format("TRY_CAST({} AS TIMESTAMP)", column);
  }
  return fmt::format("(TRY_CAST(CAST({} AS VARCHAR) AS TIMESTAMPTZ) AT TIME ZONE 'UTC')", column);
}

}  // namespace

std::string ConvertSql(FieldType type, std::string_view source_type, std::string_view column) {
  const std::string_view target = catalogue::SqlName(type);
  switch (type) {
    case FieldType::kBoolean:
      return fmt::format("TRY_CAST(CAST({} AS VARCHAR) AS BOOLEAN)", column);
    case FieldType::kInteger:
    case FieldType::kBigint:
      return Integer(target, source_type, column);
    case FieldType::kDouble:
      return Finite(fmt::format("TRY_CAST({} AS DOUBLE)", column));
    case FieldType::kDecimal:
      return fmt::format("TRY_CAST({} AS {})", column, target);
    case FieldType::kDate:
      return Finite(fmt::format("TRY_CAST(CAST({} AS VARCHAR) AS DATE)", column));
    case FieldType::kTimestamp:
      return Finite(Timestamp(source_type, column));
    case FieldType::kText:
      break;
  }
  return fmt::format("CAST({} AS VARCHAR)", column);
}

}  // namespace candour::intake
