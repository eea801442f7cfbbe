#include "rights/public_register.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "rights/plain_words.h"
#include "rights/rights_fixture.h"

namespace candour::rights {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class PublicRegisterTest : public RightsTest {
 protected:
  PublicRegisterTest() : RightsTest(false) {}
  std::vector<RegisterEntry> Read() { return PublicRegister(Setting().rules, clock_.Now()); }
  RegisterEntry EntryOf(std::string_view use) {
    for (const RegisterEntry& entry : Read()) {
      if (entry.use == use) return entry;
    }
    return {};
  }
};

TEST_F(PublicRegisterTest, ShowsUsesInForceFirstAndTheRefusedWithTheirReason) {
  std::vector<std::string> order;
  for (const RegisterEntry& entry : Read()) order.push_back(entry.use);
  EXPECT_THAT(order, ElementsAre("offers", "insight", "recall", "insurer", "next-year"));
  const RegisterEntry refused = EntryOf("insurer");
  EXPECT_EQ(refused.state, UseState::kRefused);
  EXPECT_EQ(refused.reason, "Members never agreed to be priced by their baskets.");
  EXPECT_EQ(EntryOf("next-year").state, UseState::kNotYet);
}

TEST_F(PublicRegisterTest, SaysWhoWhyAndWhatWithoutNamingFields) {
  const RegisterEntry entry = EntryOf("insight");
  EXPECT_EQ(entry.purpose_name, "Insight");
  EXPECT_EQ(entry.unit, "Food");
  EXPECT_EQ(entry.threshold, 10);
  ASSERT_EQ(entry.datasets.size(), 2U);
  EXPECT_THAT(entry.datasets[0].categories, ElementsAre("pd:Purchase"));
  EXPECT_FALSE(entry.datasets[1].people);
  const auto entries = Read();
  const std::string text = PublicRegisterText(entries);
  EXPECT_THAT(text, AllOf(HasSubstr("REFUSED; it does not happen"),
                          HasSubstr("Members never agreed to be priced"),
                          HasSubstr("only figures about groups of people, at least 10 in each"),
                          HasSubstr("Till lines (Food): purchase"), HasSubstr("it needs no"),
                          HasSubstr("from 1 January 2027")));
  const nlohmann::json json = PublicRegisterJson(entries);
  ASSERT_EQ(json.size(), 5U);
  EXPECT_EQ(json[0]["state"], "in-force");
  EXPECT_EQ(json[0]["purpose"]["legal_basis"], "consent");
  for (const std::string& shown : {text, json.dump()}) {
    EXPECT_THAT(shown, Not(HasSubstr("first_name")));
  }
}

TEST_F(PublicRegisterTest, AnApprovedUseThatARuleShutsIsNotShownAsInForce) {
  for (policy::Use& use : uses_) {
    if (use.id == "offers") use.recipient.controller = "Another plc";
    if (use.id == "recall") use.until = ParseTime("2026-02-01").value();
    if (use.id == "insight") use.approval.state = policy::Approval::State::kProposed;
  }
  EXPECT_EQ(EntryOf("offers").state, UseState::kShut);
  EXPECT_EQ(EntryOf("offers").state_text, "agreement");
  EXPECT_EQ(EntryOf("recall").state, UseState::kEnded);
  EXPECT_EQ(EntryOf("insight").state, UseState::kProposed);
  EXPECT_THAT(PublicRegisterText(Read()),
              AllOf(HasSubstr("the door stays shut"), HasSubstr("nobody has approved it")));
}

TEST_F(PublicRegisterTest, AnEmptyRegisterSaysSo) {
  EXPECT_THAT(PublicRegisterText({}), HasSubstr("No use of data has been declared."));
  EXPECT_EQ(PublicRegisterJson({}).dump(), "[]");
}

TEST(PlainWordsTest, WritesDatesListsAndCategoriesAsPeopleDo) {
  EXPECT_EQ(PlainTime(ParseTime("2026-03-09T04:05:06Z").value()), "9 March 2026 at 04:05 UTC");
  EXPECT_EQ(PlainDate(ParseTime("1969-12-31").value()), "31 December 1969");
  EXPECT_EQ(JoinWords({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(JoinWords({}), "");
  EXPECT_EQ(CategoryWords("pd:EmailAddress"), "email address");
}

TEST(PlainWordsTest, WrapsAtTheColumnAndKeepsLongWordsWhole) {
  const std::string text = Wrap(std::string(60, 'a') + " " + std::string(60, 'b') + "\n c", "  ");
  EXPECT_EQ(text, "  " + std::string(60, 'a') + "\n  " + std::string(60, 'b') + " c\n");
  EXPECT_EQ(Wrap(std::string(200, 'x'), ""), std::string(200, 'x') + "\n");
  EXPECT_EQ(Wrap("", "  "), "");
}

TEST(PlainWordsTest, ShowsTextOnOneLineByCharactersNotBytes) {
  EXPECT_EQ(Shown("héllo", 5), "héllo");
  EXPECT_EQ(Shown("héllo!", 5), "héllo…");
  EXPECT_EQ(Shown("a\x1b[1m\tb\xC2\x9B", 20), "a [1m b ");
}

}  // namespace
}  // namespace candour::rights
