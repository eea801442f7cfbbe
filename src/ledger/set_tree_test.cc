#include "ledger/set_tree.h"

#include <gtest/gtest.h>

#include "crypto/random.h"
#include "crypto/test_secret.h"

namespace candour::ledger {
namespace {

const SetId kSet{std::string(64, 'a')};

std::vector<MemberLeaf> Members(std::size_t count) {
  std::vector<MemberLeaf> leaves;
  for (std::size_t i = 0; i < count; ++i) {
    leaves.push_back(
        LeafOf(crypto::SecretOf(std::string("member ").append(std::to_string(i))), kSet));
  }
  return leaves;
}

SetTree TreeOf(std::size_t members) {
  return SetTree(Members(members), crypto::SecretOf("pads"), kSet);
}

TEST(SetTree, ProvesWhoIsInItAndWhoIsNot) {
  for (const std::size_t count : {0, 1, 2, 3, 254, 255, 700}) {
    const SetTree tree = TreeOf(count);
    for (std::size_t i = 0; i < count + 20; i += 1 + i / 9) {
      const MemberLeaf leaf =
          LeafOf(crypto::SecretOf(std::string("member ").append(std::to_string(i))), kSet);
      const MembershipProof proof = tree.Prove(leaf).value();
      EXPECT_EQ(proof.member, i < count);
      EXPECT_TRUE(CheckMembership(proof, leaf, tree.height(), tree.root()));
      MembershipProof other = proof;
      other.member = !other.member;
      EXPECT_FALSE(CheckMembership(other, leaf, tree.height(), tree.root()));
    }
  }
}

TEST(SetTree, ItsSizeTellsOnlyABand) {
  EXPECT_EQ(TreeOf(129).height(), TreeOf(254).height());
  EXPECT_EQ(TreeOf(254).height(), 8);
  EXPECT_EQ(TreeOf(255).height(), 9);
}

TEST(SetTree, IsTheSameForTheSameMembersAndAnotherForOthers) {
  EXPECT_EQ(TreeOf(10).root(), TreeOf(10).root());
  EXPECT_NE(TreeOf(10).root(), TreeOf(11).root());
  std::vector<MemberLeaf> turned = Members(10);
  std::ranges::reverse(turned);
  EXPECT_EQ(SetTree(turned, crypto::SecretOf("pads"), kSet).root(), TreeOf(10).root());
}

TEST(SetTree, AProofThatWasChangedProvesNothing) {
  const SetTree tree = TreeOf(100);
  const MemberLeaf inside = Members(1)[0];
  const MemberLeaf outside = LeafOf(crypto::SecretOf("nobody"), kSet);
  for (const MemberLeaf& leaf : {inside, outside}) {
    const MembershipProof right = tree.Prove(leaf).value();
    const auto refused = [&](auto change) {
      MembershipProof wrong = right;
      change(wrong);
      return !CheckMembership(wrong, leaf, tree.height(), tree.root());
    };
    EXPECT_TRUE(refused([](auto& proof) { proof.leaves.clear(); }));
    EXPECT_TRUE(refused([](auto& proof) { proof.leaves.pop_back(); }));
    EXPECT_TRUE(refused([](auto& proof) { proof.leaves.push_back(proof.leaves[0]); }));
    EXPECT_TRUE(refused([](auto& proof) { proof.leaves[0].index ^= 1; }));
    EXPECT_TRUE(refused([](auto& proof) { proof.leaves[0].leaf[3] ^= 1; }));
    EXPECT_TRUE(refused([](auto& proof) { proof.leaves[0].proof.pop_back(); }));
    EXPECT_FALSE(CheckMembership(right, leaf, tree.height() + 1, tree.root()));
    EXPECT_FALSE(CheckMembership(right, leaf, 0, tree.root()));
    EXPECT_FALSE(CheckMembership(right, leaf, 64, tree.root()));
    EXPECT_FALSE(CheckMembership(right, leaf, tree.height(), TreeOf(99).root()));
  }
  // Neighbours that are not next to each other could hide the leaf between them.
  MembershipProof apart = tree.Prove(inside).value();
  apart.member = false;
  const MembershipProof of_outside = tree.Prove(outside).value();
  apart.leaves = {of_outside.leaves[0], of_outside.leaves[1]};
  EXPECT_FALSE(CheckMembership(apart, inside, tree.height(), tree.root()));
}

}  // namespace
}  // namespace candour::ledger
