#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalogue/dataset.h"

namespace candour::intake {

/// Which column of a source holds which field of the contract.
struct ColumnMatch {
  std::vector<std::size_t> column_of;  ///< by field, in the contract's order
  std::vector<std::string> ignored;    ///< columns that the contract does not name
};

/// Finds each declared field among the source's columns. Case does not count, and a space, dot,
/// slash or hyphen in a column's name stands for "_", since field names cannot hold them.
///
/// Errors: kDataInvalid when a field has no column or more than one. The error names fields only:
/// in a file without a header the "column names" are somebody's data.
Result<ColumnMatch> MatchColumns(const catalogue::Dataset& dataset,
                                 const std::vector<std::string>& columns);

}  // namespace candour::intake
