#include "rights/person_statement.h"

#include <algorithm>
#include <optional>

#include "ledger/copy.h"
#include "ledger/set_prover.h"
#include "ledger/statement.h"
#include "rights/person_accesses.h"

namespace candour::rights {
namespace {

using ledger::LogName;
using ledger::PersonStatement;

constexpr std::size_t kDateSize = 10;  // 2026-03-01
constexpr std::int64_t kDayUs = 86'400'000'000;

/// Gathers what a statement holds, once the look-up is on record.
class StatementWriter {
 public:
  StatementWriter(const gate::Setting& setting, ledger::Ledger& ledger,
                  const PersonRequest& request, std::vector<RecordNo> records)
      : setting_(setting), ledger_(ledger), request_(request), records_(std::move(records)) {
    std::ranges::sort(records_);
  }

  Result<std::string> Write(const StatementPeriod& period, UtcTime made,
                            const std::function<void(double)>& progress) {
    statement_.person = request_.person.text;
    statement_.from = period.from;
    statement_.to = period.to;
    statement_.made = made;
    CANDOUR_ASSIGN(statement_.keys, ledger_.MemberKeysOf(records_));
    std::ranges::sort(statement_.keys);
    CANDOUR_TRY(AddAccesses());
    CANDOUR_TRY(AddSets(progress));
    CANDOUR_TRY(AddChoices());
    return ledger_.SignStatement(std::move(statement_));
  }

 private:
  bool InPeriod(UtcTime time) const { return statement_.from <= time && time < statement_.to; }

  Status AddAccesses() {
    CANDOUR_ASSIGN(const std::vector<ledger::AccessDetail> accesses, ledger_.AccessesOf(records_));
    CANDOUR_ASSIGN(
        const std::vector<AccessLine> lines,
        DescribeAccesses(setting_.rules, request_.principals, ledger_, accesses, records_));
    for (std::size_t i = accesses.size(); i-- > 0;) {
      if (!InPeriod(accesses[i].happened())) continue;
      CANDOUR_TRY(AddAccess(accesses[i], lines[i]));
    }
    return {};
  }

  Status AddAccess(const ledger::AccessDetail& access, const AccessLine& line) {
    ledger::StatementAccess stated{.words = {.title = line.title,
                                             .purpose = line.purpose_name,
                                             .why = line.purpose_text,
                                             .datasets = line.datasets,
                                             .own = line.by_member}};
    CANDOUR_ASSIGN(stated.started, ledger_.Receipt(LogName::kAccesses, access.started));
    if (access.finished != 0) {
      CANDOUR_ASSIGN(stated.finished, ledger_.Receipt(LogName::kAccesses, access.finished));
    }
    CANDOUR_ASSIGN(stated.silence, ledger_.OpeningOfSilence(access.started));
    statement_.accesses.push_back(std::move(stated));
    Want(access.available, true);
    if (access.released) Want(*access.released, false);
    return {};
  }

  /// Each set once, in the order in which accesses name them.
  void Want(const ledger::SetId& set, bool needed) {
    const auto known = std::ranges::find(wanted_, set, &WantedSet::id);
    if (known == wanted_.end()) {
      wanted_.push_back({.id = set, .needed = needed});
    } else {
      known->needed = known->needed || needed;
    }
  }

  Status AddSets(const std::function<void(double)>& progress) {
    CANDOUR_TRY(ledger_.WaitForTrees());
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      if (progress) progress(static_cast<double>(i) / static_cast<double>(wanted_.size()));
      auto proved = ledger_.ProveMemberships(wanted_[i].id, records_);
      // A released set may have been deleted: then nobody can tell any more who was in it.
      if (!proved && !wanted_[i].needed && proved.error().code == ErrorCode::kNotFound) continue;
      if (!proved) return std::unexpected(std::move(proved).error());
      if (proved->empty()) continue;
      std::ranges::sort(*proved, {}, &ledger::Membership::member_key);
      ledger::StatementSet set;
      CANDOUR_ASSIGN(set.receipt, ledger_.Receipt(LogName::kAccesses, proved->front().tree.entry));
      for (ledger::Membership& one : *proved) set.proofs.push_back(std::move(one.proof));
      statement_.sets.push_back(std::move(set));
    }
    return {};
  }

  Status AddChoices() {
    CANDOUR_ASSIGN(const std::vector<std::uint64_t> numbers,
                   ledger_.ChoicesOf(request_.person.text));
    for (const std::uint64_t number : numbers) {
      CANDOUR_ASSIGN(const std::vector<ledger::Entry> entries,
                     ledger_.Read(LogName::kChoices, number, 1));
      if (entries.empty() || !InPeriod(entries.front().time)) continue;
      CANDOUR_ASSIGN(std::string copy, ledger_.Copy(LogName::kChoices, number));
      statement_.choices.push_back(std::move(copy));
    }
    return {};
  }

  struct WantedSet {
    ledger::SetId id;
    bool needed = false;  ///< the available set of some access
  };

  const gate::Setting& setting_;
  ledger::Ledger& ledger_;
  const PersonRequest& request_;
  std::vector<RecordNo> records_;
  PersonStatement statement_;
  std::vector<WantedSet> wanted_;
};

Result<UtcTime> ReadTime(const std::string& text, const char* option) {
  const Result<UtcTime> time = ParseTime(text);
  if (time) return *time;
  return Fail(Error{.code = ErrorCode::kUsage,
                    .message = std::string("the period of a statement is not a time: ") + option}
                  .Expected("a date such as 2026-03-01, or a time such as 2026-03-01T09:00:00Z"));
}

}  // namespace

Result<StatementPeriod> ReadPeriod(const std::string& from, const std::string& to, UtcTime now) {
  StatementPeriod period{.from = UtcTime{0}, .to = now};
  if (!from.empty()) {
    CANDOUR_ASSIGN(period.from, ReadTime(from, "--from"));
  }
  if (!to.empty()) {
    CANDOUR_ASSIGN(period.to, ReadTime(to, "--to"));
    if (to.size() == kDateSize) period.to.us += kDayUs;
  }
  period.to = std::min(period.to, now);
  if (period.from < period.to) return period;
  return Fail(
      Error{.code = ErrorCode::kUsage, .message = "the period of a statement ends before it begins"}
          .Expected("a time before " + FormatTime(period.to))
          .Found(FormatTime(period.from)));
}

Result<std::string> MakeStatement(const gate::Setting& setting, ledger::Ledger& ledger,
                                  const people::Register& people, const PersonRequest& request,
                                  const StatementPeriod& period,
                                  const std::function<void(double)>& progress) {
  CANDOUR_ASSIGN(LookUp look_up, LookUp::Admit(setting, ledger, request));
  CANDOUR_ASSIGN(const std::vector<people::Record> known, people.RecordsOf(request.person));
  std::vector<RecordNo> records;
  for (const people::Record& record : known) records.push_back(record.number);
  CANDOUR_TRY(look_up.Begin(records, "person statement", {}));
  auto statement = StatementWriter(setting, ledger, request, std::move(records))
                       .Write(period, setting.clock.Now(), progress);
  CANDOUR_TRY(look_up.Finish(statement.has_value(), statement ? 1 : 0));
  return statement;
}

}  // namespace candour::rights
