#include "rights/person_accesses.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "rights/find_person.h"
#include "rights/rights_fixture.h"

namespace candour::rights {
namespace {

using ledger::EntryType;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PersonAccessesTest : public RightsTest {
 protected:
  std::vector<AccessLine> Accesses(const PersonId& person) {
    auto lines = ShowAccesses(Setting(), *ledger_, *people_, RequestOf(person));
    EXPECT_TRUE(lines) << lines.error().ToString();
    return lines ? *std::move(lines) : std::vector<AccessLine>{};
  }
  Result<PersonId> Find(std::string key_space, std::string key, const PersonRequest& request) {
    return FindPerson(Setting(), *ledger_, *people_,
                      {.key_space = std::move(key_space), .key = std::move(key)}, request);
  }
};

TEST_F(PersonAccessesTest, SaysForEachWhatLeft) {
  RecordAccess("offers", "rows", {Ada(), Bea()}, std::vector{Ada()});
  RecordAccess("insight", "aggregates", {Ada(), Bea()}, std::nullopt);
  RecordAccess("recall", "rows", {Ada(), Bea()}, std::vector{Bea()});
  RecordAccess("recall", "rows", {Bea()}, std::vector{Bea()});
  const auto lines = Accesses(Ada());
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].left, Left::kShown) << "the look-up itself, newest first";
  EXPECT_EQ(lines[1].left, Left::kNoRow);
  EXPECT_EQ(lines[2].left, Left::kFigures);
  EXPECT_EQ(lines[3].left, Left::kRow);
  EXPECT_EQ(lines[3].title, "Offers from Food");
  EXPECT_EQ(lines[3].purpose_text, "The shop sends you offers.");
  EXPECT_EQ(lines[3].recipient, "the shop's team");
  EXPECT_THAT(lines[3].datasets, ElementsAre("Members' register"));
}

TEST_F(PersonAccessesTest, RowsThatWereCutShortCountAsLeft) {
  Bitmap set;
  for (const RecordNo record : RecordsOf(Ada())) set.Add(record);
  const auto id = ledger_->StoreSet(set).value();
  ASSERT_TRUE(ledger_->Started({.use = "offers", .output = "rows", .available = id}));
  ASSERT_TRUE(ledger_->Started({.use = "insight", .output = "aggregates", .available = id}));
  const auto lines = Accesses(Ada());
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1].left, Left::kUnfinished);
  EXPECT_EQ(lines[2].left, Left::kUnknown);
  EXPECT_THAT(AccessesText(lines, 10), HasSubstr("take it that it was"));
}

TEST_F(PersonAccessesTest, AUseThatIsNoLongerDeclaredKeepsItsName) {
  RecordAccess("forgotten-use", "aggregates", {Ada()}, std::nullopt);
  const auto lines = Accesses(Ada());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].title, "forgotten-use");
}

TEST_F(PersonAccessesTest, TextAndJsonTellWithoutNamingStaffOrTheSearch) {
  RecordAccess("offers", "rows", {Ada()}, std::vector{Ada()});
  const auto lines = Accesses(Ada());
  const std::string text = AccessesText(lines, 10);
  EXPECT_THAT(text, AllOf(HasSubstr("Your records were available to the shop's team"),
                          HasSubstr("Your row was among those handed over."),
                          HasSubstr("1 March 2026 at 09:00"),
                          HasSubstr("Your records were open to Member services, at The Society.")));
  const nlohmann::json json = AccessesJson(lines);
  ASSERT_EQ(json.size(), 2U);
  EXPECT_EQ(json[1]["left"], "row");
  EXPECT_EQ(json[1]["time"], "2026-03-01T09:00:00Z");
  for (const std::string& shown : {text, json.dump()}) {
    EXPECT_THAT(shown, AllOf(Not(HasSubstr("secret_search")), Not(HasSubstr("os-account"))));
  }
  EXPECT_THAT(AccessesText(lines, 1), HasSubstr("and 1 earlier"));
  EXPECT_THAT(AccessesText({}, 1), HasSubstr("Nobody has used"));
}

TEST_F(PersonAccessesTest, FollowsAPersonThroughAMerge) {
  RecordAccess("offers", "rows", {Bea()}, std::vector{Bea()});
  ASSERT_TRUE(people_->Merge(RecordsOf(Ada())[0], RecordsOf(Bea())[0], "test", clock_.Now()));
  EXPECT_EQ(Accesses(Ada()).size(), 2U);
}

TEST_F(PersonAccessesTest, FindingSomebodyIsALookUpThatTheySee) {
  EXPECT_EQ(Find("food.card", "c1", RequestOf({})).value(), Ada());
  const auto lines = Accesses(Ada());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].left, Left::kShown);
  EXPECT_EQ(ledger_->Accesses(10).value().at(1).statement, "person find, by key of food.card");
}

TEST_F(PersonAccessesTest, TryingKeysLeavesATrace) {
  const auto nobody = Find("food.card", "c999", RequestOf({}));
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(nobody.error().ToString(), Not(HasSubstr("c999")));
  EXPECT_THAT(Entries(), ElementsAre(EntryType::kStarted, EntryType::kFinished));
  EXPECT_EQ(ledger_->Accesses(1).value().at(0).outcome, "failed");
  EXPECT_FALSE(Find("no.such.space", "c1", RequestOf({})));
}

TEST_F(PersonAccessesTest, AMemberFindsOnlyThemselves) {
  PersonRequest request = RequestOf({}, "member");
  request.self = Ada();
  EXPECT_EQ(Find("food.card", "c1", request).value(), Ada());
  const auto other = Find("food.card", "c2", request);
  const auto nobody = Find("food.card", "c999", request);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().ToString(), nobody.error().ToString());
  EXPECT_EQ(Accesses(Bea()).size(), 2U) << "Bea sees that she was looked for";
}

TEST_F(PersonAccessesTest, AnalystsMayNotFindPeople) {
  const auto found = Find("food.card", "c1", RequestOf({}, "marketer"));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kDeniedRole);
  EXPECT_THAT(Entries(), ElementsAre(EntryType::kDenied));
}

}  // namespace
}  // namespace candour::rights
