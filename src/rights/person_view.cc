#include "rights/person_view.h"

namespace candour::rights {
namespace {

constexpr int kMostRows = 1000;

/// Reads the view once the look-up is on record.
class ViewReader {
 public:
  ViewReader(const gate::Setting& setting, const ledger::Ledger* ledger,
             const people::Register& people, const PersonRequest& request)
      : setting_(setting), ledger_(ledger), people_(people), request_(request) {}

  Result<PersonView> Read(const std::vector<RecordNo>& records, const LookUp& look_up,
                          int newest_rows) const {
    PersonView view{
        .person = request_.person, .time = setting_.clock.Now(), .access = look_up.number()};
    CANDOUR_ASSIGN(view.held, ReadHeldData(setting_, {.records = records,
                                                      .newest_rows = newest_rows,
                                                      .special = look_up.sees_special()}));
    CANDOUR_ASSIGN(const std::vector<consent::Choice> choices, setting_.choices.OfRecords(records));
    CANDOUR_ASSIGN(const UtcTime last_merge, people_.LastMerge(request_.person));
    view.choices = DescribeChoices(setting_.rules, choices);
    CANDOUR_ASSIGN(view.effects, EffectOfChoices(setting_, records, choices, last_merge));
    view.accesses_known = ledger_ != nullptr;
    if (ledger_ == nullptr) return view;
    CANDOUR_ASSIGN(view.accesses,
                   DescribeAccesses(setting_.rules, request_.principals, *ledger_, records));
    return view;
  }

 private:
  const gate::Setting& setting_;
  const ledger::Ledger* ledger_;  ///< null when it cannot be read
  const people::Register& people_;
  const PersonRequest& request_;
};

std::int64_t RowsIn(const PersonView& view) {
  std::int64_t rows = 0;
  for (const HeldDataset& held : view.held) {
    rows += static_cast<std::int64_t>(held.newest.rows.size());
  }
  return rows;
}

Result<PersonView> Show(const gate::Setting& setting, ledger::Recorder& recorder,
                        const ledger::Ledger* ledger, const people::Register& people,
                        const PersonRequest& request, int newest_rows) {
  if (newest_rows < 1 || newest_rows > kMostRows) {
    return Fail(Error{.code = ErrorCode::kInvalidArgument,
                      .message = "the number of rows to show is out of range",
                      .expected = "1 to 1000"});
  }
  CANDOUR_ASSIGN(LookUp look_up, LookUp::Admit(setting, recorder, request));
  CANDOUR_ASSIGN(const std::vector<people::Record> known, people.RecordsOf(request.person));
  std::vector<RecordNo> records;
  for (const people::Record& record : known) records.push_back(record.number);
  CANDOUR_TRY(look_up.Begin(records, "person show", DatasetsWithPeople(setting.rules)));
  auto view = ViewReader(setting, ledger, people, request).Read(records, look_up, newest_rows);
  CANDOUR_TRY(look_up.Finish(view.has_value(), view ? RowsIn(*view) : 0));
  if (!view) return view;
  for (const people::Record& record : known) view->identities.push_back(record.identity);
  MarkShown(view->accesses, look_up.number());
  return view;
}

}  // namespace

Result<PersonView> ShowPerson(const gate::Setting& setting, ledger::Ledger& ledger,
                              const people::Register& people, const PersonRequest& request,
                              int newest_rows) {
  return Show(setting, ledger, &ledger, people, request, newest_rows);
}

Result<PersonView> ShowPersonInEmergency(const gate::Setting& setting, ledger::Recorder& recorder,
                                         const people::Register& people,
                                         const PersonRequest& request, int newest_rows) {
  return Show(setting, recorder, nullptr, people, request, newest_rows);
}

}  // namespace candour::rights
