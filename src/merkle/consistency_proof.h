#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "merkle/node_source.h"

namespace candour::merkle {

/// A proof that a tree continues an earlier one: at most 65 hashes.
using ConsistencyProof = std::vector<crypto::Digest>;

/// Whether the tree of `size2` leaves and root `root2` begins with the tree of `size1` leaves and
/// root `root1`.
///
/// Two trees of one size are consistent if their roots are equal and the proof is empty; if both
/// are empty trees, the roots must be the empty tree's. From the empty tree to another there is no
/// proof, so any is refused: who knows of no earlier tree has nothing to check.
/// Errors: kProofInvalid. Cost: two node hashes for each hash of the proof; none of the sizes makes
/// it loop. Threads: any. Source: RFC 9162 section 2.1.4.2.
Status VerifyConsistency(std::uint64_t size1, std::uint64_t size2, const crypto::Digest& root1,
                         const crypto::Digest& root2, std::span<const crypto::Digest> proof);

/// The proof that the tree of the first `size2` leaves continues that of the first `size1`; empty
/// when the sizes are equal. Asks `source` for at most 127 nodes.
/// Errors: kInvalidArgument (`size1` is above `size2`, or 0 while `size2` is not), those of
/// `source`. Source: RFC 6962 section 2.1.2.
Result<ConsistencyProof> ProveConsistency(const NodeSource& source, std::uint64_t size1,
                                          std::uint64_t size2);

}  // namespace candour::merkle
