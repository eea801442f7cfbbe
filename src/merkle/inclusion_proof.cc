#include "merkle/inclusion_proof.h"

#include <algorithm>
#include <bit>

#include "merkle/hasher.h"

namespace candour::merkle {
namespace {

std::unexpected<Error> WrongLength() {
  return Fail(ErrorCode::kProofInvalid,
              "The inclusion proof has not as many hashes as its index and size ask for.");
}

}  // namespace

Result<crypto::Digest> RootFromInclusion(std::uint64_t index, std::uint64_t size,
                                         const crypto::Digest& leaf,
                                         std::span<const crypto::Digest> proof) {
  if (index >= size) {
    return Fail(ErrorCode::kProofInvalid, "The proof's index lies outside the tree.");
  }
  crypto::Digest hash = leaf;
  std::uint64_t node = index;     // where the path runs on the present level
  std::uint64_t last = size - 1;  // the last node of that level
  for (const crypto::Digest& sibling : proof) {
    if (last == 0) return WrongLength();
    if ((node & 1) == 1 || node == last) {
      hash = NodeHash(sibling, hash);
      // A last node without a sibling to its right moves up as it is, until it is a right child.
      while ((node & 1) == 0 && node != 0) node >>= 1, last >>= 1;
    } else {
      hash = NodeHash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return WrongLength();
  return hash;
}

Status VerifyInclusion(std::uint64_t index, std::uint64_t size, const crypto::Digest& leaf,
                       std::span<const crypto::Digest> proof, const crypto::Digest& root) {
  CANDOUR_ASSIGN(const crypto::Digest found, RootFromInclusion(index, size, leaf, proof));
  if (found != root) {
    return Fail(ErrorCode::kProofInvalid, "The inclusion proof does not lead to the tree's root.");
  }
  return {};
}

Result<InclusionProof> ProveInclusion(const NodeSource& source, std::uint64_t index,
                                      std::uint64_t size) {
  if (index >= size) {
    return Fail(ErrorCode::kInvalidArgument, "The index lies outside the tree.");
  }
  InclusionProof proof;
  proof.reserve(static_cast<std::size_t>(std::bit_width(size)));
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  // From the root down: what the path leaves aside is the next hash of the proof.
  while (end - begin > 1) {
    const std::uint64_t middle = begin + std::bit_floor(end - begin - 1);
    if (index < middle) {
      CANDOUR_ASSIGN(proof.emplace_back(), SubtreeRoot(source, middle, end));
      end = middle;
    } else {
      CANDOUR_ASSIGN(proof.emplace_back(), SubtreeRoot(source, begin, middle));
      begin = middle;
    }
  }
  std::ranges::reverse(proof);
  return proof;
}

}  // namespace candour::merkle
