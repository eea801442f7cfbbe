#include "ledger/tile_tree.h"

#include <algorithm>

#include "base/check.h"

namespace candour::ledger {
namespace {

constexpr std::size_t kMaxCached = 512;  // tiles: 8 MiB
constexpr std::size_t kManyTiles = 512;

}  // namespace

Result<std::unique_ptr<TileTree>> TileTree::Open(storage::Filesystem& files,
                                                 std::filesystem::path folder, std::uint64_t size) {
  std::unique_ptr<TileTree> tree(new TileTree(files, std::move(folder)));
  CANDOUR_TRY(tree->ReadEdge(size));
  return tree;
}

/// The tiles that still grow, and the last full one of each level, which a root may need.
Status TileTree::ReadEdge(std::uint64_t size) {
  size_ = written_ = size;
  std::uint64_t hashes = size;
  for (int level = 0; hashes > 0; ++level, hashes /= tlog::kTileWidth) {
    const std::uint64_t index = hashes / tlog::kTileWidth;
    const int width = static_cast<int>(hashes % tlog::kTileWidth);
    if (width == 0) continue;
    const tlog::Tile tile{.level = level, .index = index, .width = width};
    CANDOUR_ASSIGN(const std::string bytes, files_.Read(folder_ / PathOf(tile)));
    CANDOUR_ASSIGN(TileNodes nodes, TileNodes::FromBytes(bytes));
    if (nodes.width() != width) return Fail(ErrorCode::kReceiptForm, "The tile is not whole.");
    recent_[{level, index}] = std::make_shared<TileNodes>(std::move(nodes));
  }
  return {};
}

void TileTree::Append(const crypto::Digest& leaf) {
  const std::lock_guard lock(mutex_);
  crypto::Digest hash = leaf;
  std::uint64_t index = size_++;
  for (int level = 0;; ++level) {
    auto& tile = recent_[{level, index / tlog::kTileWidth}];
    if (tile == nullptr) tile = std::make_shared<TileNodes>();
    tile->Append(hash);
    if (!tile->full()) return;
    hash = tile->Root();
    index /= tlog::kTileWidth;
  }
}

std::uint64_t TileTree::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

void TileTree::Remember(Key key, Nodes nodes) const {
  if (!cache_.emplace(key, std::move(nodes)).second) return;
  cached_.push_back(key);
  if (cached_.size() <= kMaxCached) return;
  cache_.erase(cached_.front());
  cached_.pop_front();
}

/// A tile that is not in recent_, which only the caller's lock keeps still.
Result<TileTree::Nodes> TileTree::Find(Key key) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = cache_.find(key); it != cache_.end()) return it->second;
  }
  const tlog::Tile tile{.level = key.first, .index = key.second};
  CANDOUR_ASSIGN(const std::string bytes, files_.Read(folder_ / PathOf(tile)));
  CANDOUR_ASSIGN(TileNodes nodes, TileNodes::FromBytes(bytes));
  if (!nodes.full()) return Fail(ErrorCode::kReceiptForm, "The tile is not whole.");
  auto found = std::make_shared<const TileNodes>(std::move(nodes));
  const std::lock_guard lock(mutex_);
  Remember(key, found);
  return found;
}

Result<crypto::Digest> TileTree::Node(int level, std::uint64_t index) const {
  const int height = level % tlog::kTileHeight;
  const int shift = tlog::kTileHeight - height;
  const Key key{level / tlog::kTileHeight, index >> shift};
  const std::uint64_t within = index & ((std::uint64_t{1} << shift) - 1);
  {
    const std::lock_guard lock(mutex_);
    if (level < 0 || level >= 64 || index >= size_ >> level) {
      return Fail(ErrorCode::kInvalidArgument, "The subtree does not lie whole within the tree.");
    }
    if (const auto it = recent_.find(key); it != recent_.end()) {
      return it->second->Node(height, within);
    }
  }
  CANDOUR_ASSIGN(const Nodes nodes, Find(key));
  return nodes->Node(height, within);
}

/// Makes a folder below the log's own, with all above it, each durable in the one before it.
Status TileTree::MakeFolders(const std::filesystem::path& folder) {
  if (folder == folder_ || made_.contains(folder)) return {};
  CANDOUR_TRY(MakeFolders(folder.parent_path()));
  CANDOUR_TRY(files_.MakeDirectory(folder));
  CANDOUR_TRY(files_.SyncDirectory(folder.parent_path()));
  made_.insert(folder);
  return {};
}

/// Partial tiles serve until there is the full one, of which each is the beginning.
Status TileTree::RemovePartials(const tlog::Tile& full) {
  const std::filesystem::path folder = folder_ / PathOf(full).append(".p");
  CANDOUR_TRY(MakeFolders(folder.parent_path()));
  CANDOUR_ASSIGN(const bool any, files_.Exists(folder));
  if (!any) return {};
  CANDOUR_ASSIGN(const std::vector<std::string> names, files_.List(folder));
  for (const std::string& name : names) CANDOUR_TRY(files_.Remove(folder / name));
  made_.erase(folder);
  return files_.RemoveDirectory(folder);
}

Status TileTree::WriteTile(const tlog::Tile& tile, bool synced) {
  const Key key{*tile.level, tile.index};
  std::string bytes;
  {
    const std::lock_guard lock(mutex_);
    bytes = recent_.at(key)->Bytes(tile.width);
  }
  const std::filesystem::path file = folder_ / PathOf(tile);
  CANDOUR_TRY(MakeFolders(file.parent_path()));
  CANDOUR_ASSIGN(const auto written, files_.Create(file));
  CANDOUR_TRY(written->Append(bytes));
  return synced ? written->Sync() : Status();
}

/// What is on disk need not be kept at hand, and a full tile has no need of its beginnings.
Status TileTree::Settle(const tlog::Tile& full) {
  CANDOUR_TRY(RemovePartials(full));
  const Key key{*full.level, full.index};
  const std::lock_guard lock(mutex_);
  Remember(key, recent_.at(key));
  recent_.erase(key);
  return {};
}

/// No checkpoint that was published refers to these tiles, so a torn one harms nobody: they are
/// written where they belong, and one sync of each folder makes their names durable; where there
/// are very many, as when all are made again, one sync of the disk does.
Status TileTree::Write(std::uint64_t size) {
  CANDOUR_REQUIRE(size >= written_ && size <= this->size());
  const std::vector<tlog::Tile> tiles = tlog::NewTiles(written_, size);
  const bool many = tiles.size() > kManyTiles;
  std::set<std::filesystem::path> folders;
  for (const tlog::Tile& tile : tiles) {
    CANDOUR_TRY(WriteTile(tile, !many));
    if (!many) folders.insert((folder_ / PathOf(tile)).parent_path());
  }
  if (many) CANDOUR_TRY(files_.SyncAll(folder_));
  for (const std::filesystem::path& folder : folders) CANDOUR_TRY(files_.SyncDirectory(folder));
  for (const tlog::Tile& tile : tiles) {
    if (tile.width == tlog::kTileWidth) CANDOUR_TRY(Settle(tile));
  }
  written_ = size;
  return {};
}

}  // namespace candour::ledger
