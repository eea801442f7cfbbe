#include "merkle/inclusion_proof.h"

#include <gtest/gtest.h>

#include <limits>

#include "merkle/compact_range.h"
#include "merkle/hasher.h"
#include "merkle/test_tree.h"

namespace candour::merkle {
namespace {

using crypto::Digest;

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

TEST(RootOf, IsTheRootThatTheGrowingTreeHas) {
  const TestTree tree(300);
  CompactRange range;
  for (std::uint64_t size = 0; size <= 300; ++size) {
    EXPECT_EQ(RootOf(tree, size), range.Root()) << size;
    if (size < 300) range.Append(tree.leaf(size));
  }
}

TEST(InclusionProof, HoldsForEveryLeafOfEverySmallTree) {
  const TestTree tree(130);
  for (std::uint64_t size = 1; size <= 130; ++size) {
    const Digest root = RootOf(tree, size).value();
    for (std::uint64_t index = 0; index < size; ++index) {
      const InclusionProof proof = ProveInclusion(tree, index, size).value();
      EXPECT_TRUE(VerifyInclusion(index, size, tree.leaf(index), proof, root))
          << index << " of " << size;
    }
  }
}

TEST(InclusionProof, EveryChangeToOneIsRefused) {
  const TestTree tree(33);
  for (std::uint64_t size = 1; size <= 33; ++size) {
    const Digest root = RootOf(tree, size).value();
    for (std::uint64_t index = 0; index < size; ++index) {
      const InclusionProof proof = ProveInclusion(tree, index, size).value();
      for (const InclusionProof& changed : MutationsOf(proof)) {
        ASSERT_FALSE(VerifyInclusion(index, size, tree.leaf(index), changed, root))
            << index << " of " << size;
      }
    }
  }
}

TEST(InclusionProof, HoldsForNoOtherLeafIndexOrRoot) {
  const TestTree tree(40);
  for (std::uint64_t size = 1; size <= 40; ++size) {
    const Digest root = RootOf(tree, size).value();
    for (std::uint64_t index = 0; index < size; ++index) {
      const InclusionProof proof = ProveInclusion(tree, index, size).value();
      for (std::uint64_t other = 0; other <= size; ++other) {
        if (other == index) continue;
        ASSERT_FALSE(VerifyInclusion(other, size, tree.leaf(index), proof, root));
        if (other < size) {
          ASSERT_FALSE(VerifyInclusion(index, size, tree.leaf(other), proof, root));
        }
      }
      EXPECT_FALSE(VerifyInclusion(index, size, tree.leaf(index), proof, EmptyRoot()));
    }
  }
}

TEST(InclusionProof, ANodeDoesNotPassForALeaf) {
  const TestTree tree(8);
  const Digest root = RootOf(tree, 8).value();
  InclusionProof proof = ProveInclusion(tree, 0, 8).value();
  proof.erase(proof.begin());
  EXPECT_TRUE(VerifyInclusion(0, 4, tree.Node(1, 0).value(), proof, root))
      << "the size is what tells: it comes from the signed checkpoint";
  EXPECT_FALSE(VerifyInclusion(0, 8, tree.Node(1, 0).value(), proof, root));
}

TEST(InclusionProof, HostileSizesEndAtOnce) {
  const Digest leaf = LeafHash("");
  const std::vector<Digest> proof(64, leaf);
  EXPECT_TRUE(RootFromInclusion(0, kLargest, leaf, proof));
  EXPECT_TRUE(RootFromInclusion(kLargest / 2, kLargest, leaf, proof));
  EXPECT_FALSE(RootFromInclusion(kLargest - 1, kLargest, leaf, proof));  // its path is shorter
  EXPECT_FALSE(RootFromInclusion(kLargest, kLargest, leaf, proof));
  EXPECT_FALSE(RootFromInclusion(0, 0, leaf, {}));
  EXPECT_FALSE(RootFromInclusion(kLargest, 0, leaf, proof));
  EXPECT_FALSE(RootFromInclusion(0, kLargest, leaf, std::vector<Digest>(65, leaf)));
  EXPECT_FALSE(RootFromInclusion(0, kLargest, leaf, std::vector<Digest>(100'000, leaf)));
  EXPECT_FALSE(RootFromInclusion(0, 1, leaf, std::vector<Digest>(100'000, leaf)));
}

TEST(InclusionProof, AsksForFewNodesOfTheLargestTree) {
  for (const std::uint64_t index : {std::uint64_t{0}, kLargest / 2, kLargest / 3, kLargest - 1}) {
    const BoundlessTree tree;
    const InclusionProof proof = ProveInclusion(tree, index, kLargest).value();
    EXPECT_LE(tree.times, 127);
    EXPECT_LE(proof.size(), 64U);
    EXPECT_TRUE(RootFromInclusion(index, kLargest, LeafHash(""), proof));
  }
}

TEST(InclusionProof, IsNotMadeForALeafOutsideTheTree) {
  const TestTree tree(4);
  EXPECT_EQ(ProveInclusion(tree, 4, 4).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ProveInclusion(tree, 0, 0).error().code, ErrorCode::kInvalidArgument);
}

TEST(InclusionProof, PassesOnThatANodeIsMissing) {
  const TestTree tree(4);
  EXPECT_EQ(ProveInclusion(tree, 0, 5).error().code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace candour::merkle
