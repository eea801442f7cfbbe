#include "rights/find_person.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"

namespace candour::rights {
namespace {

/// Key spaces are declared: only those are written into the record as they were asked for.
bool IsDeclared(const policy::Rules& rules, const std::string& key_space) {
  return std::ranges::any_of(rules.datasets, [&key_space](const catalogue::Dataset& dataset) {
    return (dataset.person_key && dataset.person_key->key_space == key_space) ||
           std::ranges::any_of(dataset.fields, [&key_space](const catalogue::Field& field) {
             return field.identifies == key_space;
           });
  });
}

Result<std::optional<PersonId>> PersonOf(const gate::Setting& setting,
                                         const people::Register& people,
                                         const people::Identity& identity) {
  CANDOUR_ASSIGN(const RecordNo record, people.Find(identity));
  if (record == 0) return std::nullopt;
  const PersonNo person = setting.people->PersonOf(record);
  if (person == 0) return std::nullopt;
  return setting.people->id_of[person];
}

std::vector<RecordNo> NumbersOf(const std::vector<people::Record>& records) {
  std::vector<RecordNo> numbers;
  for (const people::Record& record : records) numbers.push_back(record.number);
  return numbers;
}

}  // namespace

Result<PersonId> FindPerson(const gate::Setting& setting, ledger::Recorder& recorder,
                            const people::Register& people, const people::Identity& identity,
                            const PersonRequest& request) {
  CANDOUR_ASSIGN(LookUp look_up, LookUp::Admit(setting, recorder, request));
  const bool declared = IsDeclared(setting.rules, identity.key_space);
  std::optional<PersonId> person;
  if (declared) {
    CANDOUR_ASSIGN(person, PersonOf(setting, people, identity));
  }
  std::vector<RecordNo> records;
  if (person) {
    CANDOUR_ASSIGN(const std::vector<people::Record> known, people.RecordsOf(*person));
    records = NumbersOf(known);
  }
  CANDOUR_TRY(look_up.Begin(
      records,
      declared ? fmt::format("person find, by key of {}", identity.key_space) : "person find", {}));
  const bool shown = person && (!look_up.own() || *person == *request.self);
  CANDOUR_TRY(look_up.Finish(shown, shown ? 1 : 0));
  if (shown) return *person;
  return Fail(Error{.code = ErrorCode::kNotFound,
                    .message = "nobody you may see has that key",
                    .expected = declared ? "" : "a key space that a dataset declares",
                    .found = declared ? "" : Quoted(identity.key_space),
                    .next = "candour list"});
}

}  // namespace candour::rights
