#pragma once

#include <string_view>

namespace candour::gate {

/// What the door knows of a SQL function. A function it does not list does not pass.
enum class FunctionKind {
  kUnknown,
  kScalar,         ///< computes from its arguments only
  kMeasure,        ///< the same, and keeps a measure a measure: arithmetic
  kAggregate,      ///< may stand in an aggregates use
  kRowsAggregate,  ///< shows single values: only where rows may leave
  kWindow,
};

/// `name`: lower case, without a schema. Cost: one look-up. Threads: any.
FunctionKind KindOfFunction(std::string_view name);

/// Whether values of this engine type may be cast to or written as constants.
bool IsKnownType(std::string_view type_id);

}  // namespace candour::gate
