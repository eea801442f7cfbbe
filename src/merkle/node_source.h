#pragma once

#include <cstdint>

#include "base/result.h"
#include "crypto/sha256.h"

namespace candour::merkle {

/// Where the makers of proofs get the hashes of a tree from.
class NodeSource {
 public:
  virtual ~NodeSource() = default;

  /// The root of the complete subtree over the 2^level leaves from `index` · 2^level on. It is
  /// asked only for subtrees that lie whole within the tree of the size it was told.
  virtual Result<crypto::Digest> Node(int level, std::uint64_t index) const = 0;
};

/// The root over the first `size` leaves. Asks for one node for each set bit of `size`; none for
/// the empty tree. Errors: those of `source`. Source: RFC 6962 section 2.1.
Result<crypto::Digest> RootOf(const NodeSource& source, std::uint64_t size);

/// The root over the leaves from `begin` up to, but not including, `end`: a subtree of some tree,
/// so `begin` is a multiple of the least power of two that is not less than the count of leaves.
/// Asks for one node for each set bit of that count. Errors: those of `source`.
Result<crypto::Digest> SubtreeRoot(const NodeSource& source, std::uint64_t begin,
                                   std::uint64_t end);

}  // namespace candour::merkle
