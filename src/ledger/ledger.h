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
#include "ledger/recorder.h"
#include "storage/filesystem.h"
#include "tlog/verifier_key.h"

namespace candour::ledger {

/// The logs of a home. Each has an origin of its own, its checkpoints and its receipts.
enum class LogName {
  kAccesses,  ///< every use of data, and all that governs it
  kChoices,   ///< what people chose
};

/// "accesses" or "choices": the last part of the log's origin, and its folder.
std::string_view ToString(LogName name);

struct Witnesses;
/// Gives the home's signing key of a generation, from 1 (docs/formats/keys.md).
using SigningKeys = std::function<crypto::Secret(int generation)>;

/// The label under the home's key-encryption key of what the vaults are sealed with.
inline constexpr std::string_view kVaultKey = "vault";

/// What a ledger is opened with.
struct LedgerSettings {
  std::filesystem::path folder;           ///< its parent exists
  std::string origin;                     ///< the home's; a log's is "<origin>/accesses"
  SigningKeys signing_key;                ///< only called while opening
  const crypto::Secret& vault_key;        ///< seals what entries leave out; only read while opening
  std::filesystem::path checkpoint_file;  ///< of the CheckpointStore, outside the home

  /// How far behind a published checkpoint may be; 0: published only when the ledger is closed.
  std::chrono::milliseconds publish_every{500};
  bool signs_first_time = false;  ///< entries that nobody signed are taken as they are
  /// Who must cosign a checkpoint before it is published; null: nobody.
  std::shared_ptr<const Witnesses> witnesses = nullptr;
  bool prove_sets = true;  ///< makes the tree of every set that an access refers to
  storage::Filesystem& files = storage::MachineFilesystem();
};

/// One entry as it is read back.
struct Entry {
  std::uint64_t index = 0;
  EntryType type = EntryType::kStarted;
  UtcTime time;
  std::string payload;  ///< the whole entry, canonical JSON (RFC 8785), no personal data
};

/// A log whose signing key was changed.
struct RotatedLog {
  LogName name = LogName::kAccesses;
  std::uint64_t entry = 0;  ///< that says so
  int generation = 0;
  std::string key;      ///< the new verifier key
  std::string receipt;  ///< of the entry, signed by the old key and the new one
};

/// What a check of all silence found.
struct SilenceTally {
  std::uint64_t accesses = 0;  ///< all that there are
  std::uint64_t silent = 0;    ///< of them, those that people are not told of
  std::uint64_t overdue = 0;   ///< of the silent ones
  std::uint64_t told = 0;      ///< that were silent once
};

class CheckpointStore;
enum class RotationReason;
class Log;
struct Membership;
struct Opening;
struct Outcome;
struct PersonStatement;

/// The record of every use: append-only, durable and signed for before anything is released.
///
/// One process writes. Entries hold no personal data: actor, statement and sets are salted
/// commitments; their payloads lie in the vault beside it (docs/formats/entry.md). After an I/O
/// error it refuses to write until it is opened again.
/// Threads: any.
class Ledger final : public Recorder {
 public:
  /// Opens or makes the ledger, drops a torn tail, and holds what is there against what was signed.
  /// Errors: those of Log::Open, kLedgerCorrupt (journal and vault are not of one ledger),
  /// kHomeBusy. `clock` outlives the ledger.
  static Result<Ledger> Open(const LedgerSettings& settings, const Clock& clock);
  Ledger(Ledger&&) noexcept;
  Ledger& operator=(Ledger&&) noexcept;
  ~Ledger() override;

  /// Stores the set if it is new, durable on return, and gives its id.
  /// Cost: one SHA-256 of the words; one file when new.
  Result<SetId> StoreSet(const Bitmap& records) override;
  Result<Bitmap> LoadSet(const SetId& id) const;

  /// Records that an access begins; durable on return. `detail.started`, `time` are filled in.
  /// Use, purpose, recipient, output and datasets are declared names and stand in the entry; all
  /// else is only committed to. One that is silent gets sets that it shares with no other.
  /// Errors: kLedgerReadOnly, kIo, kNotFound (the set is not stored), kInvalidArgument (not UTF-8;
  /// a silence that has ended, or is longer than kMostSilentDays).
  Result<std::uint64_t> Started(AccessDetail detail) override;

  /// Records what came of the access; durable on return. `outcome` is a word of ours.
  /// Errors: as Started, kNotFound (no such access), kConflict (it has an outcome already).
  Status Finished(std::uint64_t started, const std::optional<SetId>& released, std::int64_t rows,
                  const std::string& outcome) override;

  /// The same of an access in an emergency that is taken in later. Gives the entry's number. What
  /// is not of the outcome itself is filled in. Errors: as Finished.
  Result<std::uint64_t> Finished(Outcome outcome);

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
  Result<std::uint64_t> Append(EntryType type, const nlohmann::json& body) override;

  /// The same with commitments, each put into the body under its opening's name; what opens them
  /// goes into the vault. Only for types whose entries have such openings: break-glass, erased.
  Result<std::uint64_t> Append(EntryType type, nlohmann::json body, std::vector<Opening> openings);

  /// What opens the commitments of an entry; none of what was erased. Errors: kNotFound, kIo.
  Result<std::vector<Opening>> Openings(LogName log, std::uint64_t index) const;

  /// Has new keys sign for both logs and for statements from now on: docs/formats/keys.md. Where an
  /// earlier change was cut off between the logs, only the one left behind is changed.
  /// `keys`: as in LedgerSettings. Errors: kLedgerReadOnly, kIo.
  Result<std::vector<RotatedLog>> RotateKeys(const SigningKeys& keys, RotationReason reason);

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

  /// Every access whose available set holds one of `records`, newest first; but not those that
  /// people are not told of now.
  /// Cost: under 100 ms over 10,000 accesses: sets are shared, each distinct set is asked once.
  Result<std::vector<AccessDetail>> AccessesOf(const std::vector<std::uint32_t>& records) const;

  /// The proof that a record was in a set that an access refers to, or was not.
  /// Errors: kNotFound (no tree yet, or the record was erased). Cost: 2 microseconds a member.
  Result<Membership> ProveMembership(const SetId& set, std::uint32_t record);

  /// The same of several records of one person, which rise. Cost: that of one.
  Result<std::vector<Membership>> ProveMemberships(const SetId& set,
                                                   const std::vector<std::uint32_t>& records);

  /// The member keys of these records, which rise; they belong to whose records they are.
  Result<std::vector<std::string>> MemberKeysOf(const std::vector<std::uint32_t>& records);

  /// Waits until every set that accesses refer to has its tree. Errors: of what could not be made.
  Status WaitForTrees();

  /// Signs a statement, as the bytes of a file; origin and checkpoints are filled in.
  /// Errors: of EncodeStatement.
  Result<std::string> SignStatement(PersonStatement statement) const;

  /// What statements are signed with. Its name is "<origin>/statements".
  tlog::VerifierKey statement_key() const;

  /// All accesses that are silent or were, newest first. For reviewers only.
  Result<std::vector<SilentAccess>> SilentAccesses() const;

  /// What opens the silence of an access; nothing when it has none, or what opens it was lost.
  Result<std::optional<Opening>> OpeningOfSilence(std::uint64_t started) const;

  /// Records a reviewer's decision; durable on return. Gives the number of its entry. `time` and
  /// `entry` are filled in.
  /// Errors: kNotFound (no silent access of that number), kConflict (people are told of it
  /// already), kInvalidArgument (no reason; a date that is not later, or too far), kLedgerReadOnly,
  /// kIo.
  Result<std::uint64_t> DecideSilence(SilenceDecision decision);

  /// Holds every access of the journal against what people are shown: only what has a silence that
  /// its entry commits to is left out. Errors: kLedgerCorrupt, naming the entry; kIo.
  Result<SilenceTally> CheckSilence() const;

  /// Destroys all that links a person to the ledger, for good: their bits in kept sets, their keys,
  /// what their choices' entries commit to. Everybody else's proofs stand. Recorded; gives the
  /// number of that entry. `records`: all of the person's. `openings`: what else the entry commits
  /// to, who did it and why. Cut off, it is to be run again.
  /// Errors: kLedgerReadOnly, kIo, kCorruption (a set that is damaged).
  Result<std::uint64_t> Erase(const std::string& person, const std::vector<std::uint32_t>& records,
                              std::vector<Opening> openings = {});

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
