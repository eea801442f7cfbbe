#include "ledger/export.h"

#include <fmt/format.h>

#include "ledger/published.h"
#include "storage/durable_file.h"
#include "tlog/entry_bundle.h"
#include "tlog/tile.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

class Exporter {
 public:
  Exporter(const Log& log, fs::path folder, const std::function<void(double)>& progress)
      : log_(log), folder_(std::move(folder)), progress_(progress) {}

  Status Run(ExportScope scope) {
    CANDOUR_TRY(MakeFolder(folder_));
    CANDOUR_ASSIGN(const std::string note, files_.Read(log_.public_folder() / "checkpoint"));
    CANDOUR_ASSIGN(const tlog::Checkpoint now,
                   ReadPublished(files_, log_.public_folder(), log_.key()));
    CANDOUR_ASSIGN(const std::uint64_t tiles_before, SizeBefore(now));
    const std::vector<tlog::Tile> tiles = tlog::NewTiles(tiles_before, now.size);
    // Whether bundles were exported before is not noted, so those that are there are passed over.
    const std::vector<tlog::Tile> bundles =
        scope == ExportScope::kAuditors ? tlog::NewBundles(0, now.size) : std::vector<tlog::Tile>();
    total_ = tiles.size() + bundles.size();
    for (const tlog::Tile& tile : tiles) CANDOUR_TRY(CopyTile(tile));
    for (const tlog::Tile& bundle : bundles) CANDOUR_TRY(WriteBundle(bundle));
    return WritePublished(files_, folder_, note);
  }

 private:
  static Status MakeFolder(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (!failure) return {};
    return Fail(ErrorCode::kIo, fmt::format("Cannot make the folder: {}.", folder.string()));
  }

  /// How much of this log the folder holds already.
  Result<std::uint64_t> SizeBefore(const tlog::Checkpoint& now) const {
    CANDOUR_ASSIGN(const bool any, files_.Exists(folder_ / "checkpoint"));
    if (!any) return 0;
    const auto before = ReadPublished(files_, folder_, log_.key());
    if (before && before->size <= now.size) return before->size;
    return Fail(Error{.code = ErrorCode::kConflict,
                      .message = "The folder holds another log, or more of this one."}
                    .Next("export into a new folder"));
  }

  Status Write(const fs::path& file, std::string_view bytes) {
    CANDOUR_TRY(MakeFolder(file.parent_path()));
    CANDOUR_TRY(storage::WriteDurably(files_, file, bytes));
    Advance();
    return {};
  }

  void Advance() {
    if (progress_) progress_(static_cast<double>(++done_) / static_cast<double>(total_));
  }

  Status CopyTile(const tlog::Tile& tile) {
    const std::string path = tlog::PathOf(tile);
    CANDOUR_ASSIGN(const std::string bytes, files_.Read(log_.public_folder() / path));
    return Write(folder_ / path, bytes);
  }

  Status WriteBundle(const tlog::Tile& bundle) {
    const fs::path file = folder_ / tlog::PathOf(bundle);
    if (fs::exists(file)) {
      Advance();
      return {};
    }
    CANDOUR_ASSIGN(std::vector<storage::JournalEntry> entries,
                   log_.journal().Read(bundle.index * tlog::kTileWidth,
                                       static_cast<std::uint64_t>(bundle.width)));
    std::vector<std::string> payloads;
    for (storage::JournalEntry& entry : entries) payloads.push_back(std::move(entry.payload));
    CANDOUR_ASSIGN(const std::string bytes, tlog::EncodeBundle(payloads));
    return Write(file, bytes);
  }

  const Log& log_;
  fs::path folder_;
  const std::function<void(double)>& progress_;
  storage::Filesystem& files_ = storage::MachineFilesystem();
  std::size_t total_ = 0;
  std::size_t done_ = 0;
};

}  // namespace

Status ExportLog(const Log& log, const fs::path& folder, ExportScope scope,
                 const std::function<void(double)>& progress) {
  if (log.published() == 0) {
    return Fail(Error{.code = ErrorCode::kNotFound, .message = "The log has no entries yet."});
  }
  return Exporter(log, folder, progress).Run(scope);
}

}  // namespace candour::ledger
