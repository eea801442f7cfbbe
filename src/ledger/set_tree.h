#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "ledger/ledger.h"
#include "merkle/inclusion_proof.h"

namespace candour::ledger {

/// What stands for one member of a set in its tree: HMAC-SHA256 of the set's id under a key that
/// belongs to that member. To who has not the key it is a random number.
using MemberLeaf = crypto::Digest;

/// The leaf of the member with this key. Threads: any.
MemberLeaf LeafOf(const crypto::Secret& member_key, const SetId& set);

/// A leaf with its place in the tree.
struct PlacedLeaf {
  std::uint64_t index = 0;
  MemberLeaf leaf = {};
  merkle::InclusionProof proof;
};

/// Proof that a leaf is in a set's tree, or that it is not. A value; see CheckMembership.
struct MembershipProof {
  bool member = false;
  std::vector<PlacedLeaf> leaves;  ///< the leaf; or the two neighbours between which it would lie
};

/// The tree over the members of one set: leaves in rising order, filled up with random ones to a
/// power of two, so that its size tells no more than a band; the first and the last leaf are all
/// zeros and all ones, so that everything lies between two neighbours.
///
/// Memory: 33 bytes a leaf. Cost: 0.2 microseconds a leaf for sorting and hashing.
/// Threads: a value that does not change. Format: docs/formats/set-tree.md.
class SetTree {
 public:
  /// `members`: each once. `pad_key`: makes the leaves that fill up, the same ones every time.
  SetTree(std::vector<MemberLeaf> members, const crypto::Secret& pad_key, const SetId& set);

  const crypto::Digest& root() const { return root_; }

  /// The tree has 2^height leaves.
  int height() const { return height_; }

  /// Cost: 256 node hashes, and one for each 256 leaves.
  Result<MembershipProof> Prove(const MemberLeaf& leaf) const;

 private:
  class Nodes;
  Result<PlacedLeaf> Place(std::uint64_t index) const;

  std::vector<MemberLeaf> leaves_;
  std::vector<crypto::Digest> inner_;  ///< of the subtrees over 2^kInnerLevel leaves
  crypto::Digest root_ = {};
  int height_ = 0;
};

/// Whether `proof` shows that `leaf` is in the tree of this height and root, or is not, as it says.
/// Errors: kProofInvalid. Threads: any.
Status CheckMembership(const MembershipProof& proof, const MemberLeaf& leaf, int height,
                       const crypto::Digest& root);

}  // namespace candour::ledger
