#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/sha256.h"
#include "ledger/commitment.h"
#include "ledger/copy.h"
#include "ledger/ledger.h"

namespace candour::ledger {

/// The blinding values of one access's commitments; all empty when they were erased.
struct AccessBlindings {
  std::string actor;
  std::string statement;
  std::string counts;
  std::string silence;  ///< empty too when the access was not silent
};

/// What came of an access: the `finished` entry with its private half.
struct Outcome {
  std::uint64_t finished = 0;  ///< index of the entry
  std::uint64_t started = 0;
  UtcTime time;
  std::optional<SetId> released;
  std::int64_t rows = -1;
  std::string outcome;
  std::string blinding;  ///< empty when it was erased
  std::optional<Emergency> emergency = {};
};

/// What opens the commitments of an entry that has no table of its own in the vault.
struct OpeningsHalf {
  std::uint64_t entry = 0;
  std::vector<Opening> openings;
};

/// The tree over the members of a set: nothing of it is private, but it is asked for by set.
struct SetTreeHalf {
  std::uint64_t entry = 0;
  SetId set;
  crypto::Digest root = {};
  int height = 0;
};

/// That an access was recorded in an emergency, as its entry says it.
nlohmann::json ToJson(const Emergency& emergency);

/// The type's name in an entry, e.g. "started".
std::string_view ToString(EntryType type);

/// A count as entries give it: "under 10", "10-99", "100-999", and so on by powers of ten;
/// "unknown" when it is negative.
std::string CountBand(std::int64_t count);

/// The canonical bytes of an entry: docs/formats/entry.md. Errors: kInvalidArgument.
///
/// Here and below, an earlier `version` gives the entry as it was written then.
Result<std::string> EncodeEntry(EntryType type, UtcTime time, const nlohmann::json& body,
                                int version = kEntryVersion);

/// The entry of an access that begins, of which `detail.started` is not part.
Result<std::string> EncodeStarted(const AccessDetail& detail, const AccessBlindings& blindings,
                                  int version = kEntryVersion);

/// The entry of what came of it.
Result<std::string> EncodeFinished(const Outcome& outcome, int version = kEntryVersion);

/// What opens the commitment `name` of an entry's body to `value`.
Result<Opening> OpeningOf(std::string_view name, const std::string& blinding,
                          const nlohmann::json& value);

/// What opens the commitments of an entry; none of what was erased.
Result<std::vector<Opening>> OpeningsOf(const AccessDetail& detail,
                                        const AccessBlindings& blindings);
Result<std::vector<Opening>> OpeningsOf(const Outcome& outcome);

/// The entry of what one person chose, of which `choice` (canonical JSON) is not part.
Result<std::string> EncodeChoice(UtcTime time, const std::string& choice,
                                 const std::string& blinding, int version = kEntryVersion);

/// The entry of a set's tree, of which `tree.entry` is not part; and what such an entry says.
/// Errors of decoding: kLedgerCorrupt.
Result<std::string> EncodeSetTree(UtcTime time, const SetTreeHalf& tree,
                                  int version = kEntryVersion);
Result<SetTreeHalf> DecodeSetTree(std::uint64_t index, const std::string& payload);

/// When the entry says it was made; and its version. Errors: kLedgerCorrupt.
Result<UtcTime> DecodeTime(const std::string& payload);
Result<int> DecodeVersion(std::uint64_t index, const std::string& payload);

/// What a `started` or `finished` entry says by itself, without its private half.
/// Errors: kLedgerCorrupt.
Result<AccessDetail> DecodeStarted(std::uint64_t index, const std::string& payload);
Result<Outcome> DecodeFinished(std::uint64_t index, const std::string& payload);

}  // namespace candour::ledger
