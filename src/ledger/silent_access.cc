#include "ledger/silent_access.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "ledger/entry.h"
#include "ledger/silence_entry.h"

namespace candour::ledger {
namespace {

constexpr std::uint64_t kAtOnce = 1'024;

using DecisionsByAccess = std::map<std::uint64_t, std::vector<SilenceDecision>>;

Result<DecisionsByAccess> DecisionsIn(const Vault& vault) {
  CANDOUR_ASSIGN(std::vector<SilenceDecision> all, vault.Decisions());
  DecisionsByAccess decisions;
  for (SilenceDecision& one : all) decisions[one.started].push_back(std::move(one));
  return decisions;
}

std::unexpected<Error> Hidden(std::uint64_t index, std::string_view what) {
  return Fail(Error{.code = ErrorCode::kLedgerCorrupt,
                    .message = fmt::format("What people are shown does not agree with the journal "
                                           "about entry {}: {}.",
                                           index, what)}
                  .FixBy("the operator, from a backup; the reviewer asks why"));
}

/// Holds one journal against one vault, entry by entry.
class Tally {
 public:
  Tally(const storage::Journal& journal, const Vault& vault) : journal_(journal), vault_(vault) {}

  Result<SilenceTally> Run(UtcTime now) {
    CANDOUR_TRY(CountShown(now));
    CANDOUR_TRY(CheckRecorded());
    for (std::uint64_t first = 0; first < journal_.size(); first += kAtOnce) {
      CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries,
                     journal_.Read(first, kAtOnce));
      for (const storage::JournalEntry& entry : entries) CANDOUR_TRY(CheckEntry(entry));
    }
    return tally_;
  }

 private:
  /// What people are shown, by the very functions that show it.
  Status CountShown(UtcTime now) {
    CANDOUR_ASSIGN(std::vector<AccessDetail> shown,
                   vault_.Accesses([](std::int64_t) { return true; }, journal_.size()));
    CANDOUR_TRY(LeaveOutSilent(shown, vault_, now));
    for (const AccessDetail& access : shown) shown_.insert(access.started);
    CANDOUR_ASSIGN(const std::vector<SilentAccess> silent, SilentAccessesIn(vault_, now));
    for (const SilentAccess& access : silent) {
      tally_.silent += access.state.silent ? 1 : 0;
      tally_.overdue += access.state.overdue ? 1 : 0;
      tally_.told += access.state.silent ? 0 : 1;
      if (access.state.silent) silent_.insert(access.detail.started);
    }
    return {};
  }

  /// A decision that nobody recorded could keep an access silent for longer.
  Status CheckRecorded() const {
    CANDOUR_ASSIGN(const std::vector<SilenceDecision> decisions, vault_.Decisions());
    for (const SilenceDecision& one : decisions) {
      if (one.entry >= journal_.size() ||
          static_cast<EntryType>(journal_.TypeOf(one.entry)) != EntryType::kSilenceDecided) {
        return Hidden(one.entry, "it is no decision about a silent access");
      }
    }
    return {};
  }

  Status CheckEntry(const storage::JournalEntry& entry) {
    const auto type = static_cast<EntryType>(entry.type);
    if (type == EntryType::kSilenceDecided) return CheckDecision(entry);
    if (type != EntryType::kStarted) return {};
    ++tally_.accesses;
    CANDOUR_ASSIGN(const AccessDetail said, DecodeStarted(entry.index, entry.payload));
    const auto access = vault_.FindAccess(entry.index);
    if (!access) return Hidden(entry.index, "the access is missing");
    if (said.silence.has_value() != access->detail.silence.has_value()) {
      return Hidden(entry.index, "one says that it is silent, and the other does not");
    }
    if (silent_.contains(entry.index) == shown_.contains(entry.index)) {
      return Hidden(entry.index, "it is neither shown nor silent, or both");
    }
    if (said.available != access->detail.available) {
      return Hidden(entry.index, "its set of people is another one");
    }
    if (access->blindings.actor.empty()) return {};
    const auto again = EncodeStarted(access->detail, access->blindings);
    if (!again || *again != entry.payload)
      return Hidden(entry.index, "a private half does not fit");
    return {};
  }

  Status CheckDecision(const storage::JournalEntry& entry) const {
    CANDOUR_ASSIGN(const SilenceDecision said, DecodeSilenceDecided(entry.index, entry.payload));
    const auto decision = vault_.FindDecision(entry.index);
    if (!decision || said.started != decision->started || said.until != decision->until ||
        said.time != decision->time) {
      return Hidden(entry.index, "the decision is missing, or another one");
    }
    if (decision->actor_blinding.empty()) return {};
    const auto again = EncodeSilenceDecided(*decision);
    if (!again || *again != entry.payload)
      return Hidden(entry.index, "a private half does not fit");
    return {};
  }

  const storage::Journal& journal_;
  const Vault& vault_;
  SilenceTally tally_;
  std::set<std::uint64_t> shown_;
  std::set<std::uint64_t> silent_;
};

}  // namespace

Status CheckSilentUntil(UtcTime until, UtcTime now) {
  if (now < until && until <= LatestSilence(now)) return {};
  return Fail(Error{.code = ErrorCode::kInvalidArgument,
                    .message = "A silence does not end at a time that is allowed."}
                  .Expected(fmt::format("a time up to {} days ahead", kMostSilentDays))
                  .Found(FormatTime(until)));
}

Status CheckDecisionTerms(const SilenceDecision& decision) {
  if (decision.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument, "A decision about a silent access needs a reason.");
  }
  return decision.until ? CheckSilentUntil(*decision.until, decision.time) : Status();
}

Result<std::vector<SilentAccess>> SilentAccessesIn(const Vault& vault, UtcTime now) {
  CANDOUR_ASSIGN(std::vector<AccessDetail> details, vault.SilentAccesses());
  if (details.empty()) return std::vector<SilentAccess>();
  CANDOUR_ASSIGN(DecisionsByAccess decisions, DecisionsIn(vault));
  std::vector<SilentAccess> accesses;
  for (AccessDetail& detail : details) {
    std::vector<SilenceDecision>& decided = decisions[detail.started];
    const SilenceState state = StateOf(*detail.silence, decided, now);
    accesses.push_back({std::move(detail), std::move(decided), state});
  }
  return accesses;
}

Status LeaveOutSilent(std::vector<AccessDetail>& accesses, const Vault& vault, UtcTime now) {
  const auto silent = [](const AccessDetail& access) { return access.silence.has_value(); };
  if (std::ranges::none_of(accesses, silent)) return {};
  CANDOUR_ASSIGN(const DecisionsByAccess decisions, DecisionsIn(vault));
  std::erase_if(accesses, [&](const AccessDetail& access) {
    if (!access.silence) return false;
    const auto decided = decisions.find(access.started);
    const auto none = std::vector<SilenceDecision>();
    return StateOf(*access.silence, decided == decisions.end() ? none : decided->second, now)
        .silent;
  });
  return {};
}

Result<SilenceTally> TallySilence(const storage::Journal& journal, const Vault& vault,
                                  UtcTime now) {
  return Tally(journal, vault).Run(now);
}

}  // namespace candour::ledger
