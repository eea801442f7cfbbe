#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalogue/dataset.h"
#include "intake/read_source.h"
#include "intake/workbench.h"

namespace candour::intake {

/// Why rows went to quarantine, e.g. {"required: email", 12}.
struct QuarantineCount {
  std::string reason;
  std::int64_t count = 0;
  bool operator==(const QuarantineCount&) const = default;
};

/// Checks every staged row against the contract and makes the table stage.main.checked:
/// source_row BIGINT (from 1), reason VARCHAR (null: the row keeps the contract), key VARCHAR (of
/// the person, in a dataset with people), then f0, f1, … in the types the contract declares.
///
/// A row has one reason, the first in the order of the fields: "required: FIELD" (null),
/// "type: FIELD" (not of the type), "value: FIELD" (not among the valid values), "person: FIELD"
/// (no key). "unique: FIELD" is judged last, among rows that keep all else: the first row stays,
/// those that repeat its value go. Person keys lose blanks around them.
///
/// Returns the reasons, most frequent first. Errors: kExhausted, kIo. Cost: one pass, and one sort
/// for each unique field.
Result<std::vector<QuarantineCount>> CheckContract(Workbench& bench,
                                                   const catalogue::Dataset& dataset,
                                                   const StagedSource& staged);

}  // namespace candour::intake
