#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/sqlite.h"
#include "tlog/checkpoint.h"

namespace candour::ledger {

/// A checkpoint with the note that signs it.
struct SignedNote {
  tlog::Checkpoint checkpoint;
  std::string note;  ///< the whole signed note
};

/// The last checkpoint that was signed for each log, in a small SQLite store outside the home.
///
/// A log that was put back from a backup, or runs twice from copies of one home, would sign a
/// second history; here it finds what was signed already, and cannot swap it. So the store must
/// not travel with the home: it lies beside the key that signs.
/// Errors: kIo, kCorruption, and as each method says. Threads: any.
/// Source: the commit protocol of Sunlight; docs/formats/log.md.
class CheckpointStore {
 public:
  /// Opens or makes the store in `file`, whose folder exists.
  static Result<std::unique_ptr<CheckpointStore>> Open(const std::filesystem::path& file);

  /// What was signed last for the log of this origin.
  Result<std::optional<SignedNote>> Find(std::string_view origin) const;

  /// Puts `next` in the place of the checkpoint of `size` and `root`, or, without one, in the place
  /// of none; durable on return. Errors: kLedgerForked (another is there; nothing changes).
  Status Swap(const std::optional<tlog::Checkpoint>& last, const SignedNote& next);

 private:
  explicit CheckpointStore(storage::Sqlite store) : store_(std::move(store)) {}
  Status Prepare();

  mutable std::mutex mutex_;
  storage::Sqlite store_;
};

}  // namespace candour::ledger
