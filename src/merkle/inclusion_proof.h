#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "merkle/node_source.h"

namespace candour::merkle {

/// A proof that a leaf is in a tree: the hashes beside the path from the leaf up to the root, the
/// leaf's sibling first. At most 64 of them.
using InclusionProof = std::vector<crypto::Digest>;

/// The root that a tree of `size` leaves has if `leaf` (a LeafHash) is its leaf `index`, counted
/// from 0, and `proof` is the proof of that.
///
/// It is the caller's to compare that root with one that somebody vouched for.
/// Errors: kProofInvalid (`index` is not below `size`, or the proof has not the length that it has
/// for them). Cost: one node hash for each hash of the proof; none of the sizes makes it loop.
/// Threads: any. Source: RFC 9162 section 2.1.3.2.
Result<crypto::Digest> RootFromInclusion(std::uint64_t index, std::uint64_t size,
                                         const crypto::Digest& leaf,
                                         std::span<const crypto::Digest> proof);

/// Whether `leaf` is leaf `index` of the tree with `size` leaves and root `root`.
/// Errors: kProofInvalid.
Status VerifyInclusion(std::uint64_t index, std::uint64_t size, const crypto::Digest& leaf,
                       std::span<const crypto::Digest> proof, const crypto::Digest& root);

/// The proof that leaf `index` is in the tree of the first `size` leaves.
/// Asks `source` for at most 127 nodes.
/// Errors: kInvalidArgument (`index` is not below `size`), those of `source`.
/// Source: RFC 6962 section 2.1.1.
Result<InclusionProof> ProveInclusion(const NodeSource& source, std::uint64_t index,
                                      std::uint64_t size);

}  // namespace candour::merkle
