#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bitmap.h"
#include "base/result.h"
#include "base/time.h"

namespace candour::storage {
class Filesystem;
}

namespace candour::ledger {

/// What an entry records; the number is the frame's type byte (docs/formats/journal.md).
enum class EntryType : std::uint8_t {
  kChoices = 1,   ///< one or many choices (an import is one entry)
  kStarted = 2,   ///< an access, before anything runs
  kFinished = 3,  ///< what came of it
  kDenied = 4,    ///< a request that was refused
  kApplied = 5,   ///< declarations came into force
  kAdopted = 6,   ///< a dataset version
  kLinks = 7,     ///< merges and splits
};

/// A set of people by its content: SHA-256 over a salt and the bitmap, in hex. Stored once.
struct SetId {
  std::string hex;
  bool operator==(const SetId&) const = default;
};

/// One entry as it is read back.
struct Entry {
  std::uint64_t index = 0;
  EntryType type = EntryType::kStarted;
  UtcTime time;
  std::string payload;  ///< the whole entry, canonical JSON (RFC 8785), no personal data
};

/// The private half of an access: what its entry only commits to. Kept in the vault, shown to the
/// people concerned and to auditors.
struct AccessDetail {
  std::uint64_t started = 0;  ///< index of the `started` entry: the access's number
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
  std::int64_t rows = -1;  ///< that left; -1 until finished
  std::string outcome;     ///< "" until finished; then "released", "failed"
};

/// The record of every use: append-only, durable before anything is released.
///
/// One process writes. Entries hold no personal data: actor, statement and sets are salted
/// commitments; their payloads lie in the vault beside it (docs/formats/entry.md). After an I/O
/// error it refuses to write until it is opened again.
/// Threads: one at a time.
class Ledger {
 public:
  /// Opens or makes the ledger in `folder`, replays the journal, drops a torn tail and brings the
  /// indexes up to it. Errors: kLedgerCorrupt (a bad frame before the tail), kIo, kHomeBusy.
  /// The folder's parent exists; `clock` outlives the ledger.
  static Result<Ledger> Open(const std::filesystem::path& folder, const Clock& clock);

  /// The same with sets and journal on `files`, for tests; the vault is always on this machine.
  static Result<Ledger> Open(const std::filesystem::path& folder, const Clock& clock,
                             storage::Filesystem& files);
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger();

  /// Stores the set if it is new, durable on return, and gives its id.
  /// Cost: one SHA-256 of the words; one file when new.
  Result<SetId> StoreSet(const Bitmap& records);
  Result<Bitmap> LoadSet(const SetId& id) const;

  /// Records that an access begins; durable on return. `detail.started`, `time` are filled in.
  /// Use, purpose, recipient, output and datasets are declared names and stand in the entry; all
  /// else is only committed to.
  /// Errors: kLedgerReadOnly, kIo, kNotFound (the set is not stored), kInvalidArgument (not UTF-8).
  Result<std::uint64_t> Started(AccessDetail detail);

  /// Records what came of the access; durable on return. `outcome` is a word of ours.
  /// Errors: as Started, kNotFound (no such access), kConflict (it has an outcome already).
  Status Finished(std::uint64_t started, const std::optional<SetId>& released, std::int64_t rows,
                  const std::string& outcome);

  /// Records anything else; `payload` is a canonical JSON object without personal data, and becomes
  /// the entry's `body`. Durable on return.
  /// Errors: kInvalidArgument (not canonical, too long, or an access), kLedgerReadOnly, kIo.
  Result<std::uint64_t> Append(EntryType type, std::string payload);

  /// How many entries there are.
  std::uint64_t size() const;

  /// Entries from `first` on, at most `limit`.
  Result<std::vector<Entry>> Read(std::uint64_t first, std::uint64_t limit) const;

  /// Every access whose available set holds one of `records`, newest first.
  /// Cost: under 100 ms over 10,000 accesses: sets are shared, each distinct set is asked once.
  Result<std::vector<AccessDetail>> AccessesOf(const std::vector<std::uint32_t>& records) const;

  /// The newest accesses of all, for governance. At most `limit`.
  Result<std::vector<AccessDetail>> Accesses(std::uint64_t limit) const;

  /// Checks every frame from the first, and every private half against what its entry commits to.
  /// Errors: kLedgerCorrupt naming the first bad one.
  Status Verify() const;

 private:
  struct State;
  explicit Ledger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace candour::ledger
