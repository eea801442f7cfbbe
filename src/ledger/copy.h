#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace candour::ledger {

/// What opens one commitment of an entry.
struct Opening {
  std::string path;      ///< where in the entry: a JSON pointer
  std::string name;      ///< the commitment's domain
  std::string blinding;  ///< its bytes
  std::string value;     ///< canonical JSON
};

/// A copy of an entry for the person it is about: its receipt, with openings that show what the
/// entry only commits to. CheckReceipt reads it. Format: docs/formats/receipt.md.
/// Errors: kInvalidArgument (a value that is no JSON).
Result<std::string> MakeCopy(const std::string& receipt, const std::vector<Opening>& openings);

}  // namespace candour::ledger
