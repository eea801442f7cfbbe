#include <nlohmann/json.hpp>

#include "home/custody.h"
#include "home/home.h"

namespace candour::home {
namespace {

/// What keeps the ledger from being written; nothing when an entry could be recorded, which says
/// that breaking the glass was refused. Errors: what breaking the glass would not help against.
Result<std::optional<Error>> FailureOf(const std::filesystem::path& dir, const Clock& clock) {
  Result<Home> home = Home::Open(dir, clock);
  Status written;
  if (!home) {
    written = std::unexpected(home.error());
  } else {
    const std::string code(InfoOf(ErrorCode::kBreakGlassRefused).name);
    const auto entry =
        home->ledger().Append(ledger::EntryType::kDenied, {{"use", "break-glass"}, {"code", code}});
    if (!entry) written = std::unexpected(entry.error());
  }
  if (written) return std::nullopt;
  if (IsLedgerFailure(written.error())) return written.error();
  return std::unexpected(written.error());
}

}  // namespace

Result<Home> Home::OpenInEmergency(const std::filesystem::path& dir, const Clock& clock) {
  CANDOUR_ASSIGN(std::optional<Error> failure, FailureOf(dir, clock));
  if (!failure) {
    return Fail(Error{.code = ErrorCode::kBreakGlassRefused,
                      .message = "The ledger can be written, so the glass stays whole."}
                    .Next("ask without --break-glass"));
  }
  Home home;
  CANDOUR_TRY(home.OpenParts(dir, clock, storage::SqliteUse::kReadOnly));
  home.emergency_ = std::move(failure);
  CANDOUR_ASSIGN(home.break_glass_, ledger::BreakGlass::Open(storage::MachineFilesystem(),
                                                             BreakGlassFolder(home.key_file_),
                                                             *home.break_glass_key_, clock));
  return home;
}

ledger::Recorder& Home::recorder() {
  if (break_glass_) return *break_glass_;
  return *ledger_;
}

ledger::GlassFolder Home::GlassFolder() const {
  return {.folder = BreakGlassFolder(key_file_), .key = *break_glass_key_, .clock = *clock_};
}

Result<std::uint64_t> Home::SetAsideDamagedGlass(const Actor& actor, const std::string& reason) {
  return ledger::SetAsideDamaged(
      *ledger_, GlassFolder(),
      {.principal = actor.principal, .os_user = actor.os_user, .reason = reason});
}

}  // namespace candour::home
