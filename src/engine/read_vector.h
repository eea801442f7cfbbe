#pragma once

#include <duckdb.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/value.h"

namespace candour::engine {

/// How to read one result column.
struct ColumnReader {
  duckdb_type type = DUCKDB_TYPE_INVALID;
  duckdb_type storage = DUCKDB_TYPE_INVALID;  ///< of a DECIMAL: the integer it is kept in
  int scale = 0;
};

/// What the engine calls a type, e.g. "DECIMAL(18,2)", and how to read it.
/// Errors: kUnsupported for a type that Candour does not know: what is unknown does not leave.
struct ResultColumn {
  Column column;
  ColumnReader reader;
};
Result<ResultColumn> DescribeColumn(duckdb_result& result, idx_t index);

/// The value at `row` of a flat vector. Cost: constant, plus the text's copy.
Value ReadValue(duckdb_vector vector, const ColumnReader& reader, idx_t row);

}  // namespace candour::engine
