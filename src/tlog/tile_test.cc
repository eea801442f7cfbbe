#include "tlog/tile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "base/bytes.h"
#include "merkle/node_source.h"
#include "merkle/test_tree.h"

namespace candour::tlog {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

TEST(TilePath, IsWrittenAndReadInOneForm) {
  const std::pair<Tile, std::string_view> examples[] = {
      {{.level = 0}, "tile/0/000"},
      {{.level = 0, .index = 67, .width = 1}, "tile/0/067.p/1"},
      {{.level = 1, .index = 999, .width = 255}, "tile/1/999.p/255"},
      {{.level = 2, .index = 1000}, "tile/2/x001/000"},
      {{.level = 63, .index = 1'234'067}, "tile/63/x001/x234/067"},
      {{.index = 0, .width = 8}, "tile/entries/000.p/8"},
      {{.index = 1'000'000}, "tile/entries/x001/x000/000"},
      {{.level = 0, .index = kLargest}, "tile/0/x018/x446/x744/x073/x709/x551/615"},
  };
  for (const auto& [tile, path] : examples) {
    EXPECT_EQ(PathOf(tile), path);
    EXPECT_EQ(ParseTilePath(path), tile) << path;
  }
}

TEST(TilePath, OtherFormsAreRefused) {
  for (const std::string_view path : {"",
                                      "tile",
                                      "tile/",
                                      "tile/0",
                                      "tile/0/",
                                      "/tile/0/000",
                                      "tile/0/0",
                                      "tile/0/00",
                                      "tile/0/0000",
                                      "tile/0/000/",
                                      "tile/0/000/001",
                                      "tile/0/x000/001",
                                      "tile/0/x001",
                                      "tile/0/x001/",
                                      "tile/0/x001/x002",
                                      "tile/0/001/x002",
                                      "tile/0/x01/002",
                                      "tile/0/X001/002",
                                      "tile/00/000",
                                      "tile/01/000",
                                      "tile/64/000",
                                      "tile/-1/000",
                                      "tile//000",
                                      "tile/x/000",
                                      "tile/0/000.p",
                                      "tile/0/000.p/",
                                      "tile/0/000.p/0",
                                      "tile/0/000.p/256",
                                      "tile/0/000.p/01",
                                      "tile/0/000.p/1/",
                                      "tile/0/000.p/1.p/1",
                                      "tile/0/000/.p/1",
                                      "tile/0/0 0",
                                      "tile/0/+00",
                                      "tile/0/000\n",
                                      "tile/Entries/000",
                                      "tile/entries",
                                      "tile/8/0/000",
                                      "tile/../000",
                                      "tile/0/../000",
                                      "tile/0/x018/x446/x744/x073/x709/x551/616",
                                      "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
    const auto tile = ParseTilePath(path);
    ASSERT_FALSE(tile) << path;
    EXPECT_EQ(tile.error().code, ErrorCode::kReceiptForm);
  }
}

// The example of the tlog-tiles document.
TEST(NewTiles, OfATreeOfSeventyThousand) {
  const std::vector<Tile> tiles = NewTiles(0, 70'000);
  std::map<int, int> full;
  std::map<int, std::vector<int>> partial;
  for (const Tile& tile : tiles) {
    if (tile.width == kTileWidth) {
      ++full[*tile.level];
    } else {
      partial[*tile.level].push_back(tile.width);
    }
  }
  EXPECT_EQ(full, (std::map<int, int>{{0, 273}, {1, 1}}));
  EXPECT_EQ(partial, (std::map<int, std::vector<int>>{{0, {112}}, {1, {17}}, {2, {1}}}));
  EXPECT_EQ(NewBundles(0, 70'000).size(), 274U);
  EXPECT_EQ(NewBundles(0, 70'000).back(), (Tile{.index = 273, .width = 112}));
}

TEST(NewTiles, AFullTileBeginsTheLevelAbove) {
  EXPECT_THAT(NewTiles(0, 0), ElementsAre());
  EXPECT_THAT(NewTiles(0, 255), ElementsAre(Tile{.level = 0, .width = 255}));
  EXPECT_THAT(NewTiles(0, 256), ElementsAre(Tile{.level = 0}, Tile{.level = 1, .width = 1}));
  EXPECT_THAT(NewTiles(255, 256), ElementsAre(Tile{.level = 0}, Tile{.level = 1, .width = 1}));
  EXPECT_THAT(NewTiles(256, 257), ElementsAre(Tile{.level = 0, .index = 1, .width = 1}));
  EXPECT_THAT(NewTiles(250, 520),
              ElementsAre(Tile{.level = 0}, Tile{.level = 0, .index = 1},
                          Tile{.level = 0, .index = 2, .width = 8}, Tile{.level = 1, .width = 2}));
  EXPECT_THAT(NewTiles(7, 7), ElementsAre());
  EXPECT_THAT(NewBundles(256, 256), ElementsAre());
}

TEST(NewTiles, AtTheLargestSizesNothingRunsOver) {
  const std::vector<Tile> tiles = NewTiles(kLargest - 1, kLargest);
  EXPECT_THAT(tiles, ElementsAre(Tile{.level = 0, .index = kLargest >> 8, .width = 255}));
  EXPECT_EQ(NewTiles(kLargest - 256, kLargest).size(), 3U);
}

/// The proofs' source of hashes over tiles that were written as a growing log writes them.
class TiledTree final : public merkle::NodeSource {
 public:
  explicit TiledTree(const merkle::TestTree& leaves) : leaves_(leaves) {}

  void GrowTo(std::uint64_t size) {
    for (const Tile& tile : NewTiles(size_, size)) {
      std::string& bytes = tiles_[PathOf(tile)];
      for (int i = 0; i < tile.width; ++i) {
        const std::uint64_t place = tile.index * kTileWidth + static_cast<std::uint64_t>(i);
        bytes += BytesOf(leaves_.Node(*tile.level * kTileHeight, place).value());
      }
    }
    size_ = size;
  }

  Result<crypto::Digest> Node(int level, std::uint64_t index) const override {
    CANDOUR_ASSIGN(const Tile tile, TileOfNode(level, index, size_));
    const auto found = tiles_.find(PathOf(tile));
    if (found == tiles_.end()) return Fail(ErrorCode::kNotFound, "There is no such tile.");
    return NodeFromTile(found->second, level, index);
  }

 private:
  const merkle::TestTree& leaves_;
  std::uint64_t size_ = 0;
  std::map<std::string, std::string> tiles_;
};

TEST(Tiles, HoldEveryNodeOfAGrowingTree) {
  const merkle::TestTree leaves(1'100);
  TiledTree tiles(leaves);
  for (const std::uint64_t size : {1, 2, 100, 255, 256, 257, 511, 512, 700, 1'024, 1'100}) {
    tiles.GrowTo(size);
    EXPECT_EQ(merkle::RootOf(tiles, size).value(), merkle::RootOf(leaves, size).value()) << size;
    for (int level = 0; size >> level > 0; ++level) {
      for (std::uint64_t index = 0; index < size >> level; ++index) {
        ASSERT_EQ(tiles.Node(level, index).value(), leaves.Node(level, index).value())
            << level << "/" << index << " at " << size;
      }
    }
  }
}

TEST(Tiles, NodesOutsideTheTreeAndTilesOfOtherLengthsAreRefused) {
  EXPECT_EQ(TileOfNode(0, 5, 5).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(TileOfNode(2, 1, 7).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(TileOfNode(64, 0, kLargest).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(TileOfNode(-1, 0, 5).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(NodeFromTile(std::string(4 * 32, 'x'), 2, 0));
  for (const std::size_t size : {0, 1, 31, 33, 3 * 32, 4 * 32 - 1, 4 * 32 + 1, 257 * 32}) {
    EXPECT_EQ(NodeFromTile(std::string(size, 'x'), 2, 0).error().code, ErrorCode::kReceiptForm);
  }
}

}  // namespace
}  // namespace candour::tlog
