#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "ledger/checkpoint_store.h"
#include "ledger/ledger.h"
#include "ledger/restored_entry.h"
#include "storage/journal.h"

namespace candour::ledger {

/// What there is of a log: in a home's folder, or in a backup.
struct LogExtent {
  LogName name = LogName::kAccesses;
  std::vector<LifeStart> lives;  ///< as it knows them itself, oldest first; at least one
  std::uint64_t size = 0;
  crypto::Digest root = {};
};

/// The extent of the log that `first_origin` began and `journal` holds. Errors: kLedgerCorrupt,
/// kIo.
Result<LogExtent> ExtentOf(LogName name, const std::string& first_origin,
                           const storage::Journal& journal);

/// How a log compares with what was signed for it.
enum class Standing {
  kWhole,     ///< nothing that was signed is missing
  kBehind,    ///< entries that were signed are missing
  kUnsigned,  ///< the checkpoint store does not know of it
};

/// A log beside what was signed for it.
struct LogStanding {
  LogExtent extent;
  Standing standing = Standing::kWhole;
  std::vector<LogLife> lives;      ///< as the checkpoint store knows them
  std::optional<SignedNote> last;  ///< what was signed last in the last of them
  std::uint64_t kept = 0;          ///< how many entries of that last life are there

  /// How many entries are missing that were signed; nothing when nobody knows.
  std::optional<std::uint64_t> lost() const {
    if (!last) return std::nullopt;
    return last->checkpoint.size > kept ? last->checkpoint.size - kept : 0;
  }
};

/// Holds a log against the store. Entries after the last that was signed are not looked at: opening
/// the log does that. Errors: kLedgerForked (as many entries were signed, and others), kIo.
Result<LogStanding> StandingOf(LogExtent extent, const CheckpointStore& checkpoints);

}  // namespace candour::ledger
