#include "consent/mapping_import.h"

#include <algorithm>
#include <string_view>

namespace candour::consent {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

Evidence EvidenceOf(const Mapping& mapping, std::string_view value) {
  const auto found = mapping.values.find(std::string(Trimmed(value)));
  return found == mapping.values.end() ? mapping.otherwise : found->second;
}

bool IsYes(Evidence evidence) {
  return evidence == Evidence::kConsent || evidence == Evidence::kSoftOptIn;
}

UtcTime TimeOf(const FlagRow& row, Evidence evidence, UtcTime now) {
  const Result<UtcTime> time = ParseTime(Trimmed(row.time));
  if (time && *time <= now) return *time;
  return IsYes(evidence) ? UtcTime{} : now;
}

/// How little the evidence permits; higher is less.
int Caution(Evidence evidence) {
  switch (evidence) {
    case Evidence::kConsent:
      return 0;
    case Evidence::kSoftOptIn:
      return 1;
    case Evidence::kUnevidenced:
      return 2;
    case Evidence::kUnset:
      return 3;
    case Evidence::kWithdrawal:
      return 4;
    case Evidence::kObjection:
      return 5;
  }
  return 6;
}

}  // namespace

std::vector<Choice> ImportFlags(const Mapping& mapping, std::span<const FlagRow> rows,
                                UtcTime now) {
  std::vector<Choice> choices;
  choices.reserve(rows.size());
  for (const FlagRow& row : rows) {
    if (row.record == 0) continue;
    const Evidence evidence = EvidenceOf(mapping, row.value);
    choices.push_back(Choice{.record = row.record,
                             .purpose = mapping.purpose,
                             .unit = mapping.unit,
                             .channel = mapping.channel.empty() ? "any" : mapping.channel,
                             .evidence = evidence,
                             .source = mapping.id,
                             .notice = mapping.notice,
                             .event_time = TimeOf(row, evidence, now),
                             .recorded_time = now});
  }
  // The choice that counts comes first among those of its record.
  std::ranges::sort(choices, [](const Choice& a, const Choice& b) {
    if (a.record != b.record) return a.record < b.record;
    if (a.event_time != b.event_time) return a.event_time > b.event_time;
    return Caution(a.evidence) > Caution(b.evidence);
  });
  choices.erase(std::ranges::unique(choices, {}, &Choice::record).begin(), choices.end());
  return choices;
}

}  // namespace candour::consent
