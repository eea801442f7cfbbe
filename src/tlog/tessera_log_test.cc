// A log that another implementation wrote: tests/data/tessera_log.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "merkle/consistency_proof.h"
#include "merkle/hasher.h"
#include "merkle/inclusion_proof.h"
#include "tlog/entry_bundle.h"
#include "tlog/receipt_proof.h"
#include "tlog/tile.h"

namespace candour::tlog {
namespace {

constexpr std::uint64_t kSizes = 16;  // 0 to 15

std::string ReadFile(const std::string& name) {
  const std::ifstream file(CANDOUR_SOURCE_DIR "/tests/data/tessera_log/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

LogTrust Trust() {
  return {.origin = "example.com/log/testdata",
          .log_keys = {VerifierKey::Parse("example.com/log/testdata+33d7b496+"
                                          "AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
                           .value()}};
}

std::string CheckpointFile(std::uint64_t size) {
  return ReadFile(fmt::format("checkpoint.{}", size));
}

Checkpoint CheckpointAt(std::uint64_t size) {
  return OpenCheckpoint(CheckpointFile(size), Trust()).value().checkpoint;
}

/// The tree as the log's own tiles of that size have it.
class TesseraTree final : public merkle::NodeSource {
 public:
  explicit TesseraTree(std::uint64_t size) : size_(size) {}

  Result<crypto::Digest> Node(int level, std::uint64_t index) const override {
    CANDOUR_ASSIGN(const Tile tile, TileOfNode(level, index, size_));
    return NodeFromTile(ReadFile(PathOf(tile)), level, index);
  }

 private:
  std::uint64_t size_;
};

TEST(TesseraLog, ItsCheckpointsAreSignedAndTheirRootsAreThoseOfItsTiles) {
  for (std::uint64_t size = 0; size < kSizes; ++size) {
    const Checkpoint checkpoint = CheckpointAt(size);
    EXPECT_EQ(checkpoint.size, size);
    EXPECT_EQ(merkle::RootOf(TesseraTree(size), size).value(), checkpoint.root);
    EXPECT_EQ(FormatCheckpoint(checkpoint).value(), ParseNote(CheckpointFile(size))->text);
  }
  EXPECT_EQ(OpenCheckpoint(ReadFile("checkpoint"), Trust()).value().checkpoint.size, kSizes - 1);
}

TEST(TesseraLog, ItsTilesAreThoseThatASizeAsksFor) {
  for (std::uint64_t size = 1; size < kSizes; ++size) {
    const std::vector<Tile> tiles = NewTiles(0, size);
    ASSERT_EQ(tiles.size(), 1U);
    EXPECT_EQ(ReadFile(PathOf(tiles[0])).size(), 32 * size);
  }
}

TEST(TesseraLog, ItsEntriesHashToItsLeavesAndTheirReceiptsHold) {
  for (std::uint64_t size = 1; size < kSizes; ++size) {
    const TesseraTree tree(size);
    const std::vector<Tile> bundles = NewBundles(0, size);
    ASSERT_EQ(bundles.size(), 1U);
    const std::string bytes = ReadFile(PathOf(bundles[0]));
    const auto entries = DecodeBundle(bytes, bundles[0].width).value();
    const std::vector<std::string> copies(entries.begin(), entries.end());
    EXPECT_EQ(EncodeBundle(copies).value(), bytes);
    for (std::uint64_t index = 0; index < size; ++index) {
      const crypto::Digest leaf = merkle::LeafHash(entries[index]);
      EXPECT_EQ(tree.Node(0, index).value(), leaf);
      const ReceiptProof receipt{.extra = copies[index],
                                 .index = index,
                                 .hashes = merkle::ProveInclusion(tree, index, size).value(),
                                 .checkpoint = CheckpointFile(size)};
      const ReceiptProof read = DecodeReceipt(EncodeReceipt(receipt).value()).value();
      EXPECT_TRUE(VerifyReceipt(read, leaf, Trust())) << index << " of " << size;
    }
  }
}

TEST(TesseraLog, EachCheckpointContinuesEachEarlierOne) {
  for (std::uint64_t size2 = 1; size2 < kSizes; ++size2) {
    for (std::uint64_t size1 = 1; size1 <= size2; ++size1) {
      const auto proof = merkle::ProveConsistency(TesseraTree(size2), size1, size2).value();
      EXPECT_TRUE(merkle::VerifyConsistency(size1, size2, CheckpointAt(size1).root,
                                            CheckpointAt(size2).root, proof));
    }
  }
}

}  // namespace
}  // namespace candour::tlog
