#include "ledger/log.h"

#include <fmt/format.h>

#include "ledger/ledger.h"
#include "ledger/ledger_tree.h"
#include "ledger/published.h"
#include "ledger/restored_entry.h"
#include "merkle/hasher.h"
#include "merkle/inclusion_proof.h"
#include "storage/durable_file.h"
#include "tlog/note.h"
#include "tlog/receipt_proof.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> Refused(ErrorCode code, std::string_view message, const std::string& origin,
                               std::string_view next) {
  return Fail(Error{.code = code, .message = fmt::format("{}: {}.", message, origin)}
                  .FixBy("the operator")
                  .Next(std::string(next)));
}

}  // namespace

Log::Log(fs::path folder, LogParts parts, storage::Journal journal)
    : folder_(std::move(folder)), parts_(std::move(parts)), journal_(std::move(journal)) {}

Result<std::unique_ptr<Log>> Log::Open(const fs::path& folder, LogParts parts) {
  for (const fs::path& made : {folder / "journal", folder / "public"}) {
    CANDOUR_TRY(parts.files.MakeDirectory(made));
  }
  CANDOUR_TRY(parts.files.SyncDirectory(folder));
  CANDOUR_ASSIGN(storage::Journal journal,
                 storage::Journal::Open(parts.files, folder / "journal",
                                        {.make_tree = [] { return MakeLedgerTree(); }}));
  std::unique_ptr<Log> log(new Log(folder, std::move(parts), std::move(journal)));
  CANDOUR_TRY(log->FindKeyBefore());
  CANDOUR_TRY(log->OpenTree());
  log->OpenPanel();
  CANDOUR_TRY(log->CheckLife());
  CANDOUR_TRY(log->CheckSigned());
  log->parts_.signer_of = nullptr;  // it holds a secret
  return log;
}

Status Log::FindKeyBefore() {
  if (parts_.generation == 1 || parts_.signer_of == nullptr) return {};
  CANDOUR_ASSIGN(const tlog::Signer before, parts_.signer_of(parts_.generation - 1));
  key_before_ = before.verifier_key();
  return {};
}

/// The tiles are derived: when they are not those of this journal they are written again.
Status Log::OpenTree() {
  const fs::path folder = public_folder();
  const auto published = ReadLastPublished();
  const std::uint64_t size = published ? published->size : 0;
  auto tree = TileTree::Open(parts_.files, folder, size);
  if (!tree || size > journal_.size()) return Rebuild();
  tree_ = *std::move(tree);
  published_ = size;
  CANDOUR_TRY(CatchUp());
  const auto root = merkle::RootOf(*tree_, size);
  const auto now = merkle::RootOf(*tree_, journal_.size());
  const bool right = root && now && *now == journal_.root() &&
                     (size == 0 || (published && *root == published->root));
  return right ? Status() : Rebuild();
}

/// What was published under an earlier quorum stays; its cosignatures serve receipts.
void Log::OpenPanel() {
  if (parts_.witnesses == nullptr) return;
  panel_ = std::make_unique<WitnessPanel>(parts_.witnesses, key());
  const auto published = ReadLastPublished();
  auto note = parts_.files.Read(public_folder() / "checkpoint");
  if (!published || !note || published->size != published_) return;
  cosigned_ = std::make_shared<const SignedNote>(*published, *std::move(note));
}

WitnessStanding Log::witnesses() const {
  return panel_ == nullptr ? WitnessStanding() : panel_->standing();
}

Status Log::Rebuild() {
  CANDOUR_ASSIGN(tree_, TileTree::Open(parts_.files, public_folder(), 0));
  published_ = 0;
  CANDOUR_TRY(CatchUp());
  CANDOUR_ASSIGN(const crypto::Digest root, merkle::RootOf(*tree_, journal_.size()));
  if (root == journal_.root()) return {};
  return Fail(ErrorCode::kLedgerCorrupt, "The journal's entries are not those of its own root.");
}

/// Brings the tree up to the journal, writing full tiles as it goes, so that memory stays small.
Status Log::CatchUp() {
  constexpr std::uint64_t kAtOnce = 4'096;
  constexpr std::uint64_t kWriteEvery = 1 << 18;
  std::uint64_t written = tree_->size();
  while (tree_->size() < journal_.size()) {
    CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries,
                   journal_.Read(tree_->size(), kAtOnce));
    for (const storage::JournalEntry& entry : entries) {
      tree_->Append(merkle::LeafHash(entry.payload));
    }
    if (tree_->size() - written < kWriteEvery) continue;
    written = tree_->size();
    CANDOUR_TRY(tree_->Write(written));
  }
  return {};
}

/// A journal that went on in a later life is not signed for under the name of an earlier one, as an
/// old copy of the checkpoint store would have it.
Status Log::CheckLife() const {
  CANDOUR_ASSIGN(const std::vector<LifeStart> lives, LaterLives(journal_));
  const std::string& origin = parts_.signer.verifier_key().name();
  if (lives.empty() || lives.back().origin == origin) return {};
  return Refused(ErrorCode::kLedgerUnsigned,
                 "The ledger was closed and went on, but the checkpoint store does not know it",
                 origin,
                 "name the right store in CANDOUR_CHECKPOINT_FILE, or see `candour restore`");
}

/// Holds the journal against what was signed last. What is durable and not yet signed is signed.
Status Log::CheckSigned() {
  const std::string& origin = parts_.signer.verifier_key().name();
  CANDOUR_ASSIGN(const std::optional<SignedNote> last, parts_.checkpoints.Find(origin));
  if (!last && journal_.size() > 0 && !parts_.signs_first_time) {
    return Refused(ErrorCode::kLedgerUnsigned,
                   "The ledger has entries, but the checkpoint store knows of none", origin,
                   "name the right store in CANDOUR_CHECKPOINT_FILE, or see `candour restore`");
  }
  if (last && last->checkpoint.size > journal_.size()) {
    return Refused(ErrorCode::kLedgerBehind,
                   fmt::format("The ledger has {} entries, but {} were signed", journal_.size(),
                               last->checkpoint.size),
                   origin, "put the newest journal back, or see `candour restore`");
  }
  if (last) {
    CANDOUR_ASSIGN(const crypto::Digest root, merkle::RootOf(*tree_, last->checkpoint.size));
    if (root != last->checkpoint.root) {
      return Refused(ErrorCode::kLedgerForked,
                     "The ledger's entries are not those that were signed", origin,
                     "stop whatever else uses a copy of this home; see `candour restore`");
    }
    signed_ = std::make_shared<const SignedNote>(*last);
  }
  // An empty log is signed for too: from then on entries without a checkpoint are a lost store.
  if (!last || last->checkpoint.size != journal_.size()) CANDOUR_TRY(SignNew());
  return FinishRotation();
}

/// A change of keys that was cut off after its entry was durable takes effect now.
Status Log::FinishRotation() {
  constexpr auto kType = static_cast<std::uint8_t>(EntryType::kKeyRotated);
  const std::uint64_t size = journal_.size();
  if (size == 0 || journal_.TypeOf(size - 1) != kType) return {};
  CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> last, journal_.Read(size - 1, 1));
  CANDOUR_ASSIGN(const KeyRotated rotated, DecodeKeyRotated(size - 1, last.at(0).payload));
  if (rotated.generation <= parts_.generation || parts_.signer_of == nullptr) return {};
  CANDOUR_ASSIGN(tlog::Signer next, parts_.signer_of(rotated.generation));
  if (next.verifier_key().ToString() != rotated.key) {
    return Fail(ErrorCode::kLedgerCorrupt, "The ledger names a new key that is not its own.");
  }
  return ChangeSigner(std::move(next), rotated.generation);
}

/// Both keys sign the last checkpoint, so that whoever trusts the old one can follow.
Status Log::ChangeSigner(tlog::Signer next, int generation) {
  const auto last = last_signed();
  CANDOUR_ASSIGN(const std::string text, tlog::FormatCheckpoint(last->checkpoint));
  CANDOUR_ASSIGN(std::string both, tlog::SignNote(text, {&parts_.signer, 1}));
  CANDOUR_ASSIGN(const std::string by_next, tlog::SignNote(text, {&next, 1}));
  both += std::string_view(by_next).substr(text.size() + 1);
  SignedNote note{.checkpoint = last->checkpoint, .note = std::move(both)};
  CANDOUR_TRY(parts_.checkpoints.Rotate(note, generation));
  const std::lock_guard lock(mutex_);
  signed_ = std::make_shared<const SignedNote>(std::move(note));
  key_before_ = parts_.signer.verifier_key();
  parts_.signer = std::move(next);
  parts_.generation = generation;
  return {};
}

Result<std::uint64_t> Log::Rotate(UtcTime now, RotationReason reason, const LogSigners& signer_of) {
  const int generation = parts_.generation + 1;
  CANDOUR_ASSIGN(tlog::Signer next, signer_of(generation));
  CANDOUR_ASSIGN(const std::string payload,
                 EncodeKeyRotated(now, {.generation = generation,
                                        .key = next.verifier_key().ToString(),
                                        .reason = reason}));
  const storage::JournalRecord record{.type = static_cast<std::uint8_t>(EntryType::kKeyRotated),
                                      .payload = payload};
  CANDOUR_ASSIGN(const std::uint64_t index, Commit({&record, 1}));
  CANDOUR_TRY(StopOn(ChangeSigner(std::move(next), generation)));
  if (panel_ != nullptr) panel_->FollowKey(key());
  return index;
}

tlog::VerifierKey Log::key() const {
  const std::lock_guard lock(mutex_);
  return parts_.signer.verifier_key();
}

/// What was published last may be signed by the key before this one only.
Result<tlog::Checkpoint> Log::ReadLastPublished() const {
  auto published = ReadPublished(parts_.files, public_folder(), parts_.signer.verifier_key());
  if (published || !key_before_) return published;
  return ReadPublished(parts_.files, public_folder(), *key_before_);
}

Result<SignedNote> Log::Sign() const {
  SignedNote next{.checkpoint = {.origin = parts_.signer.verifier_key().name(),
                                 .size = journal_.size(),
                                 .root = journal_.root()}};
  CANDOUR_ASSIGN(const std::string text, tlog::FormatCheckpoint(next.checkpoint));
  CANDOUR_ASSIGN(next.note, tlog::SignNote(text, {&parts_.signer, 1}));
  return next;
}

Status Log::SignNew() {
  CANDOUR_ASSIGN(SignedNote next, Sign());
  const auto last = last_signed();
  CANDOUR_TRY(parts_.checkpoints.Swap(last ? std::optional(last->checkpoint) : std::nullopt, next));
  const std::lock_guard lock(mutex_);
  signed_ = std::make_shared<const SignedNote>(std::move(next));
  return {};
}

/// After an error nothing follows: it is not known what the disk holds.
Status Log::StopOn(Status done) {
  if (!done) {
    const std::lock_guard lock(mutex_);
    if (!stopped_) stopped_ = done.error();
  }
  return done;
}

Status Log::CheckWritable() const {
  if (!stopped()) return {};
  return Fail(Error{.code = ErrorCode::kLedgerReadOnly,
                    .message = "The ledger takes no entry since a write to it failed."}
                  .FixBy("the operator")
                  .Next("free or repair the disk, then start Candour again"));
}

Result<std::uint64_t> Log::Commit(std::span<const storage::JournalRecord> batch) {
  CANDOUR_TRY(CheckWritable());
  const Result<std::uint64_t> first = journal_.Append(batch);
  if (!first) {
    if (first.error().code == ErrorCode::kInvalidArgument) return first;
    return std::unexpected(StopOn(std::unexpected(first.error())).error());
  }
  for (const storage::JournalRecord& record : batch) {
    tree_->Append(merkle::LeafHash(record.payload));
  }
  CANDOUR_TRY(StopOn(SignNew()));
  Remember(*first, batch);
  return first;
}

void Log::Remember(std::uint64_t first, std::span<const storage::JournalRecord> batch) {
  constexpr std::size_t kMost = 512;  // entries, each at most 64 KiB and most below one
  const std::lock_guard lock(mutex_);
  for (const storage::JournalRecord& record : batch) newest_.emplace_back(record.payload);
  while (newest_.size() > kMost) newest_.pop_front();
  newest_end_ = first + batch.size();
}

/// The entry, if it is one of those that came last.
std::optional<std::string> Log::Recall(std::uint64_t index) const {
  const std::lock_guard lock(mutex_);
  if (index >= newest_end_ || newest_end_ - index > newest_.size()) return std::nullopt;
  return newest_[newest_.size() - (newest_end_ - index)];
}

Status Log::Publish() {
  const auto last = last_signed();
  if (last->checkpoint.size == published()) return {};
  std::string note = last->note;
  if (panel_ != nullptr) {
    // Before any tile is written, so that those of the checkpoint that is published stay.
    std::optional<std::string> cosigned = panel_->Cosign(*last, *tree_);
    if (!cosigned) return {};
    note = *std::move(cosigned);
  }
  const auto publish = [&]() -> Status {
    CANDOUR_TRY(tree_->Write(last->checkpoint.size));
    return WritePublished(parts_.files, public_folder(), note);
  };
  CANDOUR_TRY(StopOn(publish()));
  const std::lock_guard lock(mutex_);
  published_ = last->checkpoint.size;
  if (panel_ != nullptr) {
    cosigned_ = std::make_shared<const SignedNote>(last->checkpoint, std::move(note));
  }
  return {};
}

std::uint64_t Log::published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

std::optional<Error> Log::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

std::shared_ptr<const SignedNote> Log::last_signed() const {
  const std::lock_guard lock(mutex_);
  return signed_;
}

Result<std::string> Log::Receipt(std::uint64_t index, std::string_view entry) const {
  auto last = last_signed();
  {
    const std::lock_guard lock(mutex_);
    if (cosigned_ != nullptr && index < cosigned_->checkpoint.size) last = cosigned_;
  }
  if (index >= last->checkpoint.size) {
    return Fail(ErrorCode::kNotFound, "The ledger has no entry of that number.");
  }
  CANDOUR_ASSIGN(merkle::InclusionProof hashes,
                 merkle::ProveInclusion(*tree_, index, last->checkpoint.size));
  return tlog::EncodeReceipt({.extra = std::string(entry),
                              .index = index,
                              .hashes = std::move(hashes),
                              .checkpoint = last->note});
}

Result<std::string> Log::Receipt(std::uint64_t index) const {
  if (const auto entry = Recall(index)) return Receipt(index, *entry);
  CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries, journal_.Read(index, 1));
  if (entries.empty()) {
    return Fail(ErrorCode::kNotFound, "The ledger has no entry of that number.");
  }
  return Receipt(index, entries[0].payload);
}

Result<std::vector<Opening>> Log::RestoredOpenings(std::uint64_t index) const {
  const auto restored = static_cast<std::uint8_t>(EntryType::kRestored);
  if (journal_.TypeOf(index) != restored) return std::vector<Opening>();
  return ReadOpenings(parts_.files, OpeningsFile(folder_, index));
}

Status Log::Verify() const {
  CANDOUR_TRY(journal_.Verify());
  CANDOUR_TRY(VerifyRestored(parts_.files, folder_, journal_));
  const fs::path folder = public_folder();
  const std::uint64_t size = published();
  if (size == 0) return {};
  CANDOUR_TRY(VerifyTiles(parts_.files, folder, journal_, size));
  const auto published = ReadLastPublished();
  if (!published && published.error().code == ErrorCode::kIo) {
    return std::unexpected(published.error());
  }
  const auto root = merkle::RootOf(*tree_, size);
  if (published && root && published->size == size && published->root == *root) return {};
  return Fail(Error{.code = ErrorCode::kLedgerCorrupt,
                    .message = "The published checkpoint is not that of the journal: checkpoint, "
                               "byte 0."}
                  .FixBy("the operator")
                  .Next("keep the folder for inspection, then remove it: it is made again"));
}

}  // namespace candour::ledger
