#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"

namespace candour::tlog {

inline constexpr int kTileHeight = 8;
inline constexpr int kTileWidth = 1 << kTileHeight;  // hashes or entries in a full tile

/// One tile of a log: up to 256 neighbouring hashes of one level, or the entries of as many
/// leaves. On level 0 are leaf hashes; a hash of a level above is the root of a full tile below.
///
/// Source: c2sp.org/tlog-tiles.
struct Tile {
  std::optional<int> level;  ///< of a tile of hashes, 0 to 63; none: a bundle of entries
  std::uint64_t index = 0;   ///< within its level, from 0
  int width = kTileWidth;    ///< 1 to 256; below 256 the tile is partial

  bool operator==(const Tile&) const = default;
};

/// Where the tile stands below the log's prefix: "tile/0/x001/067", or for a partial bundle
/// "tile/entries/x001/067.p/8".
std::string PathOf(const Tile& tile);

/// Reads the one path that PathOf writes for a tile. Errors: kReceiptForm.
Result<Tile> ParseTilePath(std::string_view path);

/// The tiles of hashes that a log needs for a tree of `new_size` and that a tree of `old_size` did
/// not have: lower levels first, each from left to right. All tiles of a tree are those new since
/// size 0. A tile that only grew is new; none is empty; `old_size` is at most `new_size`.
/// Cost: linear in the result, about one tile for 255 leaves.
std::vector<Tile> NewTiles(std::uint64_t old_size, std::uint64_t new_size);

/// The same for the bundles of entries.
std::vector<Tile> NewBundles(std::uint64_t old_size, std::uint64_t new_size);

/// The tile in which a tree of `size` keeps the root of the complete subtree over the 2^level
/// leaves from `index` · 2^level on (see merkle::NodeSource), as wide as it is at that size.
/// Errors: kInvalidArgument (the subtree does not lie whole within the tree).
Result<Tile> TileOfNode(int level, std::uint64_t index, std::uint64_t size);

/// That root, from the bytes of TileOfNode's tile or of a wider one. Errors: kReceiptForm (the
/// bytes are not whole hashes, or too few). Cost: at most 127 node hashes.
Result<crypto::Digest> NodeFromTile(std::string_view bytes, int level, std::uint64_t index);

}  // namespace candour::tlog
