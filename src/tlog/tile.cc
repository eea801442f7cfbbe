#include "tlog/tile.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/check.h"
#include "merkle/compact_range.h"
#include "tlog/line.h"

namespace candour::tlog {
namespace {

constexpr int kLevelLimit = 64;

std::unexpected<Error> NotAPath() {
  return Fail(
      Error{.code = ErrorCode::kReceiptForm, .message = "This is not the path of a tile."}.Expected(
          "tile/LEVEL/x001/067 or tile/entries/x001/067, .p/WIDTH if partial"));
}

/// How many hashes a tree of `size` has on a level of tiles.
std::uint64_t HashesAt(int tile_level, std::uint64_t size) {
  const int shift = tile_level * kTileHeight;
  return shift < 64 ? size >> shift : 0;
}

/// Takes "x001/x234/067" apart. How many digits there are may differ; PathOf tells.
std::optional<std::uint64_t> ParseIndex(std::string_view text) {
  std::uint64_t index = 0;
  while (true) {
    const bool is_last = !text.starts_with('x');
    if (!is_last) text.remove_prefix(1);
    if (text.size() < 3) return std::nullopt;
    for (const char c : text.substr(0, 3)) {
      if (c < '0' || c > '9') return std::nullopt;
      if (__builtin_mul_overflow(index, std::uint64_t{10}, &index) ||
          __builtin_add_overflow(index, static_cast<std::uint64_t>(c - '0'), &index)) {
        return std::nullopt;
      }
    }
    text.remove_prefix(3);
    if (is_last) return text.empty() ? std::optional(index) : std::nullopt;
    if (!text.starts_with('/')) return std::nullopt;
    text.remove_prefix(1);
  }
}

/// Adds the tiles of one level that hold hashes from `old_count` up to `new_count`.
void AddNew(std::optional<int> level, std::uint64_t old_count, std::uint64_t new_count,
            std::vector<Tile>& tiles) {
  for (std::uint64_t index = old_count / kTileWidth; old_count < new_count; ++index) {
    const std::uint64_t begin = index * kTileWidth;
    const int width = static_cast<int>(std::min<std::uint64_t>(new_count - begin, kTileWidth));
    tiles.push_back({.level = level, .index = index, .width = width});
    old_count = begin + static_cast<std::uint64_t>(width);
  }
}

/// Where in the tiles a node lies.
struct Place {
  int tile_level;
  std::uint64_t tile;
  std::uint64_t first;  ///< the first of its hashes within the tile
  std::uint64_t count;  ///< how many they are
};

Place PlaceOf(int level, std::uint64_t index) {
  const int within = level % kTileHeight;
  return {.tile_level = level / kTileHeight,
          .tile = index >> (kTileHeight - within),
          .first = (index << within) % kTileWidth,
          .count = std::uint64_t{1} << within};
}

}  // namespace

std::string PathOf(const Tile& tile) {
  CANDOUR_REQUIRE(tile.width >= 1 && tile.width <= kTileWidth);
  CANDOUR_REQUIRE(!tile.level || (*tile.level >= 0 && *tile.level < kLevelLimit));
  std::string groups = fmt::format("{:03}", tile.index % 1000);
  for (std::uint64_t rest = tile.index / 1000; rest > 0; rest /= 1000) {
    groups = fmt::format("x{:03}/{}", rest % 1000, groups);
  }
  const std::string level = tile.level ? fmt::format("{}", *tile.level) : "entries";
  const std::string partial =
      tile.width < kTileWidth ? fmt::format(".p/{}", tile.width) : std::string();
  return fmt::format("tile/{}/{}{}", level, groups, partial);
}

Result<Tile> ParseTilePath(std::string_view path) {
  constexpr std::string_view kStart = "tile/";
  constexpr std::string_view kPartial = ".p/";
  if (!path.starts_with(kStart)) return NotAPath();
  std::string_view rest = path.substr(kStart.size());

  Tile tile;
  const std::size_t slash = rest.find('/');
  if (slash == rest.npos) return NotAPath();
  if (rest.substr(0, slash) != "entries") {
    const auto level = ParseDecimal(rest.substr(0, slash));
    if (!level || *level >= kLevelLimit) return NotAPath();
    tile.level = static_cast<int>(*level);
  }
  rest.remove_prefix(slash + 1);

  if (const std::size_t partial = rest.find(kPartial); partial != rest.npos) {
    const auto width = ParseDecimal(rest.substr(partial + kPartial.size()));
    if (!width || *width < 1 || *width >= kTileWidth) return NotAPath();
    tile.width = static_cast<int>(*width);
    rest = rest.substr(0, partial);
  }
  const auto index = ParseIndex(rest);
  if (!index) return NotAPath();
  tile.index = *index;
  // One path for one tile: groups of zeros in front would make more.
  if (PathOf(tile) != path) return NotAPath();
  return tile;
}

std::vector<Tile> NewTiles(std::uint64_t old_size, std::uint64_t new_size) {
  CANDOUR_REQUIRE(old_size <= new_size);
  std::vector<Tile> tiles;
  for (int level = 0; HashesAt(level, new_size) > 0; ++level) {
    AddNew(level, HashesAt(level, old_size), HashesAt(level, new_size), tiles);
  }
  return tiles;
}

std::vector<Tile> NewBundles(std::uint64_t old_size, std::uint64_t new_size) {
  CANDOUR_REQUIRE(old_size <= new_size);
  std::vector<Tile> bundles;
  AddNew(std::nullopt, old_size, new_size, bundles);
  return bundles;
}

Result<Tile> TileOfNode(int level, std::uint64_t index, std::uint64_t size) {
  if (level < 0 || level >= 64 || index >= size >> level) {
    return Fail(ErrorCode::kInvalidArgument, "The subtree does not lie whole within the tree.");
  }
  const Place place = PlaceOf(level, index);
  const std::uint64_t width = HashesAt(place.tile_level, size) - place.tile * kTileWidth;
  return Tile{.level = place.tile_level,
              .index = place.tile,
              .width = static_cast<int>(std::min<std::uint64_t>(width, kTileWidth))};
}

Result<crypto::Digest> NodeFromTile(std::string_view bytes, int level, std::uint64_t index) {
  CANDOUR_REQUIRE(level >= 0 && level < 64);
  const Place place = PlaceOf(level, index);
  constexpr std::size_t kHashSize = sizeof(crypto::Digest);
  if (bytes.size() % kHashSize != 0 || bytes.size() / kHashSize > kTileWidth ||
      bytes.size() / kHashSize < place.first + place.count) {
    return Fail(ErrorCode::kReceiptForm, "The tile has not as many bytes as its hashes take.");
  }
  // The complete subtree over these hashes is built as a tree that grows hash by hash.
  merkle::CompactRange range;
  for (std::uint64_t i = place.first; i < place.first + place.count; ++i) {
    crypto::Digest hash;
    std::ranges::copy(bytes.substr(i * kHashSize, kHashSize), hash.begin());
    range.Append(hash);
  }
  return range.Root();
}

}  // namespace candour::tlog
