#include "home/home.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/canonical_json.h"
#include "base/nearest.h"
#include "crypto/key_store.h"
#include "home/backup_custody.h"
#include "home/custody.h"
#include "home/home_lock.h"
#include "home/load.h"
#include "home/reach.h"
#include "home/read_flags.h"
#include "home/state_format.h"
#include "home/witnesses.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using ledger::EntryType;

constexpr std::array kLedgerFailures = {
    ErrorCode::kIo,         ErrorCode::kLedgerReadOnly, ErrorCode::kLedgerCorrupt,
    ErrorCode::kCorruption, ErrorCode::kLedgerUnsigned, ErrorCode::kExhausted,
    ErrorCode::kUnavailable};

/// The origin that declarations give the ledger: those in force, else those in the home's folder.
Result<std::string> DeclaredOrigin(const fs::path& dir, const Declarations& in_force) {
  if (!in_force.settings.origin.empty()) return in_force.settings.origin;
  CANDOUR_ASSIGN(const Reading reading, LoadHome(dir));
  const std::string& declared = reading.declarations.settings.origin;
  return declared.empty() ? "example.org/unnamed" : declared;
}

}  // namespace

bool IsLedgerFailure(const Error& error) {
  return std::ranges::find(kLedgerFailures, error.code) != kLedgerFailures.end();
}

policy::Rules RulesOf(const Declarations& declarations) {
  return {.units = declarations.units,
          .purposes = declarations.purposes,
          .datasets = declarations.datasets,
          .uses = declarations.uses,
          .agreements = declarations.agreements};
}

Result<Home> Home::Open(const fs::path& dir, const Clock& clock, GlassFiles glass,
                        std::shared_ptr<tlog::WitnessTransport> transport) {
  Home home;
  CANDOUR_ASSIGN(const crypto::Secret root, home.OpenParts(dir, clock, storage::SqliteUse::kWrite));
  CANDOUR_TRY(home.OpenLedger(CheckpointFile(home.key_file_), root, std::move(transport)));
  if (glass == GlassFiles::kTakeIn) {
    CANDOUR_TRY(ledger::TakeInBreakGlass(*home.ledger_, home.GlassFolder()));
  }
  return home;
}

/// Opens all but the ledger, and gives the root key.
Result<crypto::Secret> Home::OpenParts(const fs::path& dir, const Clock& clock,
                                       storage::SqliteUse use) {
  dir_ = dir;
  state_dir_ = dir / "state";
  clock_ = &clock;
  if (!fs::is_directory(state_dir_)) {
    return Fail(Error{.code = ErrorCode::kHomeMissing,
                      .message = fmt::format("there is no home at {}", dir.string()),
                      .next = fmt::format("candour init {}", dir.string())});
  }
  CANDOUR_ASSIGN(lock_, LockHome(state_dir_));
  CANDOUR_ASSIGN(store_, Store::Open(state_dir_, use));
  CANDOUR_ASSIGN(Declarations in_force, store_->LoadInForce());
  in_force_ = std::make_unique<Declarations>(std::move(in_force));
  CANDOUR_ASSIGN(register_, people::Register::Open(state_dir_ / "people.db", use));
  CANDOUR_ASSIGN(choices_, consent::ChoiceStore::Open(state_dir_ / "choices.db", use));
  CANDOUR_ASSIGN(key_file_, FindKeyFile(state_dir_));
  CANDOUR_ASSIGN(crypto::Secret root, crypto::ReadRootKey(key_file_));
  pseudonym_key_ = crypto::DeriveKey(root, crypto::kPseudonymKey);
  key_encryption_key_ = crypto::DeriveKey(root, crypto::kKeyEncryptionKey);
  break_glass_key_ = crypto::DeriveKey(root, ledger::kBreakGlassKey);
  register_->SuppressUnder(crypto::DeriveKey(*key_encryption_key_, "suppression"));
  return root;
}

Status Home::OpenLedger(const fs::path& checkpoint_file, const crypto::Secret& root,
                        std::shared_ptr<tlog::WitnessTransport> transport) {
  CANDOUR_ASSIGN(const std::shared_ptr<const ledger::Witnesses> witnesses,
                 ReadWitnesses(dir_, std::move(transport)));
  CANDOUR_ASSIGN(StateFormat format, ReadStateFormat(state_dir_));
  if (format.origin.empty() || !HasEntries(state_dir_)) {
    // The origin is settled by the first entry; until then it is what the declarations say.
    CANDOUR_ASSIGN(format.origin, DeclaredOrigin(dir_, *in_force_));
  }
  CANDOUR_TRY(MigrateState(state_dir_, format));
  const crypto::Secret vault_key = crypto::DeriveKey(*key_encryption_key_, ledger::kVaultKey);
  CANDOUR_ASSIGN(ledger_, ledger::Ledger::Open({.folder = state_dir_ / "ledger",
                                                .origin = format.origin,
                                                .signing_key = SigningKeysOf(root),
                                                .vault_key = vault_key,
                                                .checkpoint_file = checkpoint_file,
                                                .signs_first_time = format.unsigned_entries,
                                                .witnesses = witnesses},
                                               *clock_));
  origin_ = format.origin;
  format.unsigned_entries = false;
  return WriteStateFormat(state_dir_, format);
}

Result<gate::Setting> Home::Setting() {
  CANDOUR_ASSIGN(const std::int64_t epoch, register_->Epoch());
  if (map_ == nullptr || epoch != map_epoch_) {
    CANDOUR_ASSIGN(map_, register_->Map());
    map_epoch_ = epoch;
  }
  return gate::Setting{.rules = RulesOf(*in_force_),
                       .state_dir = state_dir_,
                       .people = map_,
                       .choices = *choices_,
                       .pseudonym_key = *pseudonym_key_,
                       .key_encryption_key = *key_encryption_key_,
                       .clock = *clock_,
                       .standby = &standby_};
}

Result<Plan> Home::PlanFor(const Declarations& declarations) {
  CANDOUR_ASSIGN(const gate::Setting now, Setting());
  const std::vector<const consent::Mapping*> changed = ChangedMappings(*in_force_, declarations);
  if (changed.empty()) return MakePlan(*in_force_, declarations, ReachOf(now), ReachOf(now));
  CANDOUR_ASSIGN(consent::ChoiceStore choices, choices_->Trial());
  for (const consent::Mapping* mapping : changed) {
    auto flags = ReadFlags(state_dir_, *mapping, declarations, *key_encryption_key_, clock_->Now());
    if (!flags && WaitsForData(flags.error())) continue;
    if (!flags) return std::unexpected(flags.error());
    CANDOUR_TRY(choices.ReplaceSource(mapping->id, flags->choices));
  }
  const gate::Setting then{.rules = now.rules,
                           .state_dir = now.state_dir,
                           .people = now.people,
                           .choices = choices,
                           .pseudonym_key = now.pseudonym_key,
                           .key_encryption_key = now.key_encryption_key,
                           .clock = now.clock};
  return MakePlan(*in_force_, declarations, ReachOf(now), ReachOf(then));
}

Result<AppliedVersion> Home::Apply(const Declarations& declarations, const Actor& actor) {
  if (declarations.settings.origin != origin_) {
    return Fail(Error{.code = ErrorCode::kConflict,
                      .message = "the origin of a ledger that has entries cannot change"}
                    .Expected(origin_)
                    .Found(declarations.settings.origin)
                    .Next("put the origin back in candour.yaml"));
  }
  CANDOUR_ASSIGN(const auto current, store_->Current());
  const std::int64_t next = current ? current->number + 1 : 1;
  CANDOUR_TRY(ledger_->Append(EntryType::kApplied,
                              {{"files", declarations.files.size()}, {"version", next}}));
  for (const consent::Mapping* mapping : ChangedMappings(*in_force_, declarations)) {
    const auto report = ImportMapping(*mapping, declarations);
    if (!report && !WaitsForData(report.error())) return std::unexpected(report.error());
  }
  CANDOUR_ASSIGN(const AppliedVersion version,
                 store_->Apply(declarations, actor.os_user, clock_->Now()));
  CANDOUR_ASSIGN(Declarations in_force, store_->LoadInForce());
  *in_force_ = std::move(in_force);
  return version;
}

Result<AdoptResult> Home::AdoptDataset(const std::string& name,
                                       const std::function<void(double)>& progress) {
  const catalogue::Dataset* dataset = in_force_->FindDataset(name);
  if (dataset == nullptr) {
    std::vector<std::string> names;
    for (const catalogue::Dataset& known : in_force_->datasets) names.push_back(known.name);
    return Fail(Error{.code = ErrorCode::kNotFound,
                      .message = fmt::format("no dataset named {} is in force", Quoted(name)),
                      .expected = SuggestName(name, names),
                      .next = "candour plan"});
  }
  const catalogue::Dataset* lookup =
      dataset->row_category ? in_force_->FindDataset(dataset->row_category->lookup_dataset)
                            : nullptr;
  AdoptResult result;
  CANDOUR_ASSIGN(result.report, intake::Adopt({.dataset = *dataset,
                                               .lookup = lookup,
                                               .state_dir = state_dir_,
                                               .home_dir = dir_,
                                               .allowed_sources = in_force_->settings.sources_allow,
                                               .people = *register_,
                                               .key_encryption_key = *key_encryption_key_,
                                               .clock = *clock_,
                                               .progress = progress}));
  CANDOUR_TRY(ledger_->Append(
      EntryType::kAdopted,
      {{"dataset", name}, {"rows", result.report.rows}, {"version", result.report.version}}));
  if (result.report.links > 0) {
    CANDOUR_TRY(ledger_->Append(EntryType::kLinks,
                                {{"kind", "declared keys"}, {"links", result.report.links}}));
  }
  for (const consent::Mapping& mapping : in_force_->mappings) {
    if (mapping.dataset != name) continue;
    CANDOUR_ASSIGN(MappingReport report, ImportMapping(mapping, *in_force_));
    result.mappings.push_back(std::move(report));
  }
  return result;
}

Result<MappingReport> Home::ImportMapping(const consent::Mapping& mapping,
                                          const Declarations& declarations) {
  CANDOUR_ASSIGN(FlagReading flags,
                 ReadFlags(state_dir_, mapping, declarations, *key_encryption_key_, clock_->Now()));
  CANDOUR_TRY(DropErased(flags.choices));
  CANDOUR_TRY(ledger_->Append(EntryType::kChoices,
                              {{"rows", flags.rows}, {"source", "mapping " + mapping.id}}));
  MappingReport report{.mapping = mapping.id, .rows = flags.rows};
  CANDOUR_ASSIGN(report.added, choices_->ReplaceSource(mapping.id, flags.choices));
  return report;
}

Result<std::uint64_t> Home::Choose(const ChoiceRequest& request) {
  const auto unknown = [](std::string message) {
    return Fail(Error{.code = ErrorCode::kDeclarationUnknownName,
                      .message = std::move(message),
                      .next = "candour list"});
  };
  if (request.purpose != "any" && in_force_->FindPurpose(request.purpose) == nullptr) {
    return unknown(fmt::format("no purpose named {} is in force", Quoted(request.purpose)));
  }
  if (request.unit != "any" && in_force_->FindUnit(request.unit) == nullptr) {
    return unknown(fmt::format("no unit named {} is in force", Quoted(request.unit)));
  }
  CANDOUR_ASSIGN(const std::vector<people::Record> records, register_->RecordsOf(request.person));
  std::vector<consent::Choice> choices;
  for (const people::Record& record : records) {
    choices.push_back({.record = record.number,
                       .purpose = request.purpose,
                       .unit = request.unit,
                       .channel = request.channel,
                       .recipient = request.recipient,
                       .evidence = request.evidence,
                       .source = "person",
                       .notice = request.notice,
                       .event_time = clock_->Now(),
                       .recorded_time = clock_->Now()});
  }
  const Json choice = {
      {"person", request.person.text},  {"purpose", request.purpose},
      {"unit", request.unit},           {"channel", request.channel},
      {"recipient", request.recipient}, {"evidence", consent::ToString(request.evidence)},
      {"notice", request.notice}};
  CANDOUR_ASSIGN(const std::uint64_t number, ledger_->Chosen(request.person.text, choice));
  CANDOUR_TRY(choices_->Add(choices));
  return number;
}

Result<std::vector<ledger::RotatedLog>> Home::RotateKeys(ledger::RotationReason reason) {
  CANDOUR_ASSIGN(const crypto::Secret root, crypto::ReadRootKey(key_file_));
  return ledger_->RotateKeys(SigningKeysOf(root), reason);
}

Result<PersonId> Home::Merge(RecordNo a, RecordNo b, const std::string& source) {
  CANDOUR_TRY(ledger_->Append(EntryType::kLinks, {{"kind", "merge"}, {"links", 1}}));
  return register_->Merge(a, b, source, clock_->Now());
}

Result<PersonId> Home::Split(const std::vector<RecordNo>& records, const std::string& source) {
  CANDOUR_TRY(ledger_->Append(EntryType::kLinks, {{"kind", "split"}, {"links", 1}}));
  return register_->Split(records, source, clock_->Now());
}

}  // namespace candour::home
