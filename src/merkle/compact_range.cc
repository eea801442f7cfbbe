#include "merkle/compact_range.h"

#include <bit>
#include <utility>

#include "merkle/hasher.h"

namespace candour::merkle {

Result<CompactRange> CompactRange::Restore(std::uint64_t size,
                                           std::vector<crypto::Digest> subtrees) {
  if (subtrees.size() != static_cast<std::size_t>(std::popcount(size))) {
    return Fail(ErrorCode::kInvalidArgument,
                "The saved tree has not one subtree for every set bit of its size.");
  }
  CompactRange range;
  range.size_ = size;
  range.subtrees_ = std::move(subtrees);
  return range;
}

void CompactRange::Append(const crypto::Digest& leaf) {
  crypto::Digest hash = leaf;
  // Every set bit at the low end is a full subtree of the size reached so far: join with it.
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = NodeHash(subtrees_.back(), hash);
    subtrees_.pop_back();
  }
  subtrees_.push_back(hash);
  ++size_;
}

crypto::Digest CompactRange::Root() const {
  if (subtrees_.empty()) return EmptyRoot();
  crypto::Digest root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i > 0; --i) root = NodeHash(subtrees_[i - 1], root);
  return root;
}

}  // namespace candour::merkle
