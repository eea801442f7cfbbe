#include "merkle/consistency_proof.h"

#include <algorithm>
#include <bit>

#include "merkle/hasher.h"

namespace candour::merkle {
namespace {

std::unexpected<Error> Refuse(const char* message) {
  return Fail(ErrorCode::kProofInvalid, message);
}

Status VerifySameSize(std::uint64_t size, const crypto::Digest& root1, const crypto::Digest& root2,
                      std::span<const crypto::Digest> proof) {
  if (!proof.empty()) return Refuse("The proof between trees of one size is not empty.");
  if (root1 != root2) return Refuse("Two trees of one size have different roots.");
  if (size == 0 && root1 != EmptyRoot()) {
    return Refuse("The root of a tree of size 0 is not that of the empty tree.");
  }
  return {};
}

}  // namespace

Status VerifyConsistency(std::uint64_t size1, std::uint64_t size2, const crypto::Digest& root1,
                         const crypto::Digest& root2, std::span<const crypto::Digest> proof) {
  if (size1 > size2) return Refuse("The later tree is smaller than the earlier one.");
  if (size1 == size2) return VerifySameSize(size1, root1, root2, proof);
  if (size1 == 0) return Refuse("No proof leads from the empty tree to another.");
  if (proof.empty()) return Refuse("The consistency proof is empty.");

  std::uint64_t node = size1 - 1;  // where the earlier tree ends on the present level
  std::uint64_t last = size2 - 1;  // the last node of that level in the later tree
  const int complete = std::countr_one(node);
  node >>= complete;
  last >>= complete;
  // An earlier tree that is one complete subtree is itself the place where the proof begins.
  const bool begins_with_root = node == 0;
  crypto::Digest earlier = begins_with_root ? root1 : proof.front();
  crypto::Digest later = earlier;
  for (const crypto::Digest& hash : proof.subspan(begins_with_root ? 0 : 1)) {
    if (last == 0) return Refuse("The consistency proof has too many hashes.");
    if ((node & 1) == 1 || node == last) {
      earlier = NodeHash(hash, earlier);
      later = NodeHash(hash, later);
      while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
    } else {
      later = NodeHash(later, hash);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return Refuse("The consistency proof has too few hashes.");
  if (earlier != root1) return Refuse("The proof does not lead to the root of the earlier tree.");
  if (later != root2) return Refuse("The proof does not lead to the root of the later tree.");
  return {};
}

Result<ConsistencyProof> ProveConsistency(const NodeSource& source, std::uint64_t size1,
                                          std::uint64_t size2) {
  if (size1 > size2 || (size1 == 0 && size2 != 0)) {
    return Fail(ErrorCode::kInvalidArgument, "Between these two sizes there is no proof.");
  }
  ConsistencyProof proof;
  if (size1 == size2) return proof;
  std::uint64_t begin = 0;
  std::uint64_t end = size2;
  // From the root down to the subtree with which the earlier tree ends.
  while (end != size1) {
    const std::uint64_t middle = begin + std::bit_floor(end - begin - 1);
    if (size1 <= middle) {
      CANDOUR_ASSIGN(proof.emplace_back(), SubtreeRoot(source, middle, end));
      end = middle;
    } else {
      CANDOUR_ASSIGN(proof.emplace_back(), SubtreeRoot(source, begin, middle));
      begin = middle;
    }
  }
  // That subtree is a hash of the proof, unless it is the whole earlier tree, whose root is known.
  if (begin != 0) {
    CANDOUR_ASSIGN(proof.emplace_back(), SubtreeRoot(source, begin, end));
  }
  std::ranges::reverse(proof);
  return proof;
}

}  // namespace candour::merkle
