#include "merkle/consistency_proof.h"

#include <gtest/gtest.h>

#include <limits>

#include "merkle/hasher.h"
#include "merkle/test_tree.h"

namespace candour::merkle {
namespace {

using crypto::Digest;

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

TEST(ConsistencyProof, HoldsBetweenEveryTwoSmallTrees) {
  const TestTree tree(130);
  std::vector<Digest> roots;
  for (std::uint64_t size = 0; size <= 130; ++size) roots.push_back(RootOf(tree, size).value());
  for (std::uint64_t size2 = 1; size2 <= 130; ++size2) {
    for (std::uint64_t size1 = 1; size1 <= size2; ++size1) {
      const ConsistencyProof proof = ProveConsistency(tree, size1, size2).value();
      EXPECT_TRUE(VerifyConsistency(size1, size2, roots[size1], roots[size2], proof))
          << size1 << " to " << size2;
    }
  }
}

TEST(ConsistencyProof, EveryChangeToOneIsRefused) {
  const TestTree tree(20);
  for (std::uint64_t size2 = 1; size2 <= 20; ++size2) {
    const Digest root2 = RootOf(tree, size2).value();
    for (std::uint64_t size1 = 1; size1 <= size2; ++size1) {
      const Digest root1 = RootOf(tree, size1).value();
      const ConsistencyProof proof = ProveConsistency(tree, size1, size2).value();
      for (const ConsistencyProof& changed : MutationsOf(proof)) {
        ASSERT_FALSE(VerifyConsistency(size1, size2, root1, root2, changed))
            << size1 << " to " << size2;
      }
    }
  }
}

TEST(ConsistencyProof, HoldsForNoOtherSizesOrRoots) {
  const TestTree tree(40);
  for (std::uint64_t size2 = 2; size2 <= 40; ++size2) {
    const Digest root2 = RootOf(tree, size2).value();
    for (std::uint64_t size1 = 1; size1 < size2; ++size1) {
      const Digest root1 = RootOf(tree, size1).value();
      const ConsistencyProof proof = ProveConsistency(tree, size1, size2).value();
      EXPECT_FALSE(VerifyConsistency(size1, size2, root2, root1, proof));
      EXPECT_FALSE(VerifyConsistency(size1, size2, EmptyRoot(), root2, proof));
      EXPECT_FALSE(VerifyConsistency(size1, size2, root1, EmptyRoot(), proof));
      EXPECT_FALSE(VerifyConsistency(size2, size1, root2, root1, proof));
      EXPECT_FALSE(VerifyConsistency(0, size2, EmptyRoot(), root2, proof));
    }
  }
}

TEST(ConsistencyProof, ATreeThatRewroteItsPastHasNone) {
  std::vector<Digest> leaves;
  for (int i = 0; i < 20; ++i) leaves.push_back(LeafHash(std::to_string(i)));
  const TestTree honest(leaves);
  leaves[3] = LeafHash("another past");
  const TestTree rewritten(leaves);
  for (std::uint64_t size = 4; size < 20; ++size) {
    const Digest seen = RootOf(honest, size).value();
    const Digest shown = RootOf(rewritten, 20).value();
    for (const TestTree* tree : {&honest, &rewritten}) {
      const ConsistencyProof proof = ProveConsistency(*tree, size, 20).value();
      EXPECT_FALSE(VerifyConsistency(size, 20, seen, shown, proof)) << size;
    }
  }
}

TEST(ConsistencyProof, FromTheEmptyTreeThereIsNone) {
  const TestTree tree(4);
  const Digest root = RootOf(tree, 4).value();
  EXPECT_FALSE(VerifyConsistency(0, 4, EmptyRoot(), root, {}));
  EXPECT_FALSE(VerifyConsistency(0, 4, EmptyRoot(), root, std::vector{root}));
  EXPECT_EQ(ProveConsistency(tree, 0, 4).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(VerifyConsistency(0, 0, EmptyRoot(), EmptyRoot(), {}));
  EXPECT_FALSE(VerifyConsistency(0, 0, root, root, {}));
  EXPECT_TRUE(ProveConsistency(tree, 0, 0).value().empty());
  EXPECT_EQ(ProveConsistency(tree, 4, 3).error().code, ErrorCode::kInvalidArgument);
}

TEST(ConsistencyProof, HostileSizesEndAtOnce) {
  const Digest hash = LeafHash("");
  const std::vector<Digest> proof(100'000, hash);
  for (const std::uint64_t size1 :
       {std::uint64_t{1}, kLargest / 2, kLargest / 2 + 1, kLargest - 1, kLargest}) {
    EXPECT_FALSE(VerifyConsistency(size1, kLargest, hash, hash, proof));
    EXPECT_FALSE(VerifyConsistency(kLargest, size1, hash, LeafHash("x"), proof));
    EXPECT_FALSE(VerifyConsistency(size1, kLargest, hash, LeafHash("x"), {}));
  }
}

TEST(ConsistencyProof, AsksForFewNodesOfTheLargestTree) {
  for (const std::uint64_t size1 :
       {std::uint64_t{1}, kLargest / 3, kLargest / 2 + 1, kLargest - 1}) {
    const BoundlessTree tree;
    const ConsistencyProof proof = ProveConsistency(tree, size1, kLargest).value();
    EXPECT_LE(tree.times, 127);
    EXPECT_LE(proof.size(), 65U);
  }
}

}  // namespace
}  // namespace candour::merkle
