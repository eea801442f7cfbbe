#include "ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/canonical_json.h"
#include "crypto/random.h"
#include "ledger/commitment.h"
#include "ledger/entry.h"
#include "ledger/ledger_tree.h"
#include "ledger/reindex.h"
#include "ledger/set_store.h"
#include "ledger/vault.h"
#include "storage/filesystem.h"
#include "storage/journal.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

std::string Blinding() { return crypto::RandomBytes(kBlindingSize); }

/// Before the vault is written, so that an entry refused for its length leaves nothing there.
Status CheckEntrySize(std::string_view payload) {
  if (payload.size() <= storage::kMaxPayloadSize) return {};
  return Fail(Error{.code = ErrorCode::kInvalidArgument, .message = "The ledger entry is too long."}
                  .Expected(fmt::format("at most {} bytes", storage::kMaxPayloadSize))
                  .Found(fmt::format("{} bytes", payload.size())));
}

/// An outcome stands in its entry in clear, so it is one plain word and never a text of somebody's.
Status CheckOutcome(std::string_view outcome) {
  constexpr std::size_t kMaxSize = 32;
  if (!outcome.empty() && outcome.size() <= kMaxSize &&
      outcome.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos) {
    return {};
  }
  return Fail(Error{.code = ErrorCode::kInvalidArgument,
                    .message = "The outcome of an access is not one plain word."}
                  .Expected("a word such as released or failed"));
}

}  // namespace

struct Ledger::State {
  std::unique_ptr<storage::FileLock> lock;
  const Clock& clock;
  Vault vault;
  SetStore sets;
  storage::Journal journal;
  bool vault_failed = false;

  Status CheckWritable() const;
  Status CheckStored(const SetId& id);
  Status KeepInVault(Status kept);
  Result<std::uint64_t> AppendOne(EntryType type, std::string_view payload);
};

Status Ledger::State::CheckWritable() const {
  if (!journal.read_only() && !vault_failed) return {};
  return Fail(Error{.code = ErrorCode::kLedgerReadOnly,
                    .message = "The ledger takes no entry since a write to it failed."}
                  .FixBy("the operator")
                  .Next("free or repair the disk, then start Candour again"));
}

Status Ledger::State::CheckStored(const SetId& id) {
  if (id.hex.empty()) return {};
  CANDOUR_ASSIGN(const bool stored, sets.Has(id));
  if (!stored) return Fail(ErrorCode::kNotFound, "The set of an access is not stored.");
  return {};
}

/// After a commit that failed it is not known what the vault holds; opening again finds out.
Status Ledger::State::KeepInVault(Status kept) {
  if (!kept) vault_failed = true;
  return kept;
}

Result<std::uint64_t> Ledger::State::AppendOne(EntryType type, std::string_view payload) {
  const storage::JournalRecord record{static_cast<std::uint8_t>(type), payload};
  return journal.Append({&record, 1});
}

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::Open(const fs::path& folder, const Clock& clock) {
  return Open(folder, clock, storage::MachineFilesystem());
}

Result<Ledger> Ledger::Open(const fs::path& folder, const Clock& clock,
                            storage::Filesystem& files) {
  CANDOUR_TRY(files.MakeDirectory(folder));
  CANDOUR_ASSIGN(std::unique_ptr<storage::FileLock> lock, files.Lock(folder / "lock"));
  CANDOUR_TRY(files.MakeDirectory(folder / "journal"));
  CANDOUR_TRY(files.MakeDirectory(folder / "sets"));
  CANDOUR_ASSIGN(Vault vault, Vault::Open(folder / "vault.db"));
  CANDOUR_TRY(files.SyncDirectory(folder));
  CANDOUR_TRY(files.SyncDirectory(folder.has_parent_path() ? folder.parent_path() : "."));
  CANDOUR_ASSIGN(storage::Journal journal,
                 storage::Journal::Open(files, folder / "journal",
                                        {.make_tree = [] { return MakeLedgerTree(); }}));
  CANDOUR_TRY(Reindex(journal, vault));
  CANDOUR_ASSIGN(crypto::Secret salt, vault.SetSalt());
  SetStore sets(files, folder / "sets", std::move(salt));
  return Ledger(std::unique_ptr<State>(
      new State{std::move(lock), clock, std::move(vault), std::move(sets), std::move(journal)}));
}

Result<SetId> Ledger::StoreSet(const Bitmap& records) { return state_->sets.Store(records); }

Result<Bitmap> Ledger::LoadSet(const SetId& id) const {
  CANDOUR_ASSIGN(const std::shared_ptr<const Bitmap> set, state_->sets.Load(id));
  return *set;
}

Result<std::uint64_t> Ledger::Started(AccessDetail detail) {
  CANDOUR_TRY(state_->CheckWritable());
  CANDOUR_TRY(state_->CheckStored(detail.available));
  detail.started = size();
  detail.time = state_->clock.Now();
  const AccessBlindings blindings{
      .actor = Blinding(), .statement = Blinding(), .counts = Blinding()};
  CANDOUR_ASSIGN(const std::string payload, EncodeStarted(detail, blindings));
  CANDOUR_TRY(CheckEntrySize(payload));
  CANDOUR_TRY(CheckEntrySize(payload));
  CANDOUR_TRY(state_->KeepInVault(state_->vault.PutAccess({detail, blindings})));
  return state_->AppendOne(EntryType::kStarted, payload);
}

Status Ledger::Finished(std::uint64_t started, const std::optional<SetId>& released,
                        std::int64_t rows, const std::string& outcome) {
  CANDOUR_TRY(CheckOutcome(outcome));
  CANDOUR_TRY(state_->CheckWritable());
  if (released) CANDOUR_TRY(state_->CheckStored(*released));
  CANDOUR_ASSIGN(const bool known, state_->vault.HasAccess(started));
  if (!known) return Fail(ErrorCode::kNotFound, "There is no access of that number.");
  CANDOUR_ASSIGN(const bool over, state_->vault.HasOutcome(started));
  if (over) return Fail(ErrorCode::kConflict, "The access has an outcome already.");
  const Outcome record{.finished = size(),
                       .started = started,
                       .time = state_->clock.Now(),
                       .released = released,
                       .rows = rows,
                       .outcome = outcome,
                       .blinding = Blinding()};
  CANDOUR_ASSIGN(const std::string payload, EncodeFinished(record));
  CANDOUR_TRY(state_->KeepInVault(state_->vault.PutOutcome(record)));
  CANDOUR_TRY(state_->AppendOne(EntryType::kFinished, payload));
  return {};
}

Result<std::uint64_t> Ledger::Append(EntryType type, std::string payload) {
  if (type == EntryType::kStarted || type == EntryType::kFinished) {
    return Fail(ErrorCode::kInvalidArgument, "An access is recorded by Started and Finished.");
  }
  CANDOUR_ASSIGN(const nlohmann::json body, ParseCanonicalJson(payload));
  if (!body.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, "The body of an entry is not a JSON object.");
  }
  CANDOUR_TRY(state_->CheckWritable());
  CANDOUR_ASSIGN(const std::string entry, EncodeEntry(type, state_->clock.Now(), body));
  return state_->AppendOne(type, entry);
}

std::uint64_t Ledger::size() const { return state_->journal.size(); }

Result<std::vector<Entry>> Ledger::Read(std::uint64_t first, std::uint64_t limit) const {
  CANDOUR_ASSIGN(std::vector<storage::JournalEntry> frames, state_->journal.Read(first, limit));
  std::vector<Entry> entries;
  for (storage::JournalEntry& frame : frames) {
    CANDOUR_ASSIGN(const UtcTime time, DecodeTime(frame.payload));
    entries.push_back(
        {frame.index, static_cast<EntryType>(frame.type), time, std::move(frame.payload)});
  }
  return entries;
}

Result<std::vector<AccessDetail>> Ledger::AccessesOf(
    const std::vector<std::uint32_t>& records) const {
  CANDOUR_ASSIGN(const std::vector<Vault::NumberedSet> sets, state_->vault.AvailableSets());
  std::unordered_set<std::int64_t> holding;
  for (const Vault::NumberedSet& numbered : sets) {
    CANDOUR_ASSIGN(const std::shared_ptr<const Bitmap> set, state_->sets.Load(numbered.id));
    const auto in_set = [&](std::uint32_t record) { return set->Contains(record); };
    if (std::ranges::any_of(records, in_set)) holding.insert(numbered.number);
  }
  return state_->vault.Accesses([&](std::int64_t number) { return holding.contains(number); },
                                size());
}

Result<std::vector<AccessDetail>> Ledger::Accesses(std::uint64_t limit) const {
  return state_->vault.Accesses([](std::int64_t) { return true; }, limit);
}

Status Ledger::Verify() const {
  CANDOUR_TRY(state_->journal.Verify());
  return VerifyVault(state_->journal, state_->vault);
}

}  // namespace candour::ledger
