#include "engine/read_vector.h"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "base/time.h"
#include "engine/duckdb_handle.h"

namespace candour::engine {
namespace {

using Int128 = __int128;

/// Decimal digits of a number, a point before the last `scale` of them.
std::string NumberText(Int128 value, int scale) {
  std::array<char, 48> buffer{};
  auto at = buffer.end();
  Int128 rest = value;
  for (int digits = 0; rest != 0 || digits <= scale; ++digits) {
    if (digits == scale && scale > 0) *--at = '.';
    const int digit = static_cast<int>(rest % 10);
    *--at = static_cast<char>('0' + (digit < 0 ? -digit : digit));
    rest /= 10;
  }
  if (value < 0) *--at = '-';
  return {at, buffer.end()};
}

Int128 ToInt128(duckdb_hugeint value) {
  return (static_cast<Int128>(value.upper) << 64) | static_cast<Int128>(value.lower);
}

template <class T>
T At(void* data, idx_t row) {
  return static_cast<T*>(data)[row];
}

Int128 ReadDecimal(void* data, duckdb_type storage, idx_t row) {
  switch (storage) {
    case DUCKDB_TYPE_SMALLINT:
      return At<std::int16_t>(data, row);
    case DUCKDB_TYPE_INTEGER:
      return At<std::int32_t>(data, row);
    case DUCKDB_TYPE_BIGINT:
      return At<std::int64_t>(data, row);
    default:
      return ToInt128(At<duckdb_hugeint>(data, row));
  }
}

Value IntegerOrText(Int128 value) {
  if (value >= std::numeric_limits<std::int64_t>::min() &&
      value <= std::numeric_limits<std::int64_t>::max()) {
    return static_cast<std::int64_t>(value);
  }
  return NumberText(value, 0);
}

std::string ReadString(void* data, idx_t row) {
  duckdb_string_t text = At<duckdb_string_t>(data, row);
  return {duckdb_string_t_data(&text), duckdb_string_t_length(text)};
}

std::string TimestampText(std::int64_t us) {
  std::string text = FormatTime(UtcTime{us});
  text[10] = ' ';
  text.pop_back();
  return text;
}

constexpr std::int64_t kDayUs = 86'400'000'000;

std::string TypeName(const ColumnReader& reader, duckdb_logical_type type) {
  switch (reader.type) {
    case DUCKDB_TYPE_BOOLEAN:
      return "BOOLEAN";
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
      return "INTEGER";
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UINTEGER:
      return "BIGINT";
    case DUCKDB_TYPE_HUGEINT:
      return "HUGEINT";
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE:
      return "DOUBLE";
    case DUCKDB_TYPE_DATE:
      return "DATE";
    case DUCKDB_TYPE_TIMESTAMP:
      return "TIMESTAMP";
    case DUCKDB_TYPE_DECIMAL:
      return fmt::format("DECIMAL({},{})", duckdb_decimal_width(type), reader.scale);
    case DUCKDB_TYPE_VARCHAR:
      return "VARCHAR";
    case DUCKDB_TYPE_SQLNULL:
      return "NULL";
    default:
      return "";
  }
}

}  // namespace

Result<ResultColumn> DescribeColumn(duckdb_result& result, idx_t index) {
  const OwnedType type(duckdb_column_logical_type(&result, index));
  ColumnReader reader{.type = duckdb_get_type_id(type.get())};
  if (reader.type == DUCKDB_TYPE_DECIMAL) {
    reader.storage = duckdb_decimal_internal_type(type.get());
    reader.scale = duckdb_decimal_scale(type.get());
  }
  const char* name = duckdb_column_name(&result, index);
  std::string type_name = TypeName(reader, type.get());
  if (type_name.empty()) {
    return Fail(
        ErrorCode::kUnsupported,
        fmt::format("column {} of the result has a type Candour does not handle", index + 1));
  }
  return ResultColumn{{name == nullptr ? "" : name, std::move(type_name)}, reader};
}

Value ReadValue(duckdb_vector vector, const ColumnReader& reader, idx_t row) {
  std::uint64_t* validity = duckdb_vector_get_validity(vector);
  if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) return {};
  void* data = duckdb_vector_get_data(vector);
  switch (reader.type) {
    case DUCKDB_TYPE_BOOLEAN:
      return At<bool>(data, row);
    case DUCKDB_TYPE_TINYINT:
      return std::int64_t{At<std::int8_t>(data, row)};
    case DUCKDB_TYPE_UTINYINT:
      return std::int64_t{At<std::uint8_t>(data, row)};
    case DUCKDB_TYPE_SMALLINT:
      return std::int64_t{At<std::int16_t>(data, row)};
    case DUCKDB_TYPE_USMALLINT:
      return std::int64_t{At<std::uint16_t>(data, row)};
    case DUCKDB_TYPE_INTEGER:
      return std::int64_t{At<std::int32_t>(data, row)};
    case DUCKDB_TYPE_UINTEGER:
      return std::int64_t{At<std::uint32_t>(data, row)};
    case DUCKDB_TYPE_BIGINT:
      return At<std::int64_t>(data, row);
    case DUCKDB_TYPE_HUGEINT:
      return IntegerOrText(ToInt128(At<duckdb_hugeint>(data, row)));
    case DUCKDB_TYPE_FLOAT:
      return static_cast<double>(At<float>(data, row));
    case DUCKDB_TYPE_DOUBLE:
      return At<double>(data, row);
    case DUCKDB_TYPE_DATE:
      return FormatDate(UtcTime{At<std::int32_t>(data, row) * kDayUs});
    case DUCKDB_TYPE_TIMESTAMP:
      return TimestampText(At<std::int64_t>(data, row));
    case DUCKDB_TYPE_DECIMAL:
      return NumberText(ReadDecimal(data, reader.storage, row), reader.scale);
    case DUCKDB_TYPE_VARCHAR:
      return ReadString(data, row);
    default:
      return {};
  }
}

}  // namespace candour::engine
