#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"

namespace candour::merkle {

/// A Merkle tree that grows at its end and remembers only what it needs for its root: the roots of
/// its full subtrees, largest first, one for every set bit of its size.
///
/// Memory: at most 64 digests. Threads: one at a time. Source: RFC 6962 section 2.1.
class CompactRange {
 public:
  /// The empty tree.
  CompactRange() = default;

  /// A tree as it was when its size() and subtrees() were saved. Whether they belong together only
  /// its Root() can tell. Errors: kInvalidArgument (not one subtree for every set bit of `size`).
  static Result<CompactRange> Restore(std::uint64_t size, std::vector<crypto::Digest> subtrees);

  /// Adds a leaf by its hash (LeafHash). Cost: amortised one node hash.
  void Append(const crypto::Digest& leaf);

  /// The root over all leaves so far. Cost: at most 63 node hashes.
  crypto::Digest Root() const;

  /// How many leaves there are.
  std::uint64_t size() const { return size_; }

  /// The roots of the full subtrees, largest first.
  const std::vector<crypto::Digest>& subtrees() const { return subtrees_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<crypto::Digest> subtrees_;
};

}  // namespace candour::merkle
