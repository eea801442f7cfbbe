#include "tlog/tile.h"

#include <gmock/gmock.h>

#include <set>

namespace candour::tlog {
namespace {

using testing::ElementsAre;

TEST(TileTest, PathsAreThoseOfTheFormat) {
  EXPECT_EQ((Tile{.index = 1'234'067}.Path()), "tile/0/x001/x234/067");
  EXPECT_EQ((Tile{.level = 2, .index = 0, .width = 1}.Path()), "tile/2/000.p/1");
  EXPECT_EQ((Tile{.kind = Tile::Kind::kEntries, .index = 273, .width = 112}.Path()),
            "tile/entries/273.p/112");
}

TEST(TileTest, APathIsReadBackAsTheTileItIsOf) {
  for (const std::uint64_t index :
       {0ULL, 7ULL, 999ULL, 1'000ULL, 1'234'067ULL, 72'057'594'037ULL}) {
    for (const std::uint64_t width : {1ULL, 99ULL, 255ULL, 256ULL}) {
      for (int level = 0; level <= 7; ++level) {
        const Tile tile{.level = level, .index = index, .width = width};
        EXPECT_EQ(ParseTilePath(tile.Path()).value(), tile);
      }
      const Tile bundle{.kind = Tile::Kind::kEntries, .index = index, .width = width};
      EXPECT_EQ(ParseTilePath(bundle.Path()).value(), bundle);
    }
  }
}

TEST(TileTest, NoOtherPathIsRead) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/1000",
                           "tile/00/000",
                           "tile/8/000",
                           "tile/-1/000",
                           "tile/0/x000/000",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000/1",
                           "tile/0/000.p/1/",
                           "tile/0/../checkpoint",
                           "tile/entries",
                           "tile/entries/00a",
                           "/tile/0/000",
                           "tile//0/000",
                           "tile/0/001/000",
                           "tile/0/x001/x000",
                           "tile/0/000.p/1.p/1",
                           "tile/data/000",
                           "tile/0/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/001"}) {
    EXPECT_FALSE(ParseTilePath(path)) << path;
  }
}

// The example of the specification.
TEST(TileTest, ATreeOfSeventyThousandHasTheTilesOfTheExample) {
  std::set<std::string> hashes;
  std::size_t bundles = 0;
  for (const Tile& tile : NewTiles(0, 70'000)) {
    if (tile.kind == Tile::Kind::kEntries) {
      ++bundles;
    } else {
      EXPECT_TRUE(hashes.insert(tile.Path()).second);
    }
  }
  EXPECT_EQ(bundles, 274U);
  EXPECT_EQ(hashes.size(), 273U + 1 + 1 + 1 + 1);
  for (const char* path :
       {"tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"}) {
    EXPECT_TRUE(hashes.contains(path)) << path;
  }
}

TEST(TileTest, GrowingStepByStepLeavesNoTileOut) {
  std::set<std::string> grown;
  for (std::uint64_t size = 0; size < 700; size += 7) {
    for (const Tile& tile : NewTiles(size, size + 7)) grown.insert(tile.Path());
  }
  for (const Tile& tile : NewTiles(0, 700)) EXPECT_TRUE(grown.contains(tile.Path())) << tile.Path();
  EXPECT_TRUE(NewTiles(5, 5).empty());
  EXPECT_TRUE(NewTiles(0, 0).empty());
}

TEST(TileTest, ABundleGivesItsEntriesBack) {
  const std::vector<std::string> entries = {"", "one", std::string(65'535, 'x')};
  const std::string bytes = EncodeBundle(entries).value();
  EXPECT_EQ(DecodeBundle(bytes, 3).value(), entries);
  EXPECT_FALSE(DecodeBundle(bytes, 2));
  EXPECT_FALSE(DecodeBundle(std::string_view(bytes).substr(0, bytes.size() - 1), 3));
  EXPECT_FALSE(DecodeBundle(bytes + '\0', 3));
  EXPECT_FALSE(EncodeBundle({std::string(65'536, 'x')}));
}

}  // namespace
}  // namespace candour::tlog
