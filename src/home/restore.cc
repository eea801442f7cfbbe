#include "home/restore.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "accounts/permission.h"
#include "base/nearest.h"
#include "crypto/key_store.h"
#include "home/backup_custody.h"
#include "home/backup_manifest.h"
#include "home/custody.h"
#include "home/home.h"
#include "home/home_lock.h"
#include "home/restore_staging.h"
#include "home/state_format.h"
#include "home/store.h"
#include "storage/durable_file.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;
using ledger::LogStanding;
using ledger::RestoreTerms;

Status CheckFree(const fs::path& dir) {
  std::error_code failure;
  if (!fs::exists(dir, failure)) return {};
  if (fs::is_directory(dir, failure) && fs::is_empty(dir, failure) && !failure) return {};
  return Fail(Error{.code = ErrorCode::kConflict,
                    .message = fmt::format(
                        "A home is only restored into a new or empty folder: {}.", dir.string())}
                  .Next("name a folder that does not exist yet"));
}

/// Who accepts a loss: somebody whom the declarations in force let do so, on a home of their own.
Status CheckOperator(const fs::path& state, const std::string& name) {
  struct stat status{};
  if (stat(state.c_str(), &status) != 0 || status.st_uid != geteuid()) {
    return Fail(Error{.code = ErrorCode::kDeniedRole,
                      .message = "--as is honoured only for the owner of the home",
                      .fix_by = "the operator"});
  }
  if (name.empty()) {
    return Fail(Error{.code = ErrorCode::kUsage,
                      .message = "A restore that closes a log needs somebody who answers for it."}
                    .Next("add --as PRINCIPAL"));
  }
  CANDOUR_ASSIGN(const Store store, Store::Open(state));
  CANDOUR_ASSIGN(const Declarations in_force, store.LoadInForce());
  CANDOUR_ASSIGN(const accounts::Principal* const found,
                 accounts::FindPrincipal(in_force.principals, name));
  return accounts::CheckMayDo(*found, accounts::Action::kRestore);
}

/// What the ledger in `state` needs to go on, once the terms allow it.
Result<std::vector<LogStanding>> Examine(const fs::path& state,
                                         const ledger::LedgerSettings& settings,
                                         const RestoreTerms& terms) {
  CANDOUR_ASSIGN(std::vector<LogStanding> standings, ledger::ReadStandings(settings));
  CANDOUR_TRY(ledger::CheckTerms(standings, terms));
  const auto whole = [](const LogStanding& log) {
    return log.standing == ledger::Standing::kWhole;
  };
  if (!std::ranges::all_of(standings, whole)) {
    CANDOUR_TRY(CheckOperator(state, terms.by.principal));
  }
  return standings;
}

/// The format of state/, brought to the present one.
Result<StateFormat> PresentFormat(const fs::path& state) {
  CANDOUR_ASSIGN(StateFormat format, ReadStateFormat(state));
  if (format.format != kStateFormat) CANDOUR_TRY(MigrateState(state, format));
  return format;
}

/// Opens the home once, so that what cannot be opened is told now.
Result<RestoreReport> Opened(const fs::path& dir, std::vector<ledger::Continued> continued,
                             const Clock& clock) {
  CANDOUR_ASSIGN(Home home, Home::Open(dir, clock));
  return RestoreReport{.accesses = home.ledger().size(ledger::LogName::kAccesses),
                       .choices = home.ledger().size(ledger::LogName::kChoices),
                       .continued = std::move(continued)};
}

Result<fs::path> NamedKeyFile() {
  if (auto named = crypto::KeyFileFromEnvironment()) return *named;
  return Fail(Error{.code = ErrorCode::kNotFound,
                    .message = "The root key is not named, and a backup does not hold it."}
                  .Expected("CANDOUR_KEY_FILE naming the key file of the home")
                  .Next("export CANDOUR_KEY_FILE=…"));
}

}  // namespace

Result<RestoreReport> RestoreHome(const fs::path& backup, const fs::path& dir, RestoreTerms terms,
                                  const Clock& clock, const std::function<void(double)>& progress) {
  CANDOUR_ASSIGN(const fs::path key_file, NamedKeyFile());
  CANDOUR_ASSIGN(const BackupCustody custody, ReadCustody(key_file));
  CANDOUR_TRY(CheckFree(dir));
  CANDOUR_ASSIGN(const BackupManifest manifest, ReadManifest(backup, custody.backup_key));
  CANDOUR_ASSIGN(const std::string sealed, EncodeManifest(manifest, custody.backup_key));
  terms.backup = {.manifest = ManifestDigest(sealed), .time = manifest.time};
  RestoreStaging staging(backup, manifest, dir, progress);
  CANDOUR_TRY(staging.CheckAll());
  const fs::path staged = staging.folder() / "state";
  CANDOUR_ASSIGN(
      const std::vector<LogStanding> expected,
      ledger::ReadStandings(LedgerSettingsOf(custody, staged, manifest.origin), manifest.logs));
  CANDOUR_TRY(ledger::CheckTerms(expected, terms));
  CANDOUR_TRY(staging.CopyAll());
  CANDOUR_TRY(storage::WriteDurably(storage::MachineFilesystem(), KeyNote(staged),
                                    fs::absolute(key_file).string().append("\n")));
  CANDOUR_ASSIGN(const StateFormat format, PresentFormat(staged));
  CANDOUR_ASSIGN(const std::vector<LogStanding> standings,
                 Examine(staged, LedgerSettingsOf(custody, staged, format.origin), terms));
  CANDOUR_TRY(staging.Move());
  CANDOUR_ASSIGN(std::vector<ledger::Continued> continued,
                 ledger::ContinueLogs(LedgerSettingsOf(custody, dir / "state", format.origin),
                                      standings, terms, clock));
  return Opened(dir, std::move(continued), clock);
}

Result<RestoreReport> ContinueHome(const fs::path& dir, const RestoreTerms& terms,
                                   const Clock& clock) {
  const fs::path state = dir / "state";
  std::error_code failure;
  if (!fs::is_directory(state, failure)) {
    return Fail(Error{.code = ErrorCode::kHomeMissing,
                      .message = fmt::format("there is no home at {}", dir.string())});
  }
  std::vector<ledger::Continued> continued;
  {
    CANDOUR_ASSIGN(const storage::LockFile lock, LockHome(state));
    CANDOUR_ASSIGN(const fs::path key_file, FindKeyFile(state));
    CANDOUR_ASSIGN(const BackupCustody custody, ReadCustody(key_file));
    CANDOUR_ASSIGN(const StateFormat format, PresentFormat(state));
    const ledger::LedgerSettings settings = LedgerSettingsOf(custody, state, format.origin);
    CANDOUR_ASSIGN(const std::vector<LogStanding> standings, Examine(state, settings, terms));
    CANDOUR_ASSIGN(continued, ledger::ContinueLogs(settings, standings, terms, clock));
  }
  return Opened(dir, std::move(continued), clock);
}

}  // namespace candour::home
