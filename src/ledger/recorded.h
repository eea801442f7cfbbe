#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "ledger/silence.h"

namespace candour::ledger {

/// What an entry records; the number is the frame's type byte (docs/formats/journal.md).
enum class EntryType : std::uint8_t {
  kChoices = 1,          ///< one or many choices (an import is one entry)
  kStarted = 2,          ///< an access, before anything runs
  kFinished = 3,         ///< what came of it
  kDenied = 4,           ///< a request that was refused
  kApplied = 5,          ///< declarations came into force
  kAdopted = 6,          ///< a dataset version
  kLinks = 7,            ///< merges and splits
  kSetTree = 8,          ///< the tree over the members of a set that accesses refer to
  kRestored = 9,         ///< the log was closed with a loss, and goes on under another origin
  kErased = 10,          ///< what linked one person to the ledger was destroyed
  kBreakGlass = 11,      ///< an emergency without the ledger, its review, or a file that is damaged
  kSilenceDecided = 12,  ///< a reviewer's word on an access that people are not told of yet
  kKeyRotated = 13,      ///< another key signs for the log from here on
};

/// A set of people by its content: SHA-256 over a salt and the bitmap, in hex. Stored once.
struct SetId {
  std::string hex;
  bool operator==(const SetId&) const = default;
};

/// Where an access was recorded first, when the ledger could not be written: break-glass.md.
struct Emergency {
  UtcTime at;                ///< when it really was
  std::uint64_t grant = 0;   ///< entry of the grant it was made under
  std::uint64_t record = 0;  ///< its number in the break-glass file
  bool operator==(const Emergency&) const = default;
};

/// The private half of an access: what its entry only commits to. Kept in the vault, shown to the
/// people concerned and to auditors.
struct AccessDetail {
  std::uint64_t started = 0;   ///< index of the `started` entry: the access's number
  std::uint64_t finished = 0;  ///< index of the `finished` entry; 0 until there is one
  UtcTime time;
  std::string principal;
  std::string use;
  std::string purpose;
  std::string recipient;
  std::string output;     ///< rows, pseudonymised, aggregates, or look-up
  std::string datasets;   ///< comma-separated
  std::string statement;  ///< the SQL as it was asked
  std::string os_user;
  SetId available;                ///< stored before; empty when the datasets have no people
  std::optional<SetId> released;  ///< row outputs, once finished
  std::int64_t available_people = 0;
  std::int64_t rows = -1;                   ///< that left; -1 until finished
  std::string outcome;                      ///< "" until finished; then "released", "failed"
  std::optional<Silence> silence;           ///< people are not told at once
  std::optional<Emergency> emergency = {};  ///< set when it was taken in later

  /// When the access really was; `time` is that of its entry.
  UtcTime happened() const { return emergency ? emergency->at : time; }
};

/// An access that people are not told of at once, with what was decided about it.
struct SilentAccess {
  AccessDetail detail;
  std::vector<SilenceDecision> decisions;  ///< oldest first
  SilenceState state;
};

}  // namespace candour::ledger
