#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"
#include "ledger/silence.h"

namespace candour::ledger {

/// An access with the blinding values of its entry.
struct VaultAccess {
  AccessDetail detail;
  AccessBlindings blindings;
};

/// What the entry of one person's choice only commits to.
struct ChoiceHalf {
  std::uint64_t number = 0;  ///< of its entry in the log of choices
  std::string person;
  std::string value;     ///< what was chosen: canonical JSON; empty when it was erased
  std::string blinding;  ///< empty when it was erased
};

/// What an entry only commits to; nothing for entries that have no private half.
using PrivateHalf = std::variant<std::monostate, VaultAccess, Outcome, ChoiceHalf, SetTreeHalf,
                                 SilenceDecision, OpeningsHalf>;

/// Where the private halves of one log's entries are kept. Threads: one writes.
class PrivateStore {
 public:
  virtual ~PrivateStore() = default;

  /// Puts the private halves of a batch in, in one transaction. Those that are admitted get the
  /// numbers `first`, `first` + 1, … in their order, and have them filled in.
  ///
  /// One answer for each half: its number, or kNotFound (an outcome of no access, a decision on
  /// none that is silent) or kConflict (an outcome of one that has an outcome, a decision too
  /// late). Errors: kIo; then it is not known what the store holds.
  virtual Result<std::vector<Result<std::uint64_t>>> PutBatch(std::span<PrivateHalf* const> batch,
                                                              std::uint64_t first) = 0;
};

}  // namespace candour::ledger
