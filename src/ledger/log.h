#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/checkpoint_store.h"
#include "ledger/copy.h"
#include "ledger/key_rotation.h"
#include "ledger/log_signer.h"
#include "ledger/tile_tree.h"
#include "ledger/witness_panel.h"
#include "storage/filesystem.h"
#include "storage/journal.h"
#include "tlog/signer.h"

namespace candour::ledger {

/// What a log is made of, beside its folder.
struct LogParts {
  storage::Filesystem& files;
  CheckpointStore& checkpoints;
  tlog::Signer signer;            ///< its name is the log's origin
  int generation = 1;             ///< of the signer's key
  LogSigners signer_of = {};      ///< only called while opening; empty: the key is never changed
  bool signs_first_time = false;  ///< entries that nobody signed are taken as they are
  std::shared_ptr<const Witnesses> witnesses = nullptr;  ///< null: nobody has to cosign
};

/// One transparency log: a journal, the tree over it, and a checkpoint signed for every batch.
///
/// An entry is acknowledged in this order: journal durable, checkpoint signed, checkpoint swapped
/// in the store outside the home. So nothing is signed that could be lost, and never two histories.
/// What is published follows: docs/formats/log.md.
/// Threads: one commits and publishes; any others use what is const.
class Log {
 public:
  /// Opens or makes the log in `folder`, which exists.
  /// Errors: kLedgerCorrupt (damage), kLedgerBehind (entries are missing that were signed),
  /// kLedgerForked (other entries were signed), kLedgerUnsigned (entries that nobody signed), kIo.
  /// Cost: that of Journal::Open, and of entries that came after the tiles were written last.
  static Result<std::unique_ptr<Log>> Open(const std::filesystem::path& folder, LogParts parts);

  /// Appends a batch and signs for it; durable on return. Gives the index of its first entry.
  /// Errors: those of Journal::Append, kLedgerForked, kIo. After any but kInvalidArgument the log
  /// is read-only until it is opened again.
  Result<std::uint64_t> Commit(std::span<const storage::JournalRecord> batch);

  /// Has another key sign from the next batch on: docs/formats/keys.md. The entry that says so is
  /// signed by both. Gives its index; cut off, it is finished when the log is opened again.
  /// Nothing is committed or published meanwhile. Errors: as Commit.
  Result<std::uint64_t> Rotate(UtcTime now, RotationReason reason, const LogSigners& signer_of);

  /// The generation of the key that signs. Threads: the one that commits.
  int generation() const { return parts_.generation; }

  /// Writes the tiles of all that was signed, then the checkpoint, into `folder`/public. Where
  /// witnesses must cosign it and too few did, nothing is published, which is no error: the log
  /// goes on, and `witnesses` says who is missing.
  /// Errors: kIo; the log is then read-only.
  Status Publish();

  /// Where the log stands with its witnesses; nothing when it has none or none was asked yet.
  WitnessStanding witnesses() const;

  /// How many entries there are, and how many of them are published.
  std::uint64_t size() const { return journal_.size(); }
  std::uint64_t published() const;

  /// Ends writing when `done` is an error, until the log is opened again; gives `done` back.
  Status StopOn(Status done);

  /// Errors: kLedgerReadOnly once writing has ended.
  Status CheckWritable() const;

  /// What ended writing; nothing while the log takes entries.
  std::optional<Error> stopped() const;

  /// The last checkpoint that was signed; never null.
  std::shared_ptr<const SignedNote> last_signed() const;

  /// The static folder with tiles and checkpoint.
  std::filesystem::path public_folder() const { return folder_ / "public"; }

  const storage::Journal& journal() const { return journal_; }
  const merkle::NodeSource& tree() const { return *tree_; }
  tlog::VerifierKey key() const;

  /// The receipt of entry `index`, whose bytes are `entry`: docs/formats/receipt.md. It has the
  /// cosignatures of the published checkpoint, when that has some and holds the entry.
  /// Errors: kNotFound (nothing was signed that holds it), those of the tree.
  Result<std::string> Receipt(std::uint64_t index, std::string_view entry) const;

  /// The same, with the entry from memory while it is new, else read from the journal.
  Result<std::string> Receipt(std::uint64_t index) const;

  /// What opens the commitments of a `restored` entry; nothing for any other, or once erased.
  /// `index` is below size(). Errors: kCorruption, kIo.
  Result<std::vector<Opening>> RestoredOpenings(std::uint64_t index) const;

  /// Reads everything again: each frame of the journal, each published tile, the published
  /// checkpoint. Errors: kLedgerCorrupt, naming the file and the first bad byte; kIo.
  Status Verify() const;

 private:
  Log(std::filesystem::path folder, LogParts parts, storage::Journal journal);
  Status FindKeyBefore();
  Status OpenTree();
  Status Rebuild();
  Status CatchUp();
  void OpenPanel();
  Status CheckLife() const;
  Status CheckSigned();
  Status FinishRotation();
  Status ChangeSigner(tlog::Signer next, int generation);
  Result<tlog::Checkpoint> ReadLastPublished() const;
  Result<SignedNote> Sign() const;
  Status SignNew();
  void Remember(std::uint64_t first, std::span<const storage::JournalRecord> batch);
  std::optional<std::string> Recall(std::uint64_t index) const;

  std::filesystem::path folder_;
  LogParts parts_;
  storage::Journal journal_;
  std::unique_ptr<TileTree> tree_;
  std::unique_ptr<WitnessPanel> panel_;          ///< null: nobody has to cosign
  std::optional<tlog::VerifierKey> key_before_;  ///< what was published last may be signed by it

  mutable std::mutex mutex_;  ///< of all that follows
  std::shared_ptr<const SignedNote> signed_;
  std::uint64_t published_ = 0;
  std::optional<Error> stopped_;
  std::shared_ptr<const SignedNote> cosigned_;  ///< as it was published; null: none
  std::uint64_t newest_end_ = 0;                ///< the number after that of the last of newest_
  std::deque<std::string> newest_;  ///< the last entries, for whoever asks for a receipt at once
};

}  // namespace candour::ledger
