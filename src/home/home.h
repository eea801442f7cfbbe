#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "consent/choice_store.h"
#include "crypto/secret.h"
#include "gate/permission.h"
#include "home/declarations.h"
#include "home/plan.h"
#include "home/store.h"
#include "intake/adopt.h"
#include "ledger/break_glass.h"
#include "ledger/break_glass_intake.h"
#include "ledger/ledger.h"
#include "people/register.h"
#include "storage/lock_file.h"
#include "tlog/witness_client.h"

namespace candour::home {

/// Who acts: a principal by name, and the operating system's user behind it.
struct Actor {
  std::string principal;
  std::string os_user;
};

/// A choice as a person makes it.
struct ChoiceRequest {
  PersonId person;
  std::string purpose;
  std::string unit = "any";
  std::string channel = "any";
  std::string recipient = "any";
  consent::Evidence evidence = consent::Evidence::kObjection;
  std::string notice;
};

/// What erasing a person did.
struct ErasedPerson {
  std::uint64_t entry = 0;  ///< its number in the log of accesses
  std::size_t records = 0;
  std::size_t choices = 0;  ///< that were in force or history, and are gone
};

/// What importing a unit's own flags did.
struct MappingReport {
  std::string mapping;
  std::int64_t rows = 0;
  std::size_t added = 0;  ///< choices that are new or differ from what was known
};

struct AdoptResult {
  intake::AdoptReport report;
  std::vector<MappingReport> mappings;
};

/// What opening a home does with the record of emergencies that it finds.
enum class GlassFiles {
  kTakeIn,  ///< into the ledger, as soon as that is open
  kLeave,   ///< only to set a damaged one aside
};

/// Whether it was the ledger that could not be opened or written, so that breaking the glass may
/// help. An older copy of a home is none: it may not know what people chose since.
bool IsLedgerFailure(const Error& error);

/// An open home: everything of one organisation, owned by this process alone.
///
/// Errors of `Open`: kHomeMissing, kHomeBusy, kHomePermissions, kNotFound (the key file),
/// kUnsupported (a newer format), those of Ledger::Open and TakeInBreakGlass, kCorruption, kIo.
/// Threads: one at a time.
class Home {
 public:
  /// Opens the home in `dir`. The root key is read from the file that CANDOUR_KEY_FILE names, else
  /// from the one that `init` noted.
  /// `transport` reaches the witnesses that the home's `witnesses.policy` names; without one none
  /// is reached, and what they must cosign is not published.
  static Result<Home> Open(const std::filesystem::path& dir, const Clock& clock,
                           GlassFiles glass = GlassFiles::kTakeIn,
                           std::shared_ptr<tlog::WitnessTransport> transport = nullptr);

  /// Opens the home without its ledger, which cannot be opened or written: to read only, with the
  /// record of the emergency where the ledger would be. What people chose and what is in force
  /// hold as ever. Where the ledger can be written, an entry says that this was refused.
  /// Errors: kBreakGlassRefused (there is no emergency), kLedgerBehind, kLedgerForked (an older
  /// copy is no emergency), those of opening the rest and of BreakGlass::Open.
  static Result<Home> OpenInEmergency(const std::filesystem::path& dir, const Clock& clock);

  const std::filesystem::path& dir() const { return dir_; }
  const std::filesystem::path& state_dir() const { return state_dir_; }
  const Declarations& in_force() const { return *in_force_; }
  const Clock& clock() const { return *clock_; }
  /// Only when the home was opened with its ledger; else only `break_glass` and `emergency`.
  ledger::Ledger& ledger() { return *ledger_; }
  ledger::BreakGlass& break_glass() { return *break_glass_; }
  bool in_emergency() const { return break_glass_.has_value(); }
  /// What keeps the ledger away.
  const Error& emergency() const { return *emergency_; }
  /// Where accesses are recorded: one of the two.
  ledger::Recorder& recorder();
  people::Register& people() { return *register_; }
  const consent::ChoiceStore& choices() const { return *choices_; }

  /// What was in force at a moment. Errors: kCorruption, kIo.
  Result<Declarations> InForceAt(UtcTime time) const { return store_->LoadAt(time); }

  /// What the door reads. Errors: of the person register.
  Result<gate::Setting> Setting();

  /// What putting declarations into force would do, with the people and rows it opens or closes.
  /// Mappings that change are tried on a copy of the choices. Errors: of what is read.
  Result<Plan> PlanFor(const Declarations& declarations);

  /// Puts declarations into force: recorded in the ledger, then applied, all or nothing. The flags
  /// of mappings that are new or changed are read again first, so that no moment passes in which
  /// the new declarations stand beside what the old ones read.
  Result<AppliedVersion> Apply(const Declarations& declarations, const Actor& actor);

  /// Adopts a dataset's source, then reads the flags of every mapping on it.
  Result<AdoptResult> AdoptDataset(const std::string& dataset,
                                   const std::function<void(double)>& progress);

  /// Records a choice on each of the person's records, so that it stays with them through a split.
  /// In force for the next statement. Errors: kNotFound (no such person), kDeclarationUnknownName
  /// (no such purpose or unit). Gives the number of its entry in the log of choices.
  Result<std::uint64_t> Choose(const ChoiceRequest& request);

  /// Goes on without what a damaged break-glass file cannot tell: ledger::SetAsideDamaged.
  Result<std::uint64_t> SetAsideDamagedGlass(const Actor& actor, const std::string& reason);

  /// Has new keys sign for the ledger: Ledger::RotateKeys. Reads the root key again.
  /// Errors: those of ReadRootKey and RotateKeys.
  Result<std::vector<ledger::RotatedLog>> RotateKeys(ledger::RotationReason reason);

  /// Erases a person: from the ledger (Ledger::Erase), the choices and the register, in this order;
  /// cut off, it is to be run again. Rows of theirs in dataset versions stay, without a person, and
  /// are denied. `suppress`: as Register::Erase. Errors: kNotFound (no such person, or erased
  /// already), those of the three.
  Result<ErasedPerson> Erase(const PersonId& person, const Actor& actor, const std::string& reason,
                             bool suppress);

  /// Makes two people one, or takes records out of one; recorded. For tests and, later, linkage.
  Result<PersonId> Merge(RecordNo a, RecordNo b, const std::string& source);
  Result<PersonId> Split(const std::vector<RecordNo>& records, const std::string& source);

 private:
  Home() = default;
  Result<crypto::Secret> OpenParts(const std::filesystem::path& dir, const Clock& clock,
                                   storage::SqliteUse use);
  Status OpenLedger(const std::filesystem::path& checkpoint_file, const crypto::Secret& root,
                    std::shared_ptr<tlog::WitnessTransport> transport);
  ledger::GlassFolder GlassFolder() const;
  Status DropErased(std::vector<consent::Choice>& choices);
  Result<MappingReport> ImportMapping(const consent::Mapping& mapping,
                                      const Declarations& declarations);

  std::filesystem::path dir_;
  std::filesystem::path state_dir_;
  const Clock* clock_ = nullptr;
  std::optional<storage::LockFile> lock_;
  std::optional<Store> store_;
  std::unique_ptr<Declarations> in_force_;  // behind a pointer: rules hold spans of it
  std::optional<people::Register> register_;
  std::optional<consent::ChoiceStore> choices_;
  std::string origin_;  ///< of the ledger
  std::optional<ledger::Ledger> ledger_;
  std::optional<ledger::BreakGlass> break_glass_;
  std::optional<Error> emergency_;
  std::filesystem::path key_file_;
  std::optional<crypto::Secret> break_glass_key_;
  std::optional<crypto::Secret> pseudonym_key_;
  std::optional<crypto::Secret> key_encryption_key_;
  std::shared_ptr<const people::PersonMap> map_;
  std::int64_t map_epoch_ = -1;
  gate::Standby standby_;
};

/// The rules of declarations, as decisions read them; spans of `declarations`.
policy::Rules RulesOf(const Declarations& declarations);

}  // namespace candour::home
