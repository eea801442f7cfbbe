#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "storage/journal.h"

namespace candour::ledger {

/// Why a signing key is changed.
enum class RotationReason {
  kScheduled,    ///< it is its time
  kLost,         ///< nobody can sign with it any more, or nobody knows
  kCompromised,  ///< somebody else may sign with it
};

/// "scheduled", "lost" or "compromised".
std::string_view ToString(RotationReason reason);

/// What a `key-rotated` entry says: from the next batch on, another key signs for the log.
struct KeyRotated {
  int generation = 2;  ///< of the new key
  std::string key;     ///< the new verifier key, as it is published
  RotationReason reason = RotationReason::kScheduled;
};

/// The entry, and what such an entry says. Errors of decoding: kLedgerCorrupt.
Result<std::string> EncodeKeyRotated(UtcTime time, const KeyRotated& rotated);
Result<KeyRotated> DecodeKeyRotated(std::uint64_t index, const std::string& payload);

/// The generation of the key that the journal says signs now; 1 when it was never changed.
/// Errors: kLedgerCorrupt, kIo. Cost: a look at the type of every entry.
Result<int> GenerationIn(const storage::Journal& journal);

}  // namespace candour::ledger
