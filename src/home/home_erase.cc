#include <algorithm>
#include <nlohmann/json.hpp>

#include "crypto/random.h"
#include "home/home.h"
#include "ledger/commitment.h"
#include "ledger/entry.h"

namespace candour::home {
namespace {

/// What the entry of an erasure commits to beside its subject.
Result<std::vector<ledger::Opening>> OpeningsBy(const Actor& actor, const std::string& reason) {
  const auto blinding = [] { return crypto::RandomBytes(ledger::kBlindingSize); };
  std::vector<ledger::Opening> openings;
  CANDOUR_ASSIGN(openings.emplace_back(),
                 ledger::OpeningOf("actor", blinding(),
                                   {{"principal", actor.principal}, {"os_user", actor.os_user}}));
  CANDOUR_ASSIGN(openings.emplace_back(),
                 ledger::OpeningOf("reason", blinding(), {{"reason", reason}}));
  return openings;
}

}  // namespace

Result<ErasedPerson> Home::Erase(const PersonId& person, const Actor& actor,
                                 const std::string& reason, bool suppress) {
  CANDOUR_ASSIGN(const std::vector<people::Record> records, register_->RecordsOf(person));
  std::vector<RecordNo> numbers;
  for (const people::Record& record : records) numbers.push_back(record.number);
  CANDOUR_ASSIGN(const std::vector<consent::Choice> choices, choices_->OfRecords(numbers));
  ErasedPerson erased{.records = numbers.size(), .choices = choices.size()};
  CANDOUR_ASSIGN(const std::vector<PersonId> former, register_->FormerIds(person));
  for (const PersonId& id : former) {  // choices may have been recorded under them
    CANDOUR_ASSIGN(std::vector<ledger::Opening> openings, OpeningsBy(actor, reason));
    CANDOUR_TRY(ledger_->Erase(id.text, {}, std::move(openings)));
  }
  CANDOUR_ASSIGN(std::vector<ledger::Opening> openings, OpeningsBy(actor, reason));
  CANDOUR_ASSIGN(erased.entry, ledger_->Erase(person.text, numbers, std::move(openings)));
  // The register last: until it forgets the person, all can be run again.
  CANDOUR_TRY(choices_->Forget(numbers));
  CANDOUR_TRY(register_->Erase(person, suppress));
  return erased;
}

/// Flags on records of nobody are not kept: whom they were about was erased.
Status Home::DropErased(std::vector<consent::Choice>& choices) {
  CANDOUR_ASSIGN(const gate::Setting setting, Setting());
  std::erase_if(choices, [&](const consent::Choice& choice) {
    return setting.people->PersonOf(choice.record) == 0;
  });
  return {};
}

}  // namespace candour::home
