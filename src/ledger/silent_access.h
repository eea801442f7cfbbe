#pragma once

#include <vector>

#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/vault.h"
#include "storage/journal.h"

namespace candour::ledger {

/// Errors: kInvalidArgument (a silence that is over at `now`, or is longer than kMostSilentDays).
Status CheckSilentUntil(UtcTime until, UtcTime now);

/// What a reviewer must say: a reason, and a date that is allowed. Errors: kInvalidArgument.
Status CheckDecisionTerms(const SilenceDecision& decision);

/// All accesses that are silent or were, newest first.
Result<std::vector<SilentAccess>> SilentAccessesIn(const Vault& vault, UtcTime now);

/// Leaves out the accesses that people are not told of at `now`.
Status LeaveOutSilent(std::vector<AccessDetail>& accesses, const Vault& vault, UtcTime now);

/// Holds every access of the journal against what people are shown. Errors: kLedgerCorrupt, naming
/// the entry; kIo. Cost: linear in the journal.
Result<SilenceTally> TallySilence(const storage::Journal& journal, const Vault& vault, UtcTime now);

}  // namespace candour::ledger
