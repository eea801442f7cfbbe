#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/restored_entry.h"
#include "ledger/standing.h"

namespace candour::ledger {

/// What the operator accepts of a restore, and why.
struct RestoreTerms {
  bool loss = false;              ///< entries that were signed are gone
  bool lost_checkpoints = false;  ///< nobody knows any more what was signed
  RestoredBy by;                  ///< the reason may not be empty once anything is accepted
  std::optional<BackupSource> backup;
};

/// A log that was closed and goes on.
struct Continued {
  LogName name = LogName::kAccesses;
  Restored entry;
};

/// Both logs in the ledger's folder beside what was signed for them. `settings.folder` is nobody
/// else's. Errors: those of Journal::Open and StandingOf.
Result<std::vector<LogStanding>> ReadStandings(const LedgerSettings& settings);

/// What extents, which may be those of a backup, are beside what was signed.
Result<std::vector<LogStanding>> ReadStandings(const LedgerSettings& settings,
                                               const std::vector<LogExtent>& extents);

/// Refuses what the terms do not accept, saying what would be lost.
/// Errors: kLedgerBehind, kLedgerUnsigned; kUsage (no reason; the store is there although it is
/// said to be lost).
Status CheckTerms(const std::vector<LogStanding>& standings, const RestoreTerms& terms);

/// Closes every log that is not whole, and begins its next life: a `restored` entry is appended to
/// what there is, signed for under a new origin, and put into the checkpoint store in one step with
/// the note that the old origin is closed. So what was signed stays signed, receipts of lost
/// entries included, and there are never two histories of one origin (docs/adr).
///
/// The terms were checked. A crash leaves the log closed and going on, or refused as before.
/// Errors: kLedgerForked (it was signed for since), kLedgerCorrupt, kIo.
Result<std::vector<Continued>> ContinueLogs(const LedgerSettings& settings,
                                            const std::vector<LogStanding>& standings,
                                            const RestoreTerms& terms, const Clock& clock);

}  // namespace candour::ledger
