#include "governed/runner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "gate/access.h"
#include "ledger/log.h"

namespace candour::governed {
namespace {

std::unexpected<Error> Differs(std::string what, std::string expected, std::string found) {
  return Fail(Error{.code = ErrorCode::kInternal, .message = std::move(what)}
                  .Expected(std::move(expected))
                  .Found(std::move(found)));
}

std::string CellText(const engine::Value& value, const std::string& protection) {
  if (!std::holds_alternative<std::monostate>(value)) return engine::ToText(value);
  return protection.empty() ? "null" : fmt::format("null({})", protection);
}

/// `*` as a whole cell stands for any value: what is random, such as a pseudonym.
bool SameRow(std::string_view wanted, std::string_view found) {
  for (;;) {
    const std::size_t wanted_end = wanted.find(" | ");
    const std::size_t found_end = found.find(" | ");
    const std::string_view cell = wanted.substr(0, wanted_end);
    if (cell != "*" && cell != found.substr(0, found_end)) return false;
    if (wanted_end == std::string_view::npos || found_end == std::string_view::npos) {
      return wanted_end == found_end;
    }
    wanted.remove_prefix(wanted_end + 3);
    found.remove_prefix(found_end + 3);
  }
}

Result<std::uint64_t> Number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return Differs("a count is no number", "0", std::string(text));
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

}  // namespace

std::vector<std::string> Runner::Run() {
  std::vector<std::string> failures;
  for (const Step& step : script_.steps) {
    const Status status = RunStep(step);
    if (status) continue;
    failures.push_back(
        fmt::format("{}:{}: {}", script_.file, step.line, status.error().ToString()));
    // What only compares lets the rest go on; what acts does not.
    if (step.verb == "home" || step.verb == "restart" || step.verb == "person") break;
  }
  return failures;
}

Status Runner::RunStep(const Step& step) {
  const std::string& verb = step.verb;
  const auto& words = step.words;
  if (verb == "home") return Open(words[0]);
  if (verb == "restart") return Reopen();
  if (verb == "clock") return SetClock(step);
  if (verb == "grant") return Choose(step, consent::Evidence::kConsent);
  if (verb == "withdraw") return Choose(step, consent::Evidence::kWithdrawal);
  if (verb == "object") return Choose(step, consent::Evidence::kObjection);
  if (verb == "unevidenced") return Choose(step, consent::Evidence::kUnevidenced);
  if (verb == "data") return WriteData(step);
  if (verb == "query") return Ask(step.text);
  if (verb == "expect") return CheckRows(step);
  if (verb == "denied") return CheckDenied(step);
  if (verb == "ledger") return CheckLedger(step);
  if (verb == "accesses") return CheckAccesses(step);
  if (verb == "person") {
    CANDOUR_ASSIGN(people_[words[0]], RecordOf(words[1], words[2]));
  } else if (verb == "merge") {
    CANDOUR_ASSIGN(const RecordNo a, RecordOf(words[0]));
    CANDOUR_ASSIGN(const RecordNo b, RecordOf(words[1]));
    CANDOUR_TRY(home_->Merge(a, b, "golden test"));
  } else if (verb == "split") {
    CANDOUR_ASSIGN(const RecordNo record, RecordOf(words[1], words[2]));
    CANDOUR_TRY(home_->Split({record}, "golden test"));
    people_[words[0]] = record;
  } else if (verb == "adopt") {
    CANDOUR_TRY(home_->AdoptDataset(words[0], [](double) {}));
  } else if (verb == "as") {
    principal_ = words[0];
    use_ = words[2];
  } else if (verb == "columns") {
    const std::string found = fmt::format("{}", fmt::join(answer_.columns, " | "));
    if (found != step.text) return Differs("the columns differ", step.text, found);
  } else if (verb == "says") {
    const std::string found = answer_.error ? answer_.error->ToString() : "no error";
    if (!found.contains(step.text)) return Differs("the error says else", step.text, found);
  }
  return {};
}

Status Runner::Open(const std::string& name) {
  CANDOUR_ASSIGN(FixtureHome folder, FixtureHome::Make(name));
  folder_.emplace(std::move(folder));
  CANDOUR_ASSIGN(const UtcTime now, ParseTime(kUsualTime));
  clock_.emplace(now);
  CANDOUR_TRY(Reopen());
  ledger_size_ = LedgerSize();
  return {};
}

Status Runner::Reopen() {
  home_.reset();
  CANDOUR_ASSIGN(home_, home::Home::Open(folder_->dir(), *clock_));
  return {};
}

Status Runner::SetClock(const Step& step) {
  CANDOUR_ASSIGN(const UtcTime now, ParseTime(step.words[0]));
  clock_->Set(now);
  return {};
}

/// The entries of both logs. Trees over sets follow accesses in their own time, so they do not
/// count.
std::uint64_t Runner::LedgerSize() {
  const storage::Journal& accesses = home_->ledger().log(ledger::LogName::kAccesses).journal();
  std::uint64_t size = home_->ledger().size(ledger::LogName::kChoices);
  for (std::uint64_t index = 0; index < accesses.size(); ++index) {
    const auto type = static_cast<ledger::EntryType>(accesses.TypeOf(index));
    if (type != ledger::EntryType::kSetTree) ++size;
  }
  return size;
}

Result<RecordNo> Runner::RecordOf(const std::string& key_space, const std::string& key) {
  CANDOUR_ASSIGN(const RecordNo record, home_->people().Find({.key_space = key_space, .key = key}));
  if (record == 0) return Differs("nobody has that key", "a key of the fixture", key);
  return record;
}

Result<RecordNo> Runner::RecordOf(const std::string& person) const {
  const auto it = people_.find(person);
  if (it == people_.end()) return Differs("nobody has that name", "person NAME …", person);
  return it->second;
}

Result<PersonId> Runner::PersonOf(const std::string& person) {
  CANDOUR_ASSIGN(const RecordNo record, RecordOf(person));
  CANDOUR_ASSIGN(const auto map, home_->people().Map());
  return map->id_of[map->PersonOf(record)];
}

Status Runner::Choose(const Step& step, consent::Evidence evidence) {
  CANDOUR_ASSIGN(const PersonId person, PersonOf(step.words[0]));
  // Choices follow one another: a later line is a later choice.
  clock_->Set({clock_->Now().us + 1});
  CANDOUR_TRY(home_->Choose({.person = person,
                             .purpose = step.words[1],
                             .unit = step.words[2],
                             .channel = step.words[3],
                             .evidence = evidence,
                             .notice = "golden test"}));
  return {};
}

Status Runner::WriteData(const Step& step) {
  const std::filesystem::path file = folder_->dir() / "data" / step.words[0];
  if (!std::filesystem::exists(file)) {
    return Differs("the home has no such data file", "a file in data/", step.words[0]);
  }
  std::ofstream stream(file);
  for (const std::string& line : step.lines) stream << line << '\n';
  stream.close();
  if (!stream) return Fail(ErrorCode::kIo, "a data file could not be written");
  return {};
}

Status Runner::Ask(const std::string& sql) {
  answer_ = {};
  CANDOUR_ASSIGN(const gate::Setting setting, home_->Setting());
  const gate::AnswerSink sink = {
      .columns = [this](const std::vector<engine::Column>& columns) -> Status {
        for (const engine::Column& column : columns) answer_.columns.push_back(column.name);
        return {};
      },
      .row = [this](const std::vector<engine::Value>& row,
                    const std::vector<gate::Protection>& protections) -> Status {
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < row.size(); ++i) {
          cells.push_back(CellText(row[i], protections.empty() ? "" : protections[i]));
        }
        answer_.rows.push_back(fmt::format("{}", fmt::join(cells, " | ")));
        return {};
      }};
  const auto report =
      gate::Access(setting, home_->ledger(),
                   {.use = use_, .principal = principal_, .sql = sql, .os_user = "tests"}, sink);
  if (!report) answer_.error = report.error();
  return {};
}

Status Runner::CheckRows(const Step& step) const {
  std::vector<std::string> wanted = step.lines;
  std::vector<std::string> found = answer_.rows;
  if (!step.words.empty()) {
    std::ranges::sort(wanted);
    std::ranges::sort(found);
  }
  const bool same = !answer_.error && std::ranges::equal(wanted, found, SameRow);
  if (same) return {};
  return Differs(
      "the answer differs", fmt::format("\n{}\n", fmt::join(wanted, "\n")),
      answer_.error ? answer_.error->ToString() : fmt::format("\n{}\n", fmt::join(found, "\n")));
}

Status Runner::CheckDenied(const Step& step) const {
  if (!answer_.error) {
    return Differs("nothing was denied", step.words[0],
                   fmt::format("\n{}\n", fmt::join(answer_.rows, "\n")));
  }
  if (!answer_.rows.empty()) {
    return Differs("rows left before the error", "none", answer_.error->ToString());
  }
  const Error& error = *answer_.error;
  if (InfoOf(error.code).name != step.words[0]) {
    return Differs("it was denied for another reason", step.words[0],
                   fmt::format("{}: {}", InfoOf(error.code).name, error.ToString()));
  }
  const std::string place =
      error.where ? fmt::format("{}:{}", error.where->line, error.where->column) : "nowhere";
  if (step.words.size() > 1 && step.words[1] != place) {
    return Differs("the error points elsewhere", step.words[1], place);
  }
  return {};
}

Status Runner::CheckLedger(const Step& step) {
  CANDOUR_ASSIGN(const std::uint64_t wanted, Number(step.words[0]));
  const std::uint64_t found = LedgerSize() - std::exchange(ledger_size_, LedgerSize());
  CANDOUR_TRY(home_->ledger().Verify());
  if (found == wanted) return {};
  return Differs("the ledger grew otherwise", fmt::format("{}", wanted), fmt::format("{}", found));
}

Status Runner::CheckAccesses(const Step& step) {
  CANDOUR_ASSIGN(const std::uint64_t wanted, Number(step.words[1]));
  CANDOUR_ASSIGN(const PersonId person, PersonOf(step.words[0]));
  CANDOUR_ASSIGN(const auto records, home_->people().RecordsOf(person));
  std::vector<RecordNo> numbers;
  for (const people::Record& record : records) numbers.push_back(record.number);
  CANDOUR_ASSIGN(const auto accesses, home_->ledger().AccessesOf(numbers));
  if (accesses.size() == wanted) return {};
  return Differs("the person sees another number of accesses", fmt::format("{}", wanted),
                 fmt::format("{}", accesses.size()));
}

}  // namespace candour::governed
