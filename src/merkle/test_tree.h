#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "merkle/hasher.h"
#include "merkle/node_source.h"

namespace candour::merkle {

/// A small tree in memory, for tests: it knows all its leaves and hashes every node anew.
class TestTree final : public NodeSource {
 public:
  /// A tree of `size` different leaves.
  explicit TestTree(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) leaves_.push_back(LeafHash(std::to_string(i)));
  }
  explicit TestTree(std::vector<crypto::Digest> leaves) : leaves_(std::move(leaves)) {}

  const crypto::Digest& leaf(std::uint64_t index) const { return leaves_[index]; }

  Result<crypto::Digest> Node(int level, std::uint64_t index) const override {
    if (index >= leaves_.size() >> level) {
      return Fail(ErrorCode::kInternal, "The tree was asked for a node outside of it.");
    }
    if (level == 0) return leaves_[index];
    CANDOUR_ASSIGN(const crypto::Digest left, Node(level - 1, 2 * index));
    CANDOUR_ASSIGN(const crypto::Digest right, Node(level - 1, 2 * index + 1));
    return NodeHash(left, right);
  }

 private:
  std::vector<crypto::Digest> leaves_;
};

/// A tree too large for any memory, for tests: every node has a hash that was not computed from
/// others. It counts how often it is asked.
class BoundlessTree final : public NodeSource {
 public:
  Result<crypto::Digest> Node(int level, std::uint64_t index) const override {
    ++times;
    return LeafHash(std::to_string(level) + "/" + std::to_string(index));
  }
  mutable int times = 0;
};

/// All ways to change one bit of `proof`, to leave out a hash, to add one, or to swap two.
inline std::vector<std::vector<crypto::Digest>> MutationsOf(
    const std::vector<crypto::Digest>& proof) {
  std::vector<std::vector<crypto::Digest>> mutations;
  for (std::size_t i = 0; i < proof.size(); ++i) {
    for (std::size_t bit = 0; bit < 8 * proof[i].size(); ++bit) {
      auto& changed = mutations.emplace_back(proof);
      changed[i][bit / 8] = static_cast<std::uint8_t>(changed[i][bit / 8] ^ (1U << (bit % 8)));
    }
    auto& shorter = mutations.emplace_back(proof);
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    if (i > 0) {
      auto& swapped = mutations.emplace_back(proof);
      std::swap(swapped[i - 1], swapped[i]);
    }
  }
  for (std::size_t i = 0; i <= proof.size(); ++i) {
    auto& longer = mutations.emplace_back(proof);
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), EmptyRoot());
  }
  return mutations;
}

}  // namespace candour::merkle
