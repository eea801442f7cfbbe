#include "ledger/restore.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "crypto/random.h"
#include "ledger/key_rotation.h"
#include "ledger/ledger_tree.h"
#include "ledger/log_signer.h"
#include "tlog/note.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

Result<storage::Journal> OpenJournal(const LedgerSettings& settings, LogName name) {
  const fs::path log = settings.folder / ToString(name);
  for (const fs::path& folder : {settings.folder, log, log / "journal"}) {
    CANDOUR_TRY(settings.files.MakeDirectory(folder));
  }
  return storage::Journal::Open(settings.files, log / "journal",
                                {.make_tree = [] { return MakeLedgerTree(); }});
}

/// A name that nobody has signed under, even if this home was restored before from elsewhere, or
/// its checkpoint store was lost: hence the random part.
std::string NextOrigin(const LedgerSettings& settings, const LogStanding& standing) {
  constexpr std::size_t kDigits = 8;
  const std::size_t lives = std::max(standing.lives.size(), standing.extent.lives.size());
  return fmt::format("{}/{}-{}", FirstOrigin(settings.origin, standing.extent.name), lives + 1,
                     crypto::RandomCrockford(kDigits));
}

/// Every life of the log that anybody knows and that nothing has closed yet.
std::vector<LogLife> OpenLives(const LogStanding& standing) {
  std::vector<LogLife> open = {{.origin = standing.lives.back().origin, .kept = standing.kept}};
  for (const LifeStart& life : standing.extent.lives) {
    if (std::ranges::find(standing.lives, life.origin, &LogLife::origin) == standing.lives.end()) {
      open.push_back({.origin = life.origin, .kept = standing.extent.size});
    }
  }
  return open;
}

/// Publishes nothing of the old life under the new one; its tiles stay for whoever holds proofs.
Status SetPublishedAside(const LedgerSettings& settings, const fs::path& log, std::size_t life) {
  std::error_code failure;
  if (!fs::exists(log / "public", failure)) return {};
  CANDOUR_TRY(settings.files.Rename(log / "public", log / fmt::format("public-{}", life)));
  return settings.files.SyncDirectory(log);
}

/// Closes one log and begins its next life.
class Continuation {
 public:
  Continuation(const LedgerSettings& settings, const LogStanding& standing,
               CheckpointStore& checkpoints)
      : settings_(settings),
        standing_(standing),
        checkpoints_(checkpoints),
        log_(settings.folder / ToString(standing.extent.name)) {}

  Result<Continued> Run(const RestoreTerms& terms, UtcTime now) {
    CANDOUR_ASSIGN(storage::Journal journal, OpenJournal(settings_, standing_.extent.name));
    if (journal.size() != standing_.extent.size || journal.root() != standing_.extent.root) {
      return Fail(ErrorCode::kLedgerCorrupt, "The ledger changed while it was restored.");
    }
    const bool known = standing_.standing != Standing::kUnsigned;
    Restored entry{
        .origin = NextOrigin(settings_, standing_),
        .closed = known ? standing_.lives.back().origin : standing_.extent.lives.back().origin,
        .last = known ? standing_.last : std::nullopt,
        .kept = standing_.kept,
        .backup = terms.backup};
    CANDOUR_TRY(Append(journal, entry, terms.by, now));
    CANDOUR_TRY(SetPublishedAside(settings_, log_, standing_.extent.lives.size()));
    CANDOUR_TRY(SignFor(journal, entry.origin));
    return Continued{.name = standing_.extent.name, .entry = std::move(entry)};
  }

 private:
  /// The private half first, as always.
  Status Append(storage::Journal& journal, const Restored& entry, const RestoredBy& by,
                UtcTime now) {
    CANDOUR_ASSIGN(const std::vector<Opening> openings, OpeningsOf(by));
    CANDOUR_ASSIGN(const std::string payload, EncodeRestored(now, entry, openings));
    CANDOUR_TRY(WriteOpenings(settings_.files, OpeningsFile(log_, journal.size()), openings));
    const storage::JournalRecord record{.type = static_cast<std::uint8_t>(EntryType::kRestored),
                                        .payload = payload};
    CANDOUR_TRY(journal.Append({&record, 1}));
    return {};
  }

  Status SignFor(const storage::Journal& journal, const std::string& origin) {
    CANDOUR_ASSIGN(const int generation, Generation(journal));
    CANDOUR_ASSIGN(const tlog::Signer signer,
                   MakeLogSigner(settings_.signing_key(generation), settings_.origin, origin));
    SignedNote next{
        .checkpoint = {.origin = origin, .size = journal.size(), .root = journal.root()}};
    CANDOUR_ASSIGN(const std::string text, tlog::FormatCheckpoint(next.checkpoint));
    CANDOUR_ASSIGN(next.note, tlog::SignNote(text, {&signer, 1}));
    const auto& last = standing_.last;
    return checkpoints_.Close(OpenLives(standing_),
                              last ? std::optional(last->checkpoint) : std::nullopt, next,
                              generation);
  }

  /// A key that was given up never signs again, whether the store or the journal knows of it.
  Result<int> Generation(const storage::Journal& journal) const {
    CANDOUR_ASSIGN(const int said, GenerationIn(journal));
    CANDOUR_ASSIGN(const int kept, checkpoints_.GenerationOf(standing_.lives.back().origin));
    return std::max(said, kept);
  }

  const LedgerSettings& settings_;
  const LogStanding& standing_;
  CheckpointStore& checkpoints_;
  fs::path log_;
};

bool Any(const std::vector<LogStanding>& standings, Standing standing) {
  return std::ranges::find(standings, standing, &LogStanding::standing) != standings.end();
}

/// "12 entries of accesses and 3 of choices".
std::string LossOf(const std::vector<LogStanding>& standings) {
  std::vector<std::string> parts;
  for (const LogStanding& log : standings) {
    if (log.standing != Standing::kBehind) continue;
    parts.push_back(fmt::format("{}{} of {}", log.lost().value_or(0),
                                !parts.empty()                ? ""
                                : log.lost().value_or(0) == 1 ? " entry"
                                                              : " entries",
                                ToString(log.extent.name)));
  }
  return fmt::format("{}", fmt::join(parts, " and "));
}

std::unexpected<Error> Refused(ErrorCode code, std::string message, const RestoreTerms& terms,
                               std::string_view next) {
  Error error{.code = code, .message = std::move(message)};
  if (terms.backup) error.Found(fmt::format("a backup of {}", FormatTime(terms.backup->time)));
  return Fail(error.FixBy("the operator").Next(std::string(next)));
}

}  // namespace

Result<std::vector<LogStanding>> ReadStandings(const LedgerSettings& settings) {
  std::vector<LogExtent> extents;
  for (const LogName name : {LogName::kAccesses, LogName::kChoices}) {
    CANDOUR_ASSIGN(const storage::Journal journal, OpenJournal(settings, name));
    CANDOUR_ASSIGN(extents.emplace_back(),
                   ExtentOf(name, FirstOrigin(settings.origin, name), journal));
  }
  return ReadStandings(settings, extents);
}

Result<std::vector<LogStanding>> ReadStandings(const LedgerSettings& settings,
                                               const std::vector<LogExtent>& extents) {
  CANDOUR_ASSIGN(const std::unique_ptr<CheckpointStore> checkpoints,
                 CheckpointStore::Open(settings.checkpoint_file));
  std::vector<LogStanding> standings;
  for (const LogExtent& extent : extents) {
    CANDOUR_ASSIGN(standings.emplace_back(), StandingOf(extent, *checkpoints));
  }
  return standings;
}

Status CheckTerms(const std::vector<LogStanding>& standings, const RestoreTerms& terms) {
  const bool is_unsigned = Any(standings, Standing::kUnsigned);
  if (is_unsigned && !terms.lost_checkpoints) {
    return Refused(ErrorCode::kLedgerUnsigned,
                   "The checkpoint store does not know of this ledger, so nobody can tell whether "
                   "entries would be lost.",
                   terms,
                   "name the right store in CANDOUR_CHECKPOINT_FILE; if it is lost, add "
                   "--checkpoint-store-lost --reason TEXT --as PRINCIPAL");
  }
  if (!is_unsigned && terms.lost_checkpoints) {
    return Fail(Error{.code = ErrorCode::kUsage,
                      .message = "The checkpoint store is not lost: it knows of this ledger."}
                    .Next("leave --checkpoint-store-lost out"));
  }
  const bool behind = Any(standings, Standing::kBehind);
  if (behind && !terms.loss) {
    return Refused(ErrorCode::kLedgerBehind,
                   fmt::format("Entries that were signed would be lost: {}.", LossOf(standings)),
                   terms,
                   "restore a newer backup, or add --accept-loss --reason TEXT --as PRINCIPAL");
  }
  if ((behind || is_unsigned) && terms.by.reason.empty()) {
    return Fail(
        Error{.code = ErrorCode::kUsage, .message = "A restore that closes a log needs a reason."}
            .Next("add --reason TEXT"));
  }
  return {};
}

Result<std::vector<Continued>> ContinueLogs(const LedgerSettings& settings,
                                            const std::vector<LogStanding>& standings,
                                            const RestoreTerms& terms, const Clock& clock) {
  CANDOUR_ASSIGN(const std::unique_ptr<CheckpointStore> checkpoints,
                 CheckpointStore::Open(settings.checkpoint_file));
  std::vector<Continued> continued;
  for (const LogStanding& standing : standings) {
    if (standing.standing == Standing::kWhole) continue;
    CANDOUR_ASSIGN(continued.emplace_back(),
                   Continuation(settings, standing, *checkpoints).Run(terms, clock.Now()));
  }
  return continued;
}

}  // namespace candour::ledger
