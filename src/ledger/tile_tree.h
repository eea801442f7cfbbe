#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "base/result.h"
#include "ledger/tile_nodes.h"
#include "merkle/node_source.h"
#include "storage/filesystem.h"

namespace candour::ledger {

/// All hashes of a log's tree: what is written as tiles in the log's folder, and in memory what
/// came since. Everything in it can be made again from the journal.
///
/// Threads: one appends and writes; any others ask for nodes beside it.
/// Format: c2sp.org/tlog-tiles.
class TileTree final : public merkle::NodeSource {
 public:
  /// The tree that the tiles in `folder` are of; `size` leaves were written. `files` outlives it.
  /// Errors: kIo, kNotFound, kReceiptForm (a tile of its right edge is missing or damaged).
  static Result<std::unique_ptr<TileTree>> Open(storage::Filesystem& files,
                                                std::filesystem::path folder, std::uint64_t size);

  /// Adds a leaf by its hash. Cost: amortised one node hash.
  void Append(const crypto::Digest& leaf);

  /// Writes all tiles of the tree of the first `size` leaves that are not written yet; durable on
  /// return. Errors: kIo; then what is on disk is not known, and nothing may be written any more.
  Status Write(std::uint64_t size);

  std::uint64_t size() const;

  /// Errors: kNotFound, kIo, kReceiptForm (the tile on disk is missing or damaged).
  /// Cost: a look-up in memory, or one tile read and 255 node hashes.
  Result<crypto::Digest> Node(int level, std::uint64_t index) const override;

 private:
  /// A tile by its level and its number within it.
  using Key = std::pair<int, std::uint64_t>;
  using Nodes = std::shared_ptr<const TileNodes>;

  TileTree(storage::Filesystem& files, std::filesystem::path folder)
      : files_(files), folder_(std::move(folder)) {}
  Status ReadEdge(std::uint64_t size);
  Result<Nodes> Find(Key key) const;
  Status WriteTile(const tlog::Tile& tile, bool synced);
  Status Settle(const tlog::Tile& full);
  Status MakeFolders(const std::filesystem::path& folder);
  Status RemovePartials(const tlog::Tile& full);
  void Remember(Key key, Nodes nodes) const;

  storage::Filesystem& files_;
  std::filesystem::path folder_;
  std::set<std::filesystem::path> made_;  ///< folders that are there, durably
  std::uint64_t written_ = 0;             ///< leaves whose tiles are on disk

  mutable std::mutex mutex_;  ///< of all that follows
  std::uint64_t size_ = 0;
  std::map<Key, std::shared_ptr<TileNodes>> recent_;  ///< growing, or full and not written
  mutable std::map<Key, Nodes> cache_;                ///< read or written lately
  mutable std::list<Key> cached_;                     ///< its keys, oldest first
};

}  // namespace candour::ledger
