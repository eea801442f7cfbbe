#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/principal.h"
#include "consent/choice_store.h"
#include "crypto/secret.h"
#include "gate/permission.h"
#include "ledger/ledger.h"
#include "people/register.h"
#include "rights/look_up.h"

namespace candour::rights {

/// A co-operative of two members, Ada (m1, with the card c1) and Bea (m2, card c2), with a register
/// of members and till lines of cards, for tests. One line of Ada's is of a special category.
///
/// Uses: offers (rows, consent), insight (aggregates, legitimate interests), recall (rows, legal
/// obligation), insurer (refused), next-year (not begun). Principals: frontline, dpo, marketer,
/// member.
class RightsTest : public testing::Test {
 protected:
  /// `adopt`: with the data; without, the declarations alone.
  explicit RightsTest(bool adopt = true);
  ~RightsTest() override;

  gate::Setting Setting();
  PersonId PersonOf(std::string_view key_space, std::string_view key) const;
  PersonId Ada() const { return PersonOf("group.member", "m1"); }
  PersonId Bea() const { return PersonOf("group.member", "m2"); }
  std::vector<RecordNo> RecordsOf(const PersonId& person) const;

  PersonRequest RequestOf(const PersonId& person, std::string principal = "frontline",
                          std::string purpose = "answer-members") const;

  /// Records a choice of the person about offers from the shop by e-mail.
  void Choose(const PersonId& person, consent::Evidence evidence, std::string_view time);

  /// Records an access of the use, and what came of it.
  std::uint64_t RecordAccess(std::string_view use, std::string_view output,
                             const std::vector<PersonId>& available,
                             const std::optional<std::vector<PersonId>>& released);

  /// The types of all entries of the ledger, oldest first.
  std::vector<ledger::EntryType> Entries() const;

  std::filesystem::path dir_;
  FixedClock clock_{UtcTime{1'772'355'600'000'000}};  // 1 March 2026, 09:00 UTC
  std::vector<catalogue::Unit> units_;
  std::vector<consent::Purpose> purposes_;
  std::vector<catalogue::Dataset> datasets_;
  std::vector<policy::Use> uses_;
  std::vector<policy::Agreement> agreements_;
  std::vector<accounts::Principal> principals_;
  std::optional<people::Register> people_;
  std::optional<consent::ChoiceStore> choices_;
  std::optional<ledger::Ledger> ledger_;
  crypto::Secret key_{32};

 private:
  void Declare();
  void DeclareUses();
  void AdoptAll();
};

}  // namespace candour::rights
