#include "consent/choice_store.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "base/check.h"
#include "storage/sqlite.h"

namespace candour::consent {
namespace {

using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

constexpr int kSchemaVersion = 1;

// Explained in docs/formats/choices.md.
constexpr std::string_view kSchema = R"sql(
CREATE TABLE terms(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  purpose TEXT NOT NULL,
  unit TEXT NOT NULL,
  channel TEXT NOT NULL,
  category TEXT NOT NULL,
  recipient TEXT NOT NULL,
  source TEXT NOT NULL,
  notice TEXT NOT NULL,
  UNIQUE(purpose, unit, channel, category, recipient, source, notice)
) STRICT;
CREATE TABLE choice(
  terms INTEGER NOT NULL REFERENCES terms(number),
  record INTEGER NOT NULL,
  number INTEGER NOT NULL,
  evidence INTEGER NOT NULL,
  event_us INTEGER NOT NULL,
  recorded_us INTEGER NOT NULL,
  PRIMARY KEY(terms, record, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX choice_by_record ON choice(record);
CREATE TABLE counters(epoch INTEGER NOT NULL, last_number INTEGER NOT NULL) STRICT;
INSERT INTO counters VALUES(0, 0);
)sql";

// As stored in choice.evidence: a part of the format, so written out.
constexpr std::array kStoredEvidence = {Evidence::kConsent,     Evidence::kSoftOptIn,
                                        Evidence::kUnevidenced, Evidence::kObjection,
                                        Evidence::kWithdrawal,  Evidence::kUnset};

std::int64_t ToStored(Evidence evidence) {
  const auto found = std::ranges::find(kStoredEvidence, evidence);
  CANDOUR_REQUIRE(found != kStoredEvidence.end());
  return found - kStoredEvidence.begin();
}

/// A number that no version of Candour wrote reads as a no.
Evidence FromStored(std::int64_t stored) {
  const bool known = stored >= 0 && stored < static_cast<std::int64_t>(kStoredEvidence.size());
  return known ? kStoredEvidence[static_cast<std::size_t>(stored)] : Evidence::kObjection;
}

Status MakeSchema(Sqlite& store) {
  CANDOUR_ASSIGN(const std::int64_t version, store.SchemaVersion());
  if (version == kSchemaVersion) return {};
  if (version != 0) {
    return Fail(Error{.code = ErrorCode::kCorruption,
                      .message = "the store of choices has an unknown layout"}
                    .Expected(std::to_string(kSchemaVersion))
                    .Found(std::to_string(version)));
  }
  CANDOUR_ASSIGN(auto transaction, Transaction::Begin(store));
  CANDOUR_TRY(store.Run(kSchema));
  CANDOUR_TRY(store.SetSchemaVersion(kSchemaVersion));
  return transaction.Commit();
}

using TermsKey = std::tuple<std::string, std::string, std::string, std::string, std::string,
                            std::string, std::string>;

TermsKey KeyOf(const Choice& choice) {
  return {choice.purpose,   choice.unit,   choice.channel, choice.category,
          choice.recipient, choice.source, choice.notice};
}

bool SameCell(const Choice& a, const Choice& b) {
  return std::tie(a.purpose, a.unit, a.channel, a.category, a.recipient) ==
         std::tie(b.purpose, b.unit, b.channel, b.category, b.recipient);
}

/// Whether the choice tells no more than the latest one of its source.
bool SaysTheSame(const Choice& choice, const Choice& latest) {
  const bool time_known = choice.event_time != choice.recorded_time;
  return SameCell(choice, latest) && choice.evidence == latest.evidence &&
         choice.notice == latest.notice && (!time_known || choice.event_time == latest.event_time);
}

bool IsYes(Evidence evidence) {
  return evidence == Evidence::kConsent || evidence == Evidence::kSoftOptIn;
}

Status Validate(const Choice& choice) {
  const std::array<std::pair<std::string_view, const std::string*>, 6> texts = {{
      {"purpose", &choice.purpose},
      {"unit", &choice.unit},
      {"channel", &choice.channel},
      {"category", &choice.category},
      {"recipient", &choice.recipient},
      {"source", &choice.source},
  }};
  for (const auto& [name, text] : texts) {
    if (text->empty()) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("a choice needs its {}", name));
    }
  }
  if (choice.record == 0) return Fail(ErrorCode::kInvalidArgument, "a choice needs its record");
  return {};
}

}  // namespace

struct ChoiceStore::State {
  /// The number of the choice's terms, which are added when they are new.
  Result<std::uint32_t> NumberTerms(const Choice& choice) {
    const TermsKey key = KeyOf(choice);
    if (const auto found = terms_numbers.find(key); found != terms_numbers.end()) {
      return found->second;
    }
    const std::array<std::string_view, 7> texts = {
        choice.purpose,   choice.unit,   choice.channel, choice.category,
        choice.recipient, choice.source, choice.notice};
    CANDOUR_ASSIGN(auto insert, store.Prepare("INSERT INTO terms(purpose,unit,channel,category,"
                                              "recipient,source,notice) VALUES(?,?,?,?,?,?,?)"));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CANDOUR_TRY(insert.Bind(static_cast<int>(i) + 1, texts[i]));
    }
    CANDOUR_TRY(insert.Run());
    const auto number = static_cast<std::uint32_t>(store.LastInsertId());
    Remember(number, key);
    return number;
  }

  void Remember(std::uint32_t number, const TermsKey& key) {
    Choice choice;
    std::tie(choice.purpose, choice.unit, choice.channel, choice.category, choice.recipient,
             choice.source, choice.notice) = key;
    terms_numbers[key] = number;
    terms[number] = std::move(choice);
  }

  Status LoadTerms() {
    CANDOUR_ASSIGN(auto all, store.Prepare("SELECT number,purpose,unit,channel,category,recipient,"
                                           "source,notice FROM terms"));
    while (true) {
      CANDOUR_ASSIGN(const bool more, all.Step());
      if (!more) return {};
      Remember(static_cast<std::uint32_t>(all.Int64(0)),
               TermsKey{all.Text(1), all.Text(2), all.Text(3), all.Text(4), all.Text(5),
                        all.Text(6), all.Text(7)});
    }
  }

  /// Adds all in one transaction.
  Status Append(const std::vector<Choice>& choices) {
    CANDOUR_ASSIGN(auto transaction, Transaction::Begin(store));
    const std::uint32_t last_terms = terms.empty() ? 0 : terms.rbegin()->first;
    const Status added = [&]() -> Status {
      CANDOUR_TRY(InsertAll(choices));
      return transaction.Commit();
    }();
    if (!added) ForgetTermsAfter(last_terms);
    return added;
  }

  /// Terms that a rolled back transaction added are not in the store any more.
  void ForgetTermsAfter(std::uint32_t last) {
    terms.erase(terms.upper_bound(last), terms.end());
    std::erase_if(terms_numbers, [last](const auto& entry) { return entry.second > last; });
  }

  Status InsertAll(const std::vector<Choice>& choices) {
    CANDOUR_ASSIGN(auto last, store.Prepare("SELECT last_number FROM counters"));
    CANDOUR_TRY(last.Step());
    std::int64_t number = last.Int64(0);
    last.Reset();
    CANDOUR_ASSIGN(auto insert, store.Prepare("INSERT INTO choice(terms,record,number,evidence,"
                                              "event_us,recorded_us) VALUES(?,?,?,?,?,?)"));
    for (const Choice& choice : choices) {
      CANDOUR_TRY(Validate(choice));
      CANDOUR_ASSIGN(const std::uint32_t terms_number, NumberTerms(choice));
      CANDOUR_TRY(insert.Bind(1, std::int64_t{terms_number}));
      CANDOUR_TRY(insert.Bind(2, std::int64_t{choice.record}));
      CANDOUR_TRY(insert.Bind(3, ++number));
      CANDOUR_TRY(insert.Bind(4, ToStored(choice.evidence)));
      CANDOUR_TRY(insert.Bind(5, choice.event_time.us));
      CANDOUR_TRY(insert.Bind(6, choice.recorded_time.us));
      CANDOUR_TRY(insert.Run());
    }
    CANDOUR_ASSIGN(auto count, store.Prepare("UPDATE counters SET epoch=epoch+1, last_number=?"));
    CANDOUR_TRY(count.Bind(1, number));
    return count.Run();
  }

  /// Visits the choices of the terms that `wanted` picks: (choice, its number in the store).
  Status Visit(const std::function<bool(const Choice&)>& wanted,
               const std::function<void(const Choice&, std::int64_t)>& visit) const {
    CANDOUR_ASSIGN(auto select, store.Prepare("SELECT record,number,evidence,event_us,recorded_us "
                                              "FROM choice WHERE terms=?"));
    for (const auto& [number, shared] : terms) {
      if (!wanted(shared)) continue;
      Choice choice = shared;
      CANDOUR_TRY(select.Bind(1, std::int64_t{number}));
      while (true) {
        CANDOUR_ASSIGN(const bool more, select.Step());
        if (!more) break;
        choice.record = static_cast<RecordNo>(select.Int64(0));
        choice.evidence = FromStored(select.Int64(2));
        choice.event_time.us = select.Int64(3);
        choice.recorded_time.us = select.Int64(4);
        visit(choice, select.Int64(1));
      }
      select.Reset();
    }
    return {};
  }

  Sqlite store;
  std::map<std::uint32_t, Choice> terms;
  std::map<TermsKey, std::uint32_t> terms_numbers;
};

ChoiceStore::ChoiceStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChoiceStore::ChoiceStore(ChoiceStore&&) noexcept = default;
ChoiceStore& ChoiceStore::operator=(ChoiceStore&&) noexcept = default;
ChoiceStore::~ChoiceStore() = default;

Result<ChoiceStore> ChoiceStore::Open(const std::filesystem::path& file, storage::SqliteUse use) {
  CANDOUR_ASSIGN(Sqlite store, Sqlite::Open(file, use));
  CANDOUR_TRY(MakeSchema(store));
  std::unique_ptr<State> state(new State{.store = std::move(store)});
  CANDOUR_TRY(state->LoadTerms());
  return ChoiceStore(std::move(state));
}

Result<ChoiceStore> ChoiceStore::Trial() const {
  CANDOUR_ASSIGN(Sqlite copy, state_->store.CopyToMemory());
  std::unique_ptr<State> state(new State{.store = std::move(copy)});
  CANDOUR_TRY(state->LoadTerms());
  return ChoiceStore(std::move(state));
}

Status ChoiceStore::Add(const std::vector<Choice>& choices) {
  if (choices.empty()) return {};
  return state_->Append(choices);
}

Result<std::size_t> ChoiceStore::ReplaceSource(std::string_view source,
                                               const std::vector<Choice>& choices) {
  struct Latest {
    Choice choice;
    std::int64_t number = 0;
  };
  std::unordered_map<RecordNo, Latest> latest;
  CANDOUR_TRY(state_->Visit([source](const Choice& terms) { return terms.source == source; },
                            [&](const Choice& choice, std::int64_t number) {
                              Latest& entry = latest[choice.record];
                              if (number > entry.number) entry = {choice, number};
                            }));
  std::vector<Choice> added;
  for (const Choice& choice : choices) {
    if (choice.source != source) {
      return Fail(ErrorCode::kInvalidArgument, "a choice is not of the source to be replaced");
    }
    const auto found = latest.find(choice.record);
    if (found != latest.end()) {
      const Choice& before = found->second.choice;
      if (SaysTheSame(choice, before)) continue;
      if (!SameCell(choice, before) && IsYes(before.evidence)) {
        Choice taken_back = before;
        taken_back.evidence = Evidence::kUnset;
        taken_back.event_time = taken_back.recorded_time = choice.recorded_time;
        added.push_back(std::move(taken_back));
      }
    }
    added.push_back(choice);
  }
  CANDOUR_TRY(Add(added));
  return added.size();
}

Status ChoiceStore::Forget(std::span<const RecordNo> records) {
  Sqlite& store = state_->store;
  CANDOUR_TRY(store.Run("PRAGMA secure_delete = ON"));
  {
    CANDOUR_ASSIGN(auto transaction, Transaction::Begin(store));
    CANDOUR_ASSIGN(auto forget, store.Prepare("DELETE FROM choice WHERE record=?"));
    for (const RecordNo record : records) {
      CANDOUR_TRY(forget.Bind(1, std::int64_t{record}));
      CANDOUR_TRY(forget.Run());
    }
    CANDOUR_TRY(store.Run("UPDATE counters SET epoch=epoch+1"));
    CANDOUR_TRY(transaction.Commit());
  }
  // The write-ahead log holds the old pages until it is written back and cut.
  return store.Run("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<std::vector<Choice>> ChoiceStore::OfRecords(std::span<const RecordNo> records) const {
  CANDOUR_ASSIGN(auto select, state_->store.Prepare("SELECT terms,number,evidence,event_us,"
                                                    "recorded_us FROM choice WHERE record=?"));
  std::vector<std::pair<std::int64_t, Choice>> numbered;
  for (const RecordNo record : records) {
    CANDOUR_TRY(select.Bind(1, std::int64_t{record}));
    while (true) {
      CANDOUR_ASSIGN(const bool more, select.Step());
      if (!more) break;
      Choice choice = Terms(static_cast<std::uint32_t>(select.Int64(0)));
      choice.record = record;
      choice.evidence = FromStored(select.Int64(2));
      choice.event_time.us = select.Int64(3);
      choice.recorded_time.us = select.Int64(4);
      numbered.emplace_back(select.Int64(1), std::move(choice));
    }
    select.Reset();
  }
  std::ranges::sort(numbered, {}, [](const auto& entry) { return entry.first; });
  std::vector<Choice> choices;
  choices.reserve(numbered.size());
  for (auto& [number, choice] : numbered) choices.push_back(std::move(choice));
  return choices;
}

namespace {

auto AboutOneOf(std::span<const std::string> purposes) {
  return [purposes](const Choice& terms) {
    return terms.purpose == "any" || std::ranges::find(purposes, terms.purpose) != purposes.end();
  };
}

}  // namespace

Status ChoiceStore::ForEachOf(std::span<const std::string> purposes,
                              const std::function<void(const Choice&)>& visit) const {
  return state_->Visit(AboutOneOf(purposes),
                       [&](const Choice& choice, std::int64_t) { visit(choice); });
}

Status ChoiceStore::ForEachRowOf(std::span<const std::string> purposes,
                                 const std::function<void(const ChoiceRow&)>& visit) const {
  CANDOUR_ASSIGN(auto select, state_->store.Prepare("SELECT record,evidence,event_us FROM choice "
                                                    "WHERE terms=?"));
  const auto wanted = AboutOneOf(purposes);
  for (const auto& [number, shared] : state_->terms) {
    if (!wanted(shared)) continue;
    CANDOUR_TRY(select.Bind(1, std::int64_t{number}));
    while (true) {
      CANDOUR_ASSIGN(const bool more, select.Step());
      if (!more) break;
      visit(ChoiceRow{.record = static_cast<RecordNo>(select.Int64(0)),
                      .terms = number,
                      .evidence = FromStored(select.Int64(1)),
                      .event_time = UtcTime{select.Int64(2)}});
    }
    select.Reset();
  }
  return {};
}

const Choice& ChoiceStore::Terms(std::uint32_t terms) const {
  const auto found = state_->terms.find(terms);
  CANDOUR_REQUIRE(found != state_->terms.end());
  return found->second;
}

Result<std::int64_t> ChoiceStore::Epoch() const {
  CANDOUR_ASSIGN(auto epoch, state_->store.Prepare("SELECT epoch FROM counters"));
  CANDOUR_TRY(epoch.Step());
  return epoch.Int64(0);
}

}  // namespace candour::consent
