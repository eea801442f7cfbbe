#include "gate/functions.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

namespace candour::gate {
namespace {

// Every function here was read up in the engine's manual: it depends on its arguments alone, reads
// no file, setting or catalogue, keeps no state, and its result is not much larger than its input
// (so no repeat, lpad or range).
constexpr auto kScalars = std::to_array<std::string_view>({
    // text
    "lower",
    "upper",
    "lcase",
    "ucase",
    "length",
    "len",
    "strlen",
    "substring",
    "substr",
    "left",
    "right",
    "trim",
    "ltrim",
    "rtrim",
    "replace",
    "concat",
    "concat_ws",
    "||",
    "contains",
    "prefix",
    "suffix",
    "starts_with",
    "ends_with",
    "strpos",
    "position",
    "instr",
    "split_part",
    "reverse",
    "~~",
    "!~~",
    "~~*",
    "!~~*",
    "like_escape",
    "not_like_escape",
    "ilike_escape",
    // choice
    "nullif",
    "ifnull",
    "greatest",
    "least",
    "if",
    // dates
    "date_trunc",
    "datetrunc",
    "date_part",
    "datepart",
    "year",
    "month",
    "day",
    "quarter",
    "week",
    "dayofweek",
    "isodow",
    "dayofmonth",
    "dayofyear",
    "hour",
    "minute",
    "second",
    "date_diff",
    "datediff",
    "date_add",
    "last_day",
    "monthname",
    "dayname",
    "to_days",
    "to_months",
    "to_years",
    "trunc",
    "make_date",
    // numbers
    "abs",
    "sign",
    "sqrt",
    "ln",
    "log10",
    "log2",
    "exp",
    "pow",
    "power",
    "**",
    "^",
    "mod",
});

constexpr auto kMeasures = std::to_array<std::string_view>(
    {"+", "-", "*", "/", "//", "%", "round", "floor", "ceil", "ceiling"});

constexpr auto kAggregates =
    std::to_array<std::string_view>({"count", "count_star", "sum", "avg", "mean", "var_samp",
                                     "variance", "var_pop", "stddev", "stddev_samp", "stddev_pop"});

constexpr auto kRowsAggregates = std::to_array<std::string_view>(
    {"min", "max", "median", "mode", "string_agg", "any_value", "first", "last", "bool_and",
     "bool_or", "quantile_cont", "quantile_disc", "arg_min", "arg_max"});

constexpr auto kWindows = std::to_array<std::string_view>(
    {"row_number", "rank", "dense_rank", "rank_dense", "percent_rank", "cume_dist", "ntile", "lag",
     "lead", "first_value", "last_value", "nth_value"});

constexpr auto kTypes = std::to_array<std::string_view>(
    {"BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL",
     "VARCHAR", "DATE", "TIMESTAMP", "INTERVAL", "NULL"});

std::unordered_map<std::string_view, FunctionKind> MakeTable() {
  std::unordered_map<std::string_view, FunctionKind> table;
  for (const auto name : kScalars) table[name] = FunctionKind::kScalar;
  for (const auto name : kMeasures) table[name] = FunctionKind::kMeasure;
  for (const auto name : kAggregates) table[name] = FunctionKind::kAggregate;
  for (const auto name : kRowsAggregates) table[name] = FunctionKind::kRowsAggregate;
  for (const auto name : kWindows) table[name] = FunctionKind::kWindow;
  return table;
}

}  // namespace

FunctionKind KindOfFunction(std::string_view name) {
  static const auto table = MakeTable();
  const auto it = table.find(name);
  return it == table.end() ? FunctionKind::kUnknown : it->second;
}

bool IsKnownType(std::string_view type_id) {
  return std::ranges::find(kTypes, type_id) != kTypes.end();
}

}  // namespace candour::gate
