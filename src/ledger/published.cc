#include "ledger/published.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ledger/tile_nodes.h"
#include "merkle/hasher.h"
#include "storage/durable_file.h"
#include "tlog/tile.h"

namespace candour::ledger {
namespace {

constexpr const char* kCheckpoint = "checkpoint";

/// One level of tiles while a tree is built again from the left: only the hashes of the tile that
/// grows are kept.
class TileChecker {
 public:
  TileChecker(storage::Filesystem& files, const std::filesystem::path& folder)
      : files_(files), folder_(folder) {}

  Status Add(crypto::Digest hash) {
    for (int level = 0;; ++level) {
      if (levels_.size() <= static_cast<std::size_t>(level)) levels_.emplace_back();
      Level& at = levels_[static_cast<std::size_t>(level)];
      at.nodes.Append(hash);
      if (!at.nodes.full()) return {};
      CANDOUR_TRY(Check(level, at));
      hash = at.nodes.Root();
      at = {.tile = at.tile + 1};
    }
  }

  /// The tiles that are not full.
  Status Finish() {
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      if (levels_[level].nodes.width() == 0) continue;
      CANDOUR_TRY(Check(static_cast<int>(level), levels_[level]));
    }
    return {};
  }

 private:
  struct Level {
    std::uint64_t tile = 0;
    TileNodes nodes;
  };

  Status Check(int level, const Level& at) const {
    const int width = at.nodes.width();
    const std::string path = tlog::PathOf({.level = level, .index = at.tile, .width = width});
    const std::string expected = at.nodes.Bytes(width);
    const auto found = files_.Read(folder_ / path);
    if (found && *found == expected) return {};
    if (!found && found.error().code != ErrorCode::kNotFound) {
      return std::unexpected(found.error());
    }
    const std::string bytes = found.value_or("");
    return Fail(Error{
        .code = ErrorCode::kLedgerCorrupt,
        .message = fmt::format("A published tile is not that of the journal: {}, byte {}.", path,
                               std::ranges::mismatch(bytes, expected).in1 - bytes.begin())}
                    .FixBy("the operator")
                    .Next("keep the folder for inspection, then remove it: it is made again"));
  }

  storage::Filesystem& files_;
  const std::filesystem::path& folder_;
  std::vector<Level> levels_;
};

}  // namespace

Result<tlog::Checkpoint> ReadPublished(storage::Filesystem& files,
                                       const std::filesystem::path& folder,
                                       const tlog::VerifierKey& key) {
  CANDOUR_ASSIGN(const std::string note, files.Read(folder / kCheckpoint));
  CANDOUR_ASSIGN(tlog::SignedCheckpoint found,
                 tlog::OpenCheckpoint(note, {.origin = key.name(), .log_keys = {key}}));
  return std::move(found.checkpoint);
}

Status WritePublished(storage::Filesystem& files, const std::filesystem::path& folder,
                      std::string_view note) {
  return storage::WriteDurably(files, folder / kCheckpoint, note);
}

Status VerifyTiles(storage::Filesystem& files, const std::filesystem::path& folder,
                   const storage::Journal& journal, std::uint64_t size) {
  constexpr std::uint64_t kAtOnce = 1'024;
  TileChecker checker(files, folder);
  for (std::uint64_t first = 0; first < size; first += kAtOnce) {
    CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries,
                   journal.Read(first, std::min(kAtOnce, size - first)));
    for (const storage::JournalEntry& entry : entries) {
      CANDOUR_TRY(checker.Add(merkle::LeafHash(entry.payload)));
    }
  }
  return checker.Finish();
}

}  // namespace candour::ledger
