#include "rights/person_accesses.h"

#include <algorithm>
#include <map>

#include "accounts/permission.h"
#include "rights/declared.h"

namespace candour::rights {
namespace {

using ledger::AccessDetail;

/// Whether a released set holds one of the records. Sets are shared: each is read once.
class ReleasedSets {
 public:
  ReleasedSets(const ledger::Ledger& ledger, const std::vector<RecordNo>& records)
      : ledger_(ledger), records_(records) {}

  /// Nothing when there is no set, or it was deleted: what it said can then not be told any more.
  Result<std::optional<bool>> Ask(const std::optional<ledger::SetId>& id) {
    if (!id) return std::nullopt;
    if (const auto known = known_.find(id->hex); known != known_.end()) return known->second;
    const auto set = ledger_.LoadSet(*id);
    if (!set && set.error().code != ErrorCode::kNotFound) return Fail(set.error());
    std::optional<bool> holds;
    if (set) {
      holds =
          std::ranges::any_of(records_, [&set](RecordNo record) { return set->Contains(record); });
    }
    known_.emplace(id->hex, holds);
    return holds;
  }

 private:
  const ledger::Ledger& ledger_;
  const std::vector<RecordNo>& records_;
  std::map<std::string, std::optional<bool>> known_;
};

void NamePrincipal(std::span<const accounts::Principal> principals, AccessLine& line) {
  const auto found = std::ranges::find(principals, line.principal, &accounts::Principal::id);
  if (found == principals.end()) return;
  if (!found->name.empty()) line.principal = found->name;
  line.by_member = accounts::MayDo(found->role, accounts::Action::kLookUpSelf);
}

/// Look-ups have no use to be named after.
void NameLookUp(AccessLine& line) {
  if (line.output != kLookUpOutput) return;
  const bool own = line.by_member && line.left == Left::kShown;
  line.title = own ? "You looked yourself up" : "Someone looked you up";
}

std::vector<std::string> TitlesOf(const policy::Rules& rules, std::string_view datasets) {
  std::vector<std::string> titles;
  while (!datasets.empty()) {
    const std::size_t end = std::min(datasets.find(','), datasets.size());
    titles.push_back(TitleOfDataset(rules, datasets.substr(0, end)));
    datasets.remove_prefix(std::min(end + 1, datasets.size()));
  }
  return titles;
}

AccessLine Describe(const policy::Rules& rules, std::span<const accounts::Principal> principals,
                    const AccessDetail& access) {
  AccessLine line{.number = access.started,
                  .time = access.happened(),
                  .use = access.use,
                  .title = access.use,
                  .purpose = access.purpose,
                  .purpose_name = NameOfPurpose(rules, access.purpose),
                  .recipient = access.recipient,
                  .principal = access.principal,
                  .output = access.output,
                  .datasets = TitlesOf(rules, access.datasets),
                  .in_emergency = access.emergency.has_value(),
                  .silence = access.silence};
  if (const policy::Use* use = FindUse(rules, access.use)) line.title = use->title;
  NamePrincipal(principals, line);
  if (const consent::Purpose* purpose = FindPurpose(rules, access.purpose)) {
    line.purpose_text = purpose->text;
  }
  return line;
}

}  // namespace

Left LeftOf(std::string_view output, std::string_view outcome, std::optional<bool> row) {
  const bool look_up = output == kLookUpOutput;
  if (look_up || output == ToString(policy::Output::kAggregates)) {
    if (outcome.empty()) return Left::kUnfinished;
    if (outcome != "released") return Left::kNothing;
    return look_up ? Left::kShown : Left::kFigures;
  }
  // Rows stream before the end, so one that was cut short may have let some out.
  if (!row) return Left::kUnknown;
  return *row ? Left::kRow : Left::kNoRow;
}

std::string_view ToString(Left left) {
  switch (left) {
    case Left::kRow:
      return "row";
    case Left::kNoRow:
      return "no-row";
    case Left::kFigures:
      return "figures";
    case Left::kShown:
      return "shown";
    case Left::kNothing:
      return "nothing";
    case Left::kUnfinished:
      return "unfinished";
    case Left::kUnknown:
      return "unknown";
  }
  return "";
}

Result<std::vector<AccessLine>> DescribeAccesses(const policy::Rules& rules,
                                                 std::span<const accounts::Principal> principals,
                                                 const ledger::Ledger& ledger,
                                                 const std::vector<RecordNo>& records) {
  CANDOUR_ASSIGN(const std::vector<AccessDetail> accesses, ledger.AccessesOf(records));
  return DescribeAccesses(rules, principals, ledger, accesses, records);
}

Result<std::vector<AccessLine>> DescribeAccesses(const policy::Rules& rules,
                                                 std::span<const accounts::Principal> principals,
                                                 const ledger::Ledger& ledger,
                                                 std::span<const AccessDetail> accesses,
                                                 const std::vector<RecordNo>& records) {
  ReleasedSets sets(ledger, records);
  std::vector<AccessLine> lines;
  lines.reserve(accesses.size());
  for (const AccessDetail& access : accesses) {
    lines.push_back(Describe(rules, principals, access));
    CANDOUR_ASSIGN(const std::optional<bool> row, sets.Ask(access.released));
    lines.back().left = LeftOf(access.output, access.outcome, row);
    NameLookUp(lines.back());
  }
  return lines;
}

void MarkShown(std::span<AccessLine> lines, std::uint64_t look_up) {
  const auto own = std::ranges::find(lines, look_up, &AccessLine::number);
  if (own == lines.end()) return;
  own->left = Left::kShown;
  NameLookUp(*own);
}

Result<std::vector<AccessLine>> ShowAccesses(const gate::Setting& setting, ledger::Ledger& ledger,
                                             const people::Register& people,
                                             const PersonRequest& request) {
  CANDOUR_ASSIGN(LookUp look_up, LookUp::Admit(setting, ledger, request));
  CANDOUR_ASSIGN(const std::vector<people::Record> known, people.RecordsOf(request.person));
  std::vector<RecordNo> records;
  for (const people::Record& record : known) records.push_back(record.number);
  CANDOUR_TRY(look_up.Begin(records, "person accesses", {}));
  auto lines = DescribeAccesses(setting.rules, request.principals, ledger, records);
  const auto rows = lines ? static_cast<std::int64_t>(lines->size()) : 0;
  CANDOUR_TRY(look_up.Finish(lines.has_value(), rows));
  if (lines) MarkShown(*lines, look_up.number());
  return lines;
}

}  // namespace candour::rights
