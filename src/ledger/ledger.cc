#include "ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/canonical_json.h"
#include "crypto/random.h"
#include "ledger/choice_vault.h"
#include "ledger/commitment.h"
#include "ledger/copy.h"
#include "ledger/entry.h"
#include "ledger/erasure.h"
#include "ledger/log.h"
#include "ledger/log_signer.h"
#include "ledger/publisher.h"
#include "ledger/reindex.h"
#include "ledger/sequencer.h"
#include "ledger/set_prover.h"
#include "ledger/set_store.h"
#include "ledger/silence_entry.h"
#include "ledger/silent_access.h"
#include "ledger/statement.h"
#include "ledger/vault.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

std::string Blinding() { return crypto::RandomBytes(kBlindingSize); }

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

/// A log with what moves entries into it and out of it.
struct Ledger::Stream {
  Stream(std::unique_ptr<Log> opened, PrivateStore& halves, std::chrono::milliseconds publish_every)
      : log(std::move(opened)), publisher(*log, publish_every), sequencer(*log, halves) {}

  std::unique_ptr<Log> log;
  Publisher publisher;  // ends after the sequencer, so that it publishes all
  Sequencer sequencer;
};

struct Ledger::State {
  std::unique_ptr<storage::FileLock> lock;
  const Clock& clock;
  std::unique_ptr<CheckpointStore> checkpoints;
  Vault vault;
  std::unique_ptr<ChoiceVault> choice_vault;
  SetStore sets;
  std::unique_ptr<MemberKeys> member_keys;
  std::unique_ptr<Stream> accesses;
  std::unique_ptr<Stream> choices;
  std::unique_ptr<SetProver> prover;  // ends first: it submits entries
  bool prove_sets = true;
  std::string origin;                                    ///< of the home
  std::shared_ptr<const tlog::Signer> statement_signer;  ///< never null once open
  std::mutex rotating = {};  ///< of the signer, which a rotation changes

  Stream& Of(LogName name) { return name == LogName::kChoices ? *choices : *accesses; }
  Status CheckStored(const SetId& id);
  Status KeepSilent(AccessDetail& detail);
  Result<SetId> SetApart(const SetId& id);
  Status SignStatementsWith(const SigningKeys& keys);
  std::shared_ptr<const tlog::Signer> StatementSigner() {
    const std::lock_guard held(rotating);
    return statement_signer;
  }
};

/// Statements are signed by a key of the same generation as the log of accesses.
Status Ledger::State::SignStatementsWith(const SigningKeys& keys) {
  CANDOUR_ASSIGN(tlog::Signer signer, MakeLogSigner(keys(accesses->log->generation()), origin,
                                                    StatementSignerName(origin)));
  const std::lock_guard held(rotating);
  statement_signer = std::make_shared<const tlog::Signer>(std::move(signer));
  return {};
}

/// The same people under an id that no other access has.
Result<SetId> Ledger::State::SetApart(const SetId& id) {
  if (id.hex.empty()) return id;
  CANDOUR_ASSIGN(const std::shared_ptr<const Bitmap> set, sets.Load(id));
  return sets.StoreAlone(*set);
}

Status Ledger::State::KeepSilent(AccessDetail& detail) {
  CANDOUR_TRY(CheckSilentUntil(detail.silence->until, detail.time));
  CANDOUR_ASSIGN(detail.available, SetApart(detail.available));
  return {};
}

Status Ledger::State::CheckStored(const SetId& id) {
  if (id.hex.empty()) return {};
  CANDOUR_ASSIGN(const bool stored, sets.Has(id));
  if (!stored) return Fail(ErrorCode::kNotFound, "The set of an access is not stored.");
  return {};
}

std::string_view ToString(LogName name) {
  return name == LogName::kChoices ? "choices" : "accesses";
}

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<std::unique_ptr<Log>> Ledger::OpenLog(LogName name, const LedgerSettings& settings,
                                             CheckpointStore& checkpoints) {
  const fs::path folder = settings.folder / ToString(name);
  CANDOUR_TRY(settings.files.MakeDirectory(folder));
  CANDOUR_ASSIGN(const std::vector<LogLife> lives,
                 checkpoints.LivesOf(FirstOrigin(settings.origin, name)));
  const std::string& origin = lives.back().origin;
  CANDOUR_ASSIGN(const int generation, checkpoints.GenerationOf(origin));
  const LogSigners signer_of = SignersOf(settings.signing_key, settings.origin, origin);
  CANDOUR_ASSIGN(tlog::Signer signer, signer_of(generation));
  return Log::Open(folder, {.files = settings.files,
                            .checkpoints = checkpoints,
                            .signer = std::move(signer),
                            .generation = generation,
                            .signer_of = signer_of,
                            .signs_first_time = settings.signs_first_time,
                            .witnesses = settings.witnesses});
}

Result<Ledger> Ledger::Open(const LedgerSettings& settings, const Clock& clock) {
  storage::Filesystem& files = settings.files;
  const fs::path& folder = settings.folder;
  CANDOUR_TRY(files.MakeDirectory(folder));
  CANDOUR_ASSIGN(std::unique_ptr<storage::FileLock> lock, files.Lock(folder / "lock"));
  CANDOUR_TRY(files.MakeDirectory(folder / "sets"));
  CANDOUR_TRY(files.MakeDirectory(folder / "member_keys"));
  CANDOUR_ASSIGN(Vault vault, Vault::Open(folder / "vault.db", settings.vault_key));
  CANDOUR_ASSIGN(std::unique_ptr<CheckpointStore> checkpoints,
                 CheckpointStore::Open(settings.checkpoint_file));
  CANDOUR_ASSIGN(std::unique_ptr<Log> accesses,
                 OpenLog(LogName::kAccesses, settings, *checkpoints));
  CANDOUR_ASSIGN(std::unique_ptr<Log> choices, OpenLog(LogName::kChoices, settings, *checkpoints));
  CANDOUR_TRY(files.SyncDirectory(folder));
  CANDOUR_TRY(files.SyncDirectory(folder.has_parent_path() ? folder.parent_path() : "."));
  CANDOUR_TRY(Reindex(accesses->journal(), vault));
  CANDOUR_ASSIGN(std::unique_ptr<ChoiceVault> choice_vault,
                 ChoiceVault::Open(folder / "choice_vault.db", settings.vault_key));
  CANDOUR_TRY(choice_vault->DropFrom(choices->size()));
  CANDOUR_ASSIGN(crypto::Secret salt, vault.SetSalt());
  SetStore sets(files, folder / "sets", std::move(salt));
  std::unique_ptr<State> state(new State{std::move(lock), clock, std::move(checkpoints),
                                         std::move(vault), std::move(choice_vault), std::move(sets),
                                         nullptr, nullptr, nullptr, nullptr, settings.prove_sets,
                                         settings.origin, nullptr});
  state->accesses =
      std::make_unique<Stream>(std::move(accesses), state->vault, settings.publish_every);
  CANDOUR_TRY(state->SignStatementsWith(settings.signing_key));
  state->choices =
      std::make_unique<Stream>(std::move(choices), *state->choice_vault, settings.publish_every);
  CANDOUR_TRY(OpenProver(*state, settings));
  return Ledger(std::move(state));
}

Status Ledger::OpenProver(State& state, const LedgerSettings& settings) {
  CANDOUR_ASSIGN(
      state.member_keys,
      MemberKeys::Open(settings.files, settings.folder / "member_keys", settings.vault_key));
  CANDOUR_ASSIGN(const std::optional<crypto::Secret> next, state.vault.NextSetSalt());
  if (next) CANDOUR_TRY(EraseRecords({}, state.vault, state.sets, *state.member_keys));
  CANDOUR_ASSIGN(crypto::Secret pad_key, state.vault.PadKey());
  state.prover = std::make_unique<SetProver>(ProverParts{.sets = state.sets,
                                                         .keys = *state.member_keys,
                                                         .vault = state.vault,
                                                         .sequencer = state.accesses->sequencer,
                                                         .clock = state.clock,
                                                         .pad_key = std::move(pad_key)});
  if (!state.prove_sets) return {};
  CANDOUR_ASSIGN(const std::vector<SetId> sets, state.vault.SetsWithoutTree());
  for (const SetId& set : sets) state.prover->Want(set);
  return {};
}

Result<SetId> Ledger::StoreSet(const Bitmap& records) { return state_->sets.Store(records); }

Result<Bitmap> Ledger::LoadSet(const SetId& id) const {
  CANDOUR_ASSIGN(const std::shared_ptr<const Bitmap> set, state_->sets.Load(id));
  return *set;
}

Result<std::uint64_t> Ledger::Started(AccessDetail detail) {
  CANDOUR_TRY(state_->CheckStored(detail.available));
  detail.time = state_->clock.Now();
  AccessBlindings blindings{.actor = Blinding(), .statement = Blinding(), .counts = Blinding()};
  if (detail.silence) {
    CANDOUR_TRY(state_->KeepSilent(detail));
    blindings.silence = Blinding();
  }
  CANDOUR_ASSIGN(std::string payload, EncodeStarted(detail, blindings));
  const SetId available = detail.available;
  CANDOUR_ASSIGN(const std::uint64_t number,
                 state_->accesses->sequencer.Append({EntryType::kStarted, std::move(payload),
                                                     VaultAccess{std::move(detail), blindings}}));
  if (state_->prove_sets) state_->prover->Want(available);
  return number;
}

Status Ledger::Finished(std::uint64_t started, const std::optional<SetId>& released,
                        std::int64_t rows, const std::string& outcome) {
  CANDOUR_TRY(Finished(
      Outcome{.started = started, .released = released, .rows = rows, .outcome = outcome}));
  return {};
}

Result<std::uint64_t> Ledger::Finished(Outcome record) {
  CANDOUR_TRY(CheckOutcome(record.outcome));
  if (record.released) {
    CANDOUR_TRY(state_->CheckStored(*record.released));
    CANDOUR_ASSIGN(const bool silent, state_->vault.IsSilent(record.started));
    if (silent) {
      CANDOUR_ASSIGN(record.released, state_->SetApart(*record.released));
    }
  }
  const std::optional<SetId> released = record.released;
  record.time = state_->clock.Now();
  record.blinding = Blinding();
  CANDOUR_ASSIGN(std::string payload, EncodeFinished(record));
  CANDOUR_ASSIGN(const std::uint64_t number,
                 state_->accesses->sequencer.Append(
                     {EntryType::kFinished, std::move(payload), std::move(record)}));
  if (state_->prove_sets && released) state_->prover->Want(*released);
  return number;
}

Result<Membership> Ledger::ProveMembership(const SetId& set, std::uint32_t record) {
  return state_->prover->Prove(set, record);
}

Result<std::vector<Membership>> Ledger::ProveMemberships(
    const SetId& set, const std::vector<std::uint32_t>& records) {
  return state_->prover->ProveAll(set, records);
}

Result<std::vector<std::string>> Ledger::MemberKeysOf(const std::vector<std::uint32_t>& records) {
  return state_->prover->KeysOf(records);
}

Result<std::string> Ledger::SignStatement(PersonStatement statement) const {
  statement.origin = state_->origin;
  statement.accesses_checkpoint = log(LogName::kAccesses).last_signed()->note;
  statement.choices_checkpoint = log(LogName::kChoices).last_signed()->note;
  return EncodeStatement(statement, *state_->StatementSigner());
}

tlog::VerifierKey Ledger::statement_key() const {
  return state_->StatementSigner()->verifier_key();
}

Result<std::vector<SilentAccess>> Ledger::SilentAccesses() const {
  return SilentAccessesIn(state_->vault, state_->clock.Now());
}

Result<std::optional<Opening>> Ledger::OpeningOfSilence(std::uint64_t started) const {
  CANDOUR_ASSIGN(const VaultAccess access, state_->vault.FindAccess(started));
  if (!access.detail.silence || access.blindings.silence.empty()) return std::nullopt;
  return OpeningOf(*access.detail.silence, access.blindings.silence);
}

Result<std::uint64_t> Ledger::DecideSilence(SilenceDecision decision) {
  decision.time = state_->clock.Now();
  CANDOUR_TRY(CheckDecisionTerms(decision));
  decision.actor_blinding = Blinding();
  decision.reason_blinding = Blinding();
  CANDOUR_ASSIGN(std::string entry, EncodeSilenceDecided(decision));
  return state_->accesses->sequencer.Append(
      {EntryType::kSilenceDecided, std::move(entry), std::move(decision)});
}

Result<SilenceTally> Ledger::CheckSilence() const {
  Stream& stream = *state_->accesses;
  const auto unwritten = stream.sequencer.Pause();
  return TallySilence(stream.log->journal(), state_->vault, state_->clock.Now());
}

Status Ledger::WaitForTrees() { return state_->prover->Wait(); }

Result<std::uint64_t> Ledger::Erase(const std::string& person,
                                    const std::vector<std::uint32_t>& records,
                                    std::vector<Opening> openings) {
  CANDOUR_TRY(state_->accesses->log->CheckWritable());
  CANDOUR_TRY(state_->prover->Wait());
  {
    const auto paused = state_->accesses->sequencer.Pause();
    CANDOUR_TRY(EraseRecords(records, state_->vault, state_->sets, *state_->member_keys));
  }
  CANDOUR_TRY(state_->choice_vault->Erase(person));
  // The blinding value is kept nowhere: the entry says that an erasure was done, and not of whom.
  CANDOUR_ASSIGN(const std::string subject, CanonicalJson({{"person", person}}));
  return Append(EntryType::kErased, {{"subject", Commit("subject", Blinding(), subject)}},
                std::move(openings));
}

Result<std::uint64_t> Ledger::Chosen(const std::string& person, const nlohmann::json& choice) {
  ChoiceHalf half{.person = person, .blinding = Blinding()};
  CANDOUR_ASSIGN(half.value, CanonicalJson(choice));
  CANDOUR_ASSIGN(std::string entry, EncodeChoice(state_->clock.Now(), half.value, half.blinding));
  return state_->choices->sequencer.Append(
      {EntryType::kChoices, std::move(entry), std::move(half)});
}

Result<std::vector<std::uint64_t>> Ledger::ChoicesOf(const std::string& person) const {
  return state_->choice_vault->EntriesOf(person);
}

Result<std::uint64_t> Ledger::Append(EntryType type, const nlohmann::json& body) {
  if (type == EntryType::kStarted || type == EntryType::kFinished ||
      type == EntryType::kSilenceDecided || type == EntryType::kKeyRotated) {
    return Fail(ErrorCode::kInvalidArgument,
                "An access, a decision on one or a new key is not recorded by its entry alone.");
  }
  if (!body.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, "The body of an entry is not a JSON object.");
  }
  CANDOUR_ASSIGN(std::string entry, EncodeEntry(type, state_->clock.Now(), body));
  const LogName name = type == EntryType::kChoices ? LogName::kChoices : LogName::kAccesses;
  return state_->Of(name).sequencer.Append({type, std::move(entry), {}});
}

Result<std::uint64_t> Ledger::Append(EntryType type, nlohmann::json body,
                                     std::vector<Opening> openings) {
  for (const Opening& opening : openings) {
    body[opening.name] = Commit(opening.name, opening.blinding, opening.value);
  }
  CANDOUR_ASSIGN(std::string entry, EncodeEntry(type, state_->clock.Now(), body));
  return state_->accesses->sequencer.Append(
      {type, std::move(entry), OpeningsHalf{.openings = std::move(openings)}});
}

Result<std::vector<RotatedLog>> Ledger::RotateKeys(const SigningKeys& keys, RotationReason reason) {
  const int accesses = log(LogName::kAccesses).generation();
  const int choices = log(LogName::kChoices).generation();
  std::vector<RotatedLog> rotated;
  for (const LogName name : {LogName::kAccesses, LogName::kChoices}) {
    Stream& stream = state_->Of(name);
    // Where an earlier change reached one log only, the other one catches up.
    if (accesses != choices && stream.log->generation() == std::max(accesses, choices)) continue;
    const auto unpublished = stream.publisher.Pause();
    const auto unwritten = stream.sequencer.Pause();
    const LogSigners signer_of = SignersOf(keys, state_->origin, stream.log->key().name());
    CANDOUR_ASSIGN(const std::uint64_t entry,
                   stream.log->Rotate(state_->clock.Now(), reason, signer_of));
    CANDOUR_ASSIGN(std::string receipt, stream.log->Receipt(entry));
    rotated.push_back({.name = name,
                       .entry = entry,
                       .generation = stream.log->generation(),
                       .key = stream.log->key().ToString(),
                       .receipt = std::move(receipt)});
  }
  CANDOUR_TRY(state_->SignStatementsWith(keys));
  CANDOUR_TRY(Publish());
  return rotated;
}

std::uint64_t Ledger::size(LogName name) const { return log(name).size(); }

const Log& Ledger::log(LogName name) const { return *state_->Of(name).log; }

Status Ledger::Publish() {
  CANDOUR_TRY(state_->accesses->publisher.Now());
  return state_->choices->publisher.Now();
}

Result<std::string> Ledger::Receipt(LogName name, std::uint64_t index) const {
  return log(name).Receipt(index);
}

Result<std::string> Ledger::Copy(LogName name, std::uint64_t index) const {
  CANDOUR_ASSIGN(const std::string receipt, Receipt(name, index));
  CANDOUR_ASSIGN(const std::vector<Opening> openings, Openings(name, index));
  return MakeCopy(receipt, openings);
}

Result<std::vector<Opening>> Ledger::Openings(LogName name, std::uint64_t index) const {
  if (index >= size(name)) return Fail(ErrorCode::kNotFound, "There is no entry of that number.");
  CANDOUR_ASSIGN(std::vector<Opening> openings, log(name).RestoredOpenings(index));
  if (name == LogName::kChoices) {
    if (const auto half = state_->choice_vault->Find(index); half && !half->blinding.empty()) {
      openings.push_back({"/body/choice", "choice", half->blinding, half->value});
    }
    return openings;
  }
  const auto type = static_cast<EntryType>(log(name).journal().TypeOf(index));
  if (type == EntryType::kStarted) {
    CANDOUR_ASSIGN(const VaultAccess access, state_->vault.FindAccess(index));
    CANDOUR_ASSIGN(openings, OpeningsOf(access.detail, access.blindings));
  } else if (type == EntryType::kFinished) {
    CANDOUR_ASSIGN(const Outcome outcome, state_->vault.FindOutcome(index));
    CANDOUR_ASSIGN(openings, OpeningsOf(outcome));
  } else if (type == EntryType::kSilenceDecided) {
    CANDOUR_ASSIGN(const SilenceDecision decision, state_->vault.FindDecision(index));
    CANDOUR_ASSIGN(openings, OpeningsOf(decision));
  } else if (type == EntryType::kBreakGlass || type == EntryType::kErased) {
    return state_->vault.OpeningsOf(index);
  }
  return openings;
}

Result<std::vector<Entry>> Ledger::Read(LogName name, std::uint64_t first,
                                        std::uint64_t limit) const {
  CANDOUR_ASSIGN(std::vector<storage::JournalEntry> frames, log(name).journal().Read(first, limit));
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
  CANDOUR_ASSIGN(
      std::vector<AccessDetail> accesses,
      state_->vault.Accesses([&](std::int64_t number) { return holding.contains(number); },
                             size(LogName::kAccesses)));
  CANDOUR_TRY(LeaveOutSilent(accesses, state_->vault, state_->clock.Now()));
  return accesses;
}

Result<std::vector<AccessDetail>> Ledger::Accesses(std::uint64_t limit) const {
  return state_->vault.Accesses([](std::int64_t) { return true; }, limit);
}

Status Ledger::Verify() const {
  for (const LogName name : {LogName::kAccesses, LogName::kChoices}) {
    Stream& stream = state_->Of(name);
    const auto unpublished = stream.publisher.Pause();
    const auto unwritten = stream.sequencer.Pause();
    CANDOUR_TRY(stream.log->Verify());
    CANDOUR_TRY(name == LogName::kAccesses
                    ? VerifyVault(stream.log->journal(), state_->vault)
                    : VerifyChoices(stream.log->journal(), *state_->choice_vault));
  }
  return VerifyTrees();
}

/// That each set which is kept gives the tree that was recorded of it.
Status Ledger::VerifyTrees() const {
  const storage::Journal& journal = state_->accesses->log->journal();
  for (std::uint64_t index = 0; index < journal.size(); ++index) {
    if (static_cast<EntryType>(journal.TypeOf(index)) != EntryType::kSetTree) continue;
    CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries, journal.Read(index, 1));
    CANDOUR_ASSIGN(const SetTreeHalf said, DecodeSetTree(index, entries.at(0).payload));
    CANDOUR_TRY(state_->prover->Check(said));
  }
  return {};
}

}  // namespace candour::ledger
