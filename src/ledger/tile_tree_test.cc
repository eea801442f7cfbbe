#include "ledger/tile_tree.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "crypto/sha256.h"
#include "merkle/node_source.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

constexpr std::uint64_t kFew = 1'000;
constexpr std::uint64_t kMany = 140'000;  // more tiles than are synced one by one

/// A tree of `size` leaves, in memory only.
std::unique_ptr<TileTree> TreeOf(storage::Filesystem& files, std::uint64_t size) {
  auto tree = TileTree::Open(files, "/log", 0).value();
  for (std::uint64_t i = 0; i < size; ++i) {
    crypto::Digest leaf{};
    PutLittleEndian(i, reinterpret_cast<char*>(leaf.data()));
    tree->Append(leaf);
  }
  return tree;
}

/// The root over what the disk holds.
Result<crypto::Digest> RootOnDisk(storage::Filesystem& files, std::uint64_t size) {
  CANDOUR_ASSIGN(const std::unique_ptr<TileTree> tree, TileTree::Open(files, "/log", size));
  return merkle::RootOf(*tree, size);
}

/// Whether every leaf can be read back.
bool HoldsAll(storage::Filesystem& files, std::uint64_t size) {
  const auto tree = TileTree::Open(files, "/log", size);
  if (!tree) return false;
  for (std::uint64_t i = 0; i < size; i += 256) {
    if (!(*tree)->Node(0, i)) return false;
  }
  return true;
}

TEST(TileTree, WhatWasWrittenSurvivesALossOfPowerWhetherFewOrMany) {
  for (const std::uint64_t size : {kFew, kMany}) {
    storage::FaultyFilesystem files;
    const auto tree = TreeOf(files, size);
    ASSERT_TRUE(tree->Write(size));
    files.PowerCycle();
    EXPECT_TRUE(HoldsAll(files, size)) << size;
    EXPECT_EQ(RootOnDisk(files, size).value(), merkle::RootOf(*tree, size).value()) << size;
  }
}

}  // namespace
}  // namespace candour::ledger
