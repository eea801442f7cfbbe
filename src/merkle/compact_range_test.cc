#include "merkle/compact_range.h"

#include <gtest/gtest.h>

#include <bit>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/encoding.h"
#include "merkle/hasher.h"

namespace candour::merkle {
namespace {

using crypto::Digest;

/// The definition of RFC 6962 section 2.1, as it stands there.
Digest NaiveRoot(std::span<const std::string> leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return LeafHash(leaves[0]);
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  return NodeHash(NaiveRoot(leaves.first(split)), NaiveRoot(leaves.subspan(split)));
}

std::string Hex(const Digest& digest) { return HexEncode(BytesOf(digest)); }

TEST(CompactRange, AgreesWithTheDefinitionAtEverySize) {
  std::vector<std::string> leaves;
  CompactRange range;
  for (int i = 0; i <= 130; ++i) {
    EXPECT_EQ(range.size(), leaves.size());
    EXPECT_EQ(range.Root(), NaiveRoot(leaves)) << i;
    leaves.push_back("leaf " + std::to_string(i * i));
    range.Append(LeafHash(leaves.back()));
  }
}

// The small tree that Certificate Transparency's implementations share as their reference.
TEST(CompactRange, MeetsTheReferenceTree) {
  CompactRange range;
  EXPECT_EQ(Hex(range.Root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (const char* leaf : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                           "606162636465666768696a6b6c6d6e6f"}) {
    range.Append(LeafHash(HexDecode(leaf).value()));
    if (range.size() == 1) {
      EXPECT_EQ(Hex(range.Root()),
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }
    if (range.size() == 2) {
      EXPECT_EQ(Hex(range.Root()),
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    }
  }
  EXPECT_EQ(Hex(range.Root()), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(CompactRange, GoesOnWhereItWasSaved) {
  CompactRange whole;
  for (int i = 0; i < 70; ++i) {
    CompactRange restored = CompactRange::Restore(whole.size(), whole.subtrees()).value();
    EXPECT_EQ(restored.Root(), whole.Root());
    const Digest leaf = LeafHash(std::to_string(i));
    whole.Append(leaf);
    restored.Append(leaf);
    EXPECT_EQ(restored.size(), whole.size());
    EXPECT_EQ(restored.Root(), whole.Root());
  }
}

TEST(CompactRange, IsNotRestoredFromAnotherCountOfSubtrees) {
  const Digest leaf = LeafHash("");
  EXPECT_EQ(CompactRange::Restore(0, {leaf}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(CompactRange::Restore(5, {leaf}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(CompactRange::Restore(5, {leaf, leaf, leaf}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(CompactRange::Restore(0, {}).has_value());
}

}  // namespace
}  // namespace candour::merkle
