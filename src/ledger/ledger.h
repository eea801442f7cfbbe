#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bitmap.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/secret.h"
#include "storage/filesystem.h"

namespace candour::ledger {

/// The logs of a home. Each has an origin of its own, its checkpoints and its receipts.
enum class LogName {
  kAccesses,  ///< every use of data, and all that governs it
  kChoices,   ///< what people chose
};

/// "accesses" or "choices": the last part of the log's origin, and its folder.
std::string_view ToString(LogName name);

/// What a ledger is opened with.
struct LedgerSettings {
  std::filesystem::path folder;           ///< its parent exists
  std::string origin;                     ///< the home's; a log's is "<origin>/accesses"
  const crypto::Secret& signing_key;      ///< only read while opening
  std::filesystem::path checkpoint_file;  ///< of the CheckpointStore, outside the home

  /// How far behind a published checkpoint may be; 0: published only when the ledger is closed.
  std::chrono::milliseconds publish_every{500};
  bool signs_first_time = false;  ///< entries that nobody signed are taken as they are
  bool prove_sets = true;         ///< makes the tree of every set that an access refers to
  storage::Filesystem& files = storage::MachineFilesystem();
};

/// What an entry records; the number is the frame's type byte (docs/formats/journal.md).
enum class EntryType : std::uint8_t {
  kChoices = 1,   ///< one or many choices (an import is one entry)
  kStarted = 2,   ///< an access, before anything runs
  kFinished = 3,  ///< what came of it
  kDenied = 4,    ///< a request that was refused
  kApplied = 5,   ///< declarations came into force
  kAdopted = 6,   ///< a dataset version
  kLinks = 7,     ///< merges and splits
  kSetTree = 8,   ///< the tree over the members of a set that accesses refer to
  kRestored = 9,  ///< the log was closed with a loss, and goes on under another origin
  kErased = 10,   ///< what linked one person to the ledger was destroyed
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

class CheckpointStore;
class Log;
struct Membership;

/// The record of every use: append-only, durable and signed for before anything is released.
///
/// One process writes. Entries hold no personal data: actor, statement and sets are salted
/// commitments; their payloads lie in the vault beside it (docs/formats/entry.md). After an I/O
/// error it refuses to write until it is opened again.
/// Threads: any.
class Ledger {
 public:
  /// Opens or makes the ledger, drops a torn tail, and holds what is there against what was signed.
  /// Errors: those of Log::Open, kLedgerCorrupt (journal and vault are not of one ledger),
  /// kHomeBusy. `clock` outlives the ledger.
  static Result<Ledger> Open(const LedgerSettings& settings, const Clock& clock);
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

  /// Records what a person chose, in the log of choices; durable on return. Gives the entry's
  /// number there. `choice`: all of it as a JSON object; the entry only commits to it.
  /// Errors: kLedgerReadOnly, kIo, kInvalidArgument (not UTF-8, a floating-point number).
  Result<std::uint64_t> Chosen(const std::string& person, const nlohmann::json& choice);

  /// The entries of a person's choices in the log of choices, oldest first.
  Result<std::vector<std::uint64_t>> ChoicesOf(const std::string& person) const;

  /// Records anything else; `body` is a JSON object without personal data. Durable on return.
  /// Choices go into their own log, and the number counts there.
  /// Errors: kInvalidArgument (not UTF-8, a floating-point number, too long, or an access),
  /// kLedgerReadOnly, kIo.
  Result<std::uint64_t> Append(EntryType type, const nlohmann::json& body);

  /// How many entries a log has.
  std::uint64_t size(LogName log) const;

  /// Entries from `first` on, at most `limit`.
  Result<std::vector<Entry>> Read(LogName log, std::uint64_t first, std::uint64_t limit) const;

  /// The receipt of an entry: docs/formats/receipt.md. Errors: kNotFound, kIo.
  Result<std::string> Receipt(LogName log, std::uint64_t index) const;

  /// The receipt with all that opens the entry's commitments, for the person of a choice and the
  /// auditor of an access. What was erased stays shut. Errors: kNotFound, kIo.
  Result<std::string> Copy(LogName log, std::uint64_t index) const;

  /// One of the two logs; valid while the ledger is open.
  const Log& log(LogName name) const;

  /// Publishes tiles and checkpoints of all that was recorded. Errors: kIo.
  Status Publish();

  /// Every access whose available set holds one of `records`, newest first.
  /// Cost: under 100 ms over 10,000 accesses: sets are shared, each distinct set is asked once.
  Result<std::vector<AccessDetail>> AccessesOf(const std::vector<std::uint32_t>& records) const;

  /// The proof that a record was in a set that an access refers to, or was not.
  /// Errors: kNotFound (no tree yet, or the record was erased). Cost: 2 microseconds a member.
  Result<Membership> ProveMembership(const SetId& set, std::uint32_t record);

  /// Waits until every set that accesses refer to has its tree. Errors: of what could not be made.
  Status WaitForTrees();

  /// Destroys all that links a person to the ledger, for good: their bits in kept sets, their keys,
  /// what their choices' entries commit to. Everybody else's proofs stand. Recorded; gives the
  /// number of that entry. `records`: all of the person's. Cut off, it is to be run again.
  /// Errors: kLedgerReadOnly, kIo, kCorruption (a set that is damaged).
  Result<std::uint64_t> Erase(const std::string& person, const std::vector<std::uint32_t>& records);

  /// The newest accesses of all, for governance. At most `limit`.
  Result<std::vector<AccessDetail>> Accesses(std::uint64_t limit) const;

  /// Checks every frame of both logs, every tile and the checkpoints that were signed and
  /// published, every private half against what its entry commits to, and every kept set against
  /// its tree.
  /// Errors: kLedgerCorrupt naming the first bad one.
  Status Verify() const;

 private:
  struct Stream;
  struct State;
  static Result<std::unique_ptr<Log>> OpenLog(LogName name, const LedgerSettings& settings,
                                              CheckpointStore& checkpoints);
  Status VerifyTrees() const;
  static Status OpenProver(State& state, const LedgerSettings& settings);
  explicit Ledger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace candour::ledger
