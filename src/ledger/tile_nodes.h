#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "tlog/tile.h"

namespace candour::ledger {

/// A tile with the roots of all complete subtrees over its hashes, so that a proof takes them as
/// they are instead of hashing half the tile again. At most 16 KiB.
class TileNodes {
 public:
  /// Errors: kReceiptForm (the bytes are not 1 to 256 whole hashes).
  static Result<TileNodes> FromBytes(std::string_view bytes);

  /// Adds a hash at the end of a tile that is not full. Cost: amortised one node hash.
  void Append(const crypto::Digest& hash);

  int width() const { return static_cast<int>(heights_[0].size()); }
  bool full() const { return width() == tlog::kTileWidth; }

  /// The root over the 2^height hashes from `index` · 2^height on, which are in the tile.
  const crypto::Digest& Node(int height, std::size_t index) const;

  /// The root over all of a full tile: its hash on the level above.
  const crypto::Digest& Root() const { return Node(tlog::kTileHeight, 0); }

  /// The first `width` hashes, as a tile file has them.
  std::string Bytes(int width) const;

 private:
  std::array<std::vector<crypto::Digest>, tlog::kTileHeight + 1> heights_;
};

}  // namespace candour::ledger
