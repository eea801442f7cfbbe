#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/copy.h"
#include "ledger/silence.h"

namespace candour::ledger {

/// What opens the silence that a `started` entry commits to.
Result<Opening> OpeningOf(const Silence& silence, const std::string& blinding);

/// What opens the commitments of a decision's entry; none of what was lost.
Result<std::vector<Opening>> OpeningsOf(const SilenceDecision& decision);

/// The entry of what a reviewer decided, of which `decision.entry` is not part; and what such an
/// entry says without its private half. Errors: kInvalidArgument; of decoding kLedgerCorrupt.
Result<std::string> EncodeSilenceDecided(const SilenceDecision& decision);
Result<SilenceDecision> DecodeSilenceDecided(std::uint64_t index, const std::string& payload);

}  // namespace candour::ledger
