#include "ledger/tile_nodes.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "merkle/hasher.h"

namespace candour::ledger {

Result<TileNodes> TileNodes::FromBytes(std::string_view bytes) {
  constexpr std::size_t kHashSize = sizeof(crypto::Digest);
  if (bytes.empty() || bytes.size() % kHashSize != 0 ||
      bytes.size() > tlog::kTileWidth * kHashSize) {
    return Fail(ErrorCode::kReceiptForm, "The tile is not 1 to 256 whole hashes.");
  }
  TileNodes nodes;
  for (; !bytes.empty(); bytes.remove_prefix(kHashSize)) {
    crypto::Digest hash;
    std::ranges::copy(bytes.substr(0, kHashSize), hash.begin());
    nodes.Append(hash);
  }
  return nodes;
}

void TileNodes::Append(const crypto::Digest& hash) {
  CANDOUR_REQUIRE(!full());
  heights_[0].push_back(hash);
  for (std::size_t height = 0; heights_[height].size() % 2 == 0; ++height) {
    const auto& below = heights_[height];
    heights_[height + 1].push_back(merkle::NodeHash(below.end()[-2], below.end()[-1]));
    if (height + 1 == tlog::kTileHeight) break;
  }
}

const crypto::Digest& TileNodes::Node(int height, std::size_t index) const {
  const auto& nodes = heights_.at(static_cast<std::size_t>(height));
  CANDOUR_REQUIRE(index < nodes.size());
  return nodes[index];
}

std::string TileNodes::Bytes(int width) const {
  CANDOUR_REQUIRE(width >= 1 && width <= this->width());
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(width) * sizeof(crypto::Digest));
  for (int i = 0; i < width; ++i) bytes += BytesOf(heights_[0][static_cast<std::size_t>(i)]);
  return bytes;
}

}  // namespace candour::ledger
