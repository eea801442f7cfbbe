#include "ledger/break_glass_entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/canonical_json.h"
#include "crypto/random.h"
#include "ledger/break_glass.h"
#include "ledger/commitment.h"
#include "ledger/log.h"

namespace candour::ledger {
namespace {

using nlohmann::json;

constexpr std::string_view kOpened = "opened";
constexpr std::string_view kReviewed = "reviewed";
constexpr std::string_view kDamaged = "damaged";

/// Appends an entry whose body commits to who did it and to a text of theirs.
Result<std::uint64_t> Record(Ledger& ledger, const json& body, const RestoredBy& by,
                             const std::string& text_name) {
  std::vector<Opening> openings;
  CANDOUR_ASSIGN(openings.emplace_back(),
                 OpeningOf("actor", crypto::RandomBytes(kBlindingSize),
                           {{"principal", by.principal}, {"os_user", by.os_user}}));
  CANDOUR_ASSIGN(openings.emplace_back(), OpeningOf(text_name, crypto::RandomBytes(kBlindingSize),
                                                    {{text_name, by.reason}}));
  return ledger.Append(EntryType::kBreakGlass, body, std::move(openings));
}

std::unexpected<Error> NotAnEntry(std::uint64_t index) {
  return Fail(ErrorCode::kLedgerCorrupt,
              fmt::format("The ledger holds an entry that is not one: number {}.", index));
}

struct GlassEntry {
  std::uint64_t index = 0;
  UtcTime time;
  json body;
};

/// Runs `visit` over the entries of certain types from `first` on.
template <class Visit>
Status ForEachEntry(const Ledger& ledger, std::uint64_t first,
                    std::initializer_list<EntryType> types, Visit visit) {
  const storage::Journal& journal = ledger.log(LogName::kAccesses).journal();
  for (std::uint64_t index = first; index < journal.size(); ++index) {
    const auto type = static_cast<EntryType>(journal.TypeOf(index));
    if (std::ranges::find(types, type) == types.end()) continue;
    CANDOUR_ASSIGN(const std::vector<Entry> entries, ledger.Read(LogName::kAccesses, index, 1));
    const json entry = json::parse(entries.at(0).payload, nullptr, false);
    if (!entry.is_object() || !entry.contains("body") || !entry["body"].is_object()) {
      return NotAnEntry(index);
    }
    try {
      visit(GlassEntry{.index = index, .time = entries[0].time, .body = entry["body"]});
    } catch (const json::exception&) {
      return NotAnEntry(index);
    }
  }
  return {};
}

bool IsKind(const GlassEntry& entry, std::string_view kind) {
  return entry.body.at("kind").get<std::string>() == kind;
}

UtcTime TimeIn(const json& body, const char* name) {
  return ParseTime(body.at(name).get<std::string>()).value_or(UtcTime{});
}

GlassCase CaseOf(const GlassEntry& entry) {
  GlassCase found{.entry = entry.index, .damaged = IsKind(entry, kDamaged)};
  if (found.damaged) {
    found.since = found.until = entry.time;
    return found;
  }
  found.since = TimeIn(entry.body, "since");
  found.until = TimeIn(entry.body, "until");
  found.accesses = entry.body.at("accesses").get<std::int64_t>();
  found.refused = entry.body.at("refused").get<std::int64_t>();
  return found;
}

/// What opens an entry's commitments, by their names; values that were erased are missing.
Result<std::map<std::string, json>> Opened(const Ledger& ledger, std::uint64_t entry) {
  CANDOUR_ASSIGN(const std::vector<Opening> openings, ledger.Openings(LogName::kAccesses, entry));
  std::map<std::string, json> values;
  for (const Opening& opening : openings) {
    values[opening.name] = json::parse(opening.value, nullptr, false);
  }
  return values;
}

std::string TextIn(const std::map<std::string, json>& opened, const std::string& name,
                   const std::string& member) {
  const auto found = opened.find(name);
  if (found == opened.end() || !found->second.is_object()) return "";
  return found->second.value(member, "");
}

Status OpenCase(const Ledger& ledger, GlassCase& found) {
  CANDOUR_ASSIGN(const auto opened, Opened(ledger, found.entry));
  found.principal = TextIn(opened, "actor", "principal");
  found.reason = TextIn(opened, "reason", "reason");
  if (!found.review) return {};
  CANDOUR_ASSIGN(const auto review, Opened(ledger, *found.review));
  found.reviewer = TextIn(review, "actor", "principal");
  found.finding = TextIn(review, "finding", "finding");
  return {};
}

}  // namespace

Result<std::uint64_t> RecordOpened(Ledger& ledger, const GlassOpened& opened) {
  const GlassGrant& grant = opened.grant;
  const json body = {{"kind", kOpened},
                     {"file", opened.file},
                     {"record", grant.record},
                     {"since", FormatTime(grant.since)},
                     {"until", FormatTime(grant.until)},
                     {"accesses", opened.accesses},
                     {"refused", opened.refused}};
  return Record(ledger, body,
                {.principal = grant.principal, .os_user = grant.os_user, .reason = grant.reason},
                "reason");
}

Result<std::uint64_t> RecordDamaged(Ledger& ledger, const std::string& hash, std::size_t records,
                                    const RestoredBy& by) {
  return Record(ledger, {{"kind", kDamaged}, {"file_hash", hash}, {"records", records}}, by,
                "reason");
}

Result<std::optional<std::uint64_t>> FindDamaged(const Ledger& ledger, const std::string& hash) {
  std::optional<std::uint64_t> found;
  CANDOUR_TRY(ForEachEntry(ledger, 0, {EntryType::kBreakGlass}, [&](const GlassEntry& entry) {
    if (IsKind(entry, kDamaged) && entry.body.at("file_hash") == hash) found = entry.index;
  }));
  return found;
}

Result<std::map<std::uint64_t, std::uint64_t>> EntriesOfGlass(const Ledger& ledger,
                                                              const std::string& file) {
  std::map<std::uint64_t, std::uint64_t> entries;
  std::vector<std::uint64_t> grants;
  CANDOUR_TRY(ForEachEntry(ledger, 0, {EntryType::kBreakGlass}, [&](const GlassEntry& entry) {
    if (!IsKind(entry, kOpened) || entry.body.at("file") != file) return;
    entries[entry.body.at("record").get<std::uint64_t>()] = entry.index;
    grants.push_back(entry.index);
  }));
  if (grants.empty()) return entries;
  CANDOUR_TRY(ForEachEntry(ledger, grants.front(),
                           {EntryType::kStarted, EntryType::kFinished, EntryType::kDenied},
                           [&](const GlassEntry& entry) {
                             if (!entry.body.contains("emergency")) return;
                             const json& emergency = entry.body["emergency"];
                             const auto grant = emergency.at("grant").get<std::uint64_t>();
                             if (std::ranges::find(grants, grant) == grants.end()) return;
                             entries[emergency.at("record").get<std::uint64_t>()] = entry.index;
                           }));
  return entries;
}

Result<std::vector<GlassCase>> GlassCases(const Ledger& ledger) {
  std::vector<GlassCase> cases;
  CANDOUR_TRY(ForEachEntry(ledger, 0, {EntryType::kBreakGlass}, [&](const GlassEntry& entry) {
    if (!IsKind(entry, kReviewed)) {
      cases.push_back(CaseOf(entry));
      return;
    }
    const auto reviewed = entry.body.at("grant").get<std::uint64_t>();
    const auto found = std::ranges::find(cases, reviewed, &GlassCase::entry);
    if (found == cases.end() || found->review) return;
    found->review = entry.index;
    found->reviewed = entry.time;
  }));
  for (GlassCase& found : cases) CANDOUR_TRY(OpenCase(ledger, found));
  return cases;
}

Result<std::uint64_t> ReviewGlass(Ledger& ledger, std::uint64_t entry, const RestoredBy& by) {
  CANDOUR_TRY(CheckReason("finding", by.reason));
  CANDOUR_ASSIGN(const std::vector<GlassCase> cases, GlassCases(ledger));
  const auto found = std::ranges::find(cases, entry, &GlassCase::entry);
  if (found == cases.end()) {
    return Fail(Error{.code = ErrorCode::kNotFound,
                      .message = "The ledger knows of no emergency of that number."}
                    .Next("candour break-glass list"));
  }
  if (found->review) {
    return Fail(ErrorCode::kConflict, "The emergency has been reviewed already.");
  }
  if (found->principal == by.principal) {
    return Fail(Error{.code = ErrorCode::kDeniedRole,
                      .message = "Who broke the glass does not review it themselves."}
                    .FixBy("another principal whose role may review"));
  }
  return Record(ledger, {{"kind", kReviewed}, {"grant", entry}}, by, "finding");
}

}  // namespace candour::ledger
