#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace candour::engine {

/// One value of a result. Decimals, dates, times and types without a case of their own come as the
/// engine's text of them.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// A result column.
struct Column {
  std::string name;
  std::string type;  ///< the engine's name of the type, e.g. "DECIMAL(18,2)"
};

/// A whole result in memory: rows of values, in order.
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Value>> rows;
};

/// The value as a table or CSV shows it; null as "".
std::string ToText(const Value& value);

}  // namespace candour::engine
