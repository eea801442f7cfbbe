#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/sqlite.h"
#include "tlog/checkpoint.h"

namespace candour::ledger {

/// A checkpoint with the note that signs it.
struct SignedNote {
  tlog::Checkpoint checkpoint;
  std::string note;  ///< the whole signed note
};

/// One life of a log: what it was signed under, until a restore closed it.
struct LogLife {
  std::string origin;
  std::uint64_t kept = 0;  ///< how many of its entries the next life has; 0 for the last
};

/// The last checkpoint that was signed for each log, in a small SQLite store outside the home.
///
/// A log that was put back from a backup, or runs twice from copies of one home, would sign a
/// second history; here it finds what was signed already, and cannot swap it. So the store must
/// not travel with the home: it lies beside the key that signs. A restore that loses entries
/// closes the log for good; it goes on under another origin, its next life.
/// Errors: kIo, kCorruption, and as each method says. Threads: any.
/// Source: the commit protocol of Sunlight; docs/formats/log.md.
class CheckpointStore {
 public:
  /// Opens or makes the store in `file`, whose folder exists.
  static Result<std::unique_ptr<CheckpointStore>> Open(const std::filesystem::path& file);

  /// What was signed last for the log of this origin.
  Result<std::optional<SignedNote>> Find(std::string_view origin) const;

  /// Puts `next` in the place of the checkpoint of `size` and `root`, or, without one, in the place
  /// of none; durable on return. Errors: kLedgerForked (another is there, or the log was closed;
  /// nothing changes).
  Status Swap(const std::optional<tlog::Checkpoint>& last, const SignedNote& next);

  /// The generation of the key that signs for the log of this origin: 1 until it is changed.
  Result<int> GenerationOf(std::string_view origin) const;

  /// Puts a note of the same checkpoint, signed by the key of `generation` as well, in the place of
  /// the last one; from now on that key signs. Durable on return. Errors: as Swap.
  Status Rotate(const SignedNote& next, int generation);

  /// All lives of the log that began as `origin`, oldest first; the last one is signed for now.
  Result<std::vector<LogLife>> LivesOf(std::string_view origin) const;

  /// Closes every log of `closed` for good and signs for their next life, all or nothing; durable
  /// on return. `last`: what was signed last for the first of them, or that nothing was.
  /// `generation`: of the key that signed `next`.
  /// Errors: kLedgerForked (something else was, or one is closed already; nothing changes).
  Status Close(const std::vector<LogLife>& closed, const std::optional<tlog::Checkpoint>& last,
               const SignedNote& next, int generation = 1);

 private:
  explicit CheckpointStore(storage::Sqlite store) : store_(std::move(store)) {}
  Status Prepare();
  Result<std::optional<SignedNote>> FindLocked(std::string_view origin) const;
  Result<std::optional<LogLife>> NextOf(const std::string& origin) const;
  Status PutGeneration(const std::string& origin, int generation);

  mutable std::mutex mutex_;
  storage::Sqlite store_;
};

}  // namespace candour::ledger
