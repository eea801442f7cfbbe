#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "tlog/note.h"
#include "tlog/verifier_key.h"

namespace candour::tlog {

/// Which witnesses must have cosigned a checkpoint before it is believed: some of these, and some
/// of those, as a policy file says it (see Policy). A value; threads: any.
class Quorum {
 public:
  /// Nobody has to.
  Quorum() = default;

  /// Whether the witnesses that made `cosignatures` (true ones, see SignedCheckpoint) are enough.
  /// Other signatures among them count for nothing. Cost: linear in the policy, times their number.
  bool IsSatisfied(std::span<const VerifiedSignature> cosignatures) const;

 private:
  friend class PolicyReader;

  /// A witness, or a group of what stands before it.
  struct Component {
    std::optional<VerifierKey> witness;  ///< none: a group
    std::vector<std::size_t> members;    ///< into components_
    std::size_t threshold = 0;           ///< how many members it takes
  };

  std::vector<Component> components_;
  std::optional<std::size_t> asked_;  ///< into components_; none: nobody
};

}  // namespace candour::tlog
