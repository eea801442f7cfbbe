#include "consent/effective.h"

#include <gtest/gtest.h>

namespace candour::consent {
namespace {

constexpr RecordNo kFirst = 1;
constexpr RecordNo kSecond = 2;
constexpr UtcTime kNow{1000};
constexpr UtcTime kNeverMerged{};

/// Fluent choices, so that a test reads as the story it tells.
struct Said {
  Choice choice;
  Said(Evidence evidence, std::int64_t time) {
    choice.record = kFirst;
    choice.purpose = "marketing";
    choice.unit = "food";
    choice.evidence = evidence;
    choice.source = "person";
    choice.event_time = UtcTime{time};
  }
  Said On(RecordNo record) { return choice.record = record, *this; }
  Said About(std::string purpose) { return choice.purpose = std::move(purpose), *this; }
  Said To(std::string unit) { return choice.unit = std::move(unit), *this; }
  Said By(std::string channel) { return choice.channel = std::move(channel), *this; }
  Said For(std::string category) { return choice.category = std::move(category), *this; }
  Said From(std::string source) { return choice.source = std::move(source), *this; }
};
Said Yes(std::int64_t time) { return {Evidence::kConsent, time}; }
Said No(std::int64_t time) { return {Evidence::kObjection, time}; }
Said Withdrawn(std::int64_t time) { return {Evidence::kWithdrawal, time}; }
Said Soft(std::int64_t time) { return {Evidence::kSoftOptIn, time}; }
Said Unevidenced(std::int64_t time) { return {Evidence::kUnevidenced, time}; }
Said Unset(std::int64_t time) { return {Evidence::kUnset, time}; }

/// marketing (direct marketing) under communication.
PurposeChain Marketing(LegalBasis basis = LegalBasis::kConsent) {
  return {
      Purpose{
          .id = "marketing", .parent = "communication", .basis = basis, .direct_marketing = true},
      Purpose{.id = "communication", .basis = LegalBasis::kLegitimateInterests}};
}

PurposeChain Plain(LegalBasis basis) { return {Purpose{.id = "service", .basis = basis}}; }

Effective Ask(const PurposeChain& chain, std::vector<Said> said, std::string channel = "email",
              UtcTime last_merge = kNeverMerged) {
  std::vector<Choice> choices;
  for (Said& one : said) choices.push_back(std::move(one.choice));
  return Decide(
      Question{.purpose = chain.front().id, .unit = "food", .channel = std::move(channel)}, chain,
      choices, last_merge, kNow);
}

bool Permits(std::vector<Said> said, std::string channel = "email",
             UtcTime last_merge = kNeverMerged) {
  return Ask(Marketing(), std::move(said), std::move(channel), last_merge).permitted;
}

TEST(EffectiveTest, DefaultsFollowTheLegalBasis) {
  EXPECT_EQ(Ask(Plain(LegalBasis::kConsent), {}).reason, Reason::kNotAsked);
  EXPECT_EQ(Ask(Plain(LegalBasis::kLegitimateInterests), {}).reason, Reason::kNoObjection);
  EXPECT_EQ(Ask(Plain(LegalBasis::kPublicTask), {}).reason, Reason::kNoObjection);
  EXPECT_EQ(Ask(Plain(LegalBasis::kContract), {}).reason, Reason::kBasisCarriesIt);
  EXPECT_FALSE(Ask(Plain(LegalBasis::kConsent), {}).permitted);
  EXPECT_TRUE(Ask(Plain(LegalBasis::kLegitimateInterests), {}).permitted);
  EXPECT_TRUE(Ask(Plain(LegalBasis::kVitalInterests), {}).permitted);
}

TEST(EffectiveTest, ConsentNeedsEvidence) {
  EXPECT_TRUE(Permits({Yes(1)}));
  EXPECT_FALSE(Permits({Unset(1)}));
  const Effective effective = Ask(Marketing(), {Unevidenced(1)});
  EXPECT_FALSE(effective.permitted);
  EXPECT_EQ(effective.reason, Reason::kUnevidenced);
  ASSERT_TRUE(effective.deciding);
  EXPECT_EQ(effective.deciding->evidence, Evidence::kUnevidenced);
}

TEST(EffectiveTest, ANoIsShownWithTheChoiceThatDecided) {
  const Effective effective = Ask(Marketing(), {Yes(1), Withdrawn(2).To("any")});
  EXPECT_EQ(effective.reason, Reason::kRefused);
  ASSERT_TRUE(effective.deciding);
  EXPECT_EQ(effective.deciding->event_time, UtcTime{2});
  EXPECT_NE(effective.rule.find("only the person can choose again"), std::string::npos);
}

TEST(EffectiveTest, ANoStopsWhatDependsOnChoices) {
  EXPECT_FALSE(Ask(Plain(LegalBasis::kLegitimateInterests), {No(1).About("service")}).permitted);
  EXPECT_FALSE(Ask(Plain(LegalBasis::kPublicTask), {No(1).About("any")}).permitted);
  EXPECT_TRUE(Ask(Plain(LegalBasis::kLegitimateInterests), {No(1)}).permitted);
  for (const LegalBasis basis :
       {LegalBasis::kContract, LegalBasis::kLegalObligation, LegalBasis::kVitalInterests}) {
    EXPECT_TRUE(Ask(Plain(basis), {No(1), No(2).About("any").To("any")}).permitted);
  }
}

TEST(EffectiveTest, ObjectionToDirectMarketingIsAbsolute) {
  for (const LegalBasis basis : {LegalBasis::kContract, LegalBasis::kLegalObligation,
                                 LegalBasis::kLegitimateInterests, LegalBasis::kConsent}) {
    EXPECT_FALSE(Ask(Marketing(basis), {Yes(1), No(2)}).permitted);
  }
}

TEST(EffectiveTest, TheLatestInOneCellCountsAndATieIsANo) {
  EXPECT_TRUE(Permits({No(1), Yes(2)}));
  EXPECT_FALSE(Permits({No(2), Yes(1)}));
  EXPECT_FALSE(Permits({No(2), Yes(2)}));
}

TEST(EffectiveTest, AWiderNoReachesDownAndClearsEarlierYeses) {
  EXPECT_FALSE(Permits({Yes(1), No(2).About("communication")}));
  EXPECT_FALSE(Permits({Yes(1), No(2).About("any").To("any")}));
  EXPECT_FALSE(Permits({Yes(1).By("email"), No(2)}));
  EXPECT_TRUE(Permits({No(1).About("any").To("any"), Yes(2)}));
}

TEST(EffectiveTest, ALaterWideYesDoesNotLiftANarrowNo) {
  EXPECT_FALSE(Permits({No(1).By("email"), Yes(2)}));
  EXPECT_TRUE(Permits({No(1).By("email"), Yes(2)}, "post"));
}

TEST(EffectiveTest, AmongIncomparableCellsTheNoWins) {
  EXPECT_FALSE(Permits({No(1).By("email").To("any"), Yes(2)}));
  EXPECT_FALSE(Permits({No(1), Yes(2).To("any").By("email")}));
}

TEST(EffectiveTest, ANoIsNotLiftedByAYesThatWasTakenBackSince) {
  EXPECT_FALSE(Permits({No(1), Yes(2), No(3).About("any"), Yes(4).About("any").By("email")}));
}

TEST(EffectiveTest, AYesToOneUnitIsNoneToAnother) {
  EXPECT_FALSE(Permits({Yes(1).To("insurance")}));
  EXPECT_TRUE(Permits({Yes(1).To("any")}));
  EXPECT_TRUE(Permits({Yes(1), No(2).To("insurance")}));
}

TEST(EffectiveTest, AskingForEveryChannelMeetsTheNoToOne) {
  EXPECT_FALSE(Permits({Yes(1), No(2).By("sms")}, "any"));
  EXPECT_FALSE(Permits({Yes(1).By("sms")}, "any"));
  EXPECT_TRUE(Permits({Yes(1), No(2).By("sms"), Yes(3).By("sms")}, "any"));
  EXPECT_FALSE(Permits({No(1), Yes(2).By("sms")}, "any"));
}

TEST(EffectiveTest, CategoriesAreAnAxisOfTheirOwn) {
  EXPECT_FALSE(Permits({Yes(1), No(2).For("pd:Location")}));
  const PurposeChain chain = Marketing();
  const std::vector<Choice> choices = {Yes(1).choice, No(2).For("pd:Location").choice};
  Question question{.purpose = "marketing", .unit = "food", .category = "pd:Purchase"};
  EXPECT_TRUE(Decide(question, chain, choices, kNeverMerged, kNow).permitted);
  question.category = "pd:Location";
  EXPECT_FALSE(Decide(question, chain, choices, kNeverMerged, kNow).permitted);
}

TEST(EffectiveTest, SoftOptInReachesOnlyElectronicMarketingOfTheSameUnit) {
  EXPECT_EQ(Ask(Marketing(), {Soft(1)}).reason, Reason::kSoftOptIn);
  EXPECT_TRUE(Permits({Soft(1)}, "sms"));
  EXPECT_FALSE(Permits({Soft(1)}, "post"));
  EXPECT_FALSE(Permits({Soft(1)}, "any"));
  EXPECT_FALSE(Permits({Soft(1).To("any")}));
  EXPECT_FALSE(Permits({Soft(1).To("insurance")}));
  EXPECT_FALSE(Ask(Plain(LegalBasis::kConsent), {Soft(1).About("service")}).permitted);
}

TEST(EffectiveTest, SoftOptInNeverLiftsANo) {
  EXPECT_FALSE(Permits({No(1), Soft(2)}));
  EXPECT_FALSE(Permits({No(1).About("any").To("any"), Soft(2)}));
}

TEST(EffectiveTest, AnUnsetFlagTakesBackItsOwnYesButNeverANo) {
  EXPECT_FALSE(Permits({Yes(1).From("crm"), Unset(2).From("crm")}));
  EXPECT_TRUE(Permits({Yes(1), Unset(2).From("crm")}));
  EXPECT_FALSE(Permits({No(1).From("crm"), Unset(2).From("crm")}));
  EXPECT_FALSE(Ask(Plain(LegalBasis::kLegitimateInterests),
                   {No(1).About("service"), Unset(2).About("service")})
                   .permitted);
}

TEST(EffectiveTest, AfterAMergeANoOnAnyRecordWinsUntilANewChoice) {
  const UtcTime merge{10};
  EXPECT_TRUE(Permits({Yes(1), Unset(2).On(kSecond)}, "email", merge));
  EXPECT_FALSE(Permits({No(1), Yes(2).On(kSecond)}, "email", merge));
  EXPECT_FALSE(Permits({No(1), Yes(10).On(kSecond)}, "email", merge));
  EXPECT_TRUE(Permits({No(1), Yes(11).On(kSecond)}, "email", merge));
  EXPECT_FALSE(Permits({Yes(1), No(11).On(kSecond)}, "email", merge));
  EXPECT_FALSE(Permits({No(1).About("any"), Yes(2).On(kSecond)}, "email", merge));
}

TEST(EffectiveTest, WithinOneRecordTheOrderStillCountsAfterAMerge) {
  EXPECT_TRUE(Permits({No(1), Yes(2), Yes(1).On(kSecond)}, "email", UtcTime{10}));
}

TEST(EffectiveTest, ChoicesOfTheFutureAreNotLookedAt) {
  EXPECT_FALSE(Permits({Yes(1001)}));
  EXPECT_TRUE(Permits({Yes(1), No(1001)}));
  EXPECT_FALSE(Permits({Yes(1), No(1000)}));
}

TEST(EffectiveTest, ChoicesAboutOtherPurposesDoNotCount) {
  EXPECT_FALSE(Permits({Yes(1).About("research")}));
  EXPECT_TRUE(Permits({Yes(1), No(2).About("research")}));
}

TEST(PurposeChainTest, FollowsTheAncestors) {
  const std::vector<Purpose> purposes = {Purpose{.id = "c"}, Purpose{.id = "a", .parent = "b"},
                                         Purpose{.id = "b", .parent = "c"}};
  const auto chain = ChainOf("a", purposes);
  ASSERT_TRUE(chain);
  ASSERT_EQ(chain->size(), 3u);
  EXPECT_EQ(chain->back().id, "c");
}

TEST(PurposeChainTest, RefusesCirclesAndUnknownNames) {
  const std::vector<Purpose> purposes = {Purpose{.id = "a", .parent = "b"},
                                         Purpose{.id = "b", .parent = "a"},
                                         Purpose{.id = "d", .parent = "e"}};
  EXPECT_EQ(ChainOf("a", purposes).error().code, ErrorCode::kDeclarationInvalid);
  EXPECT_EQ(ChainOf("d", purposes).error().code, ErrorCode::kDeclarationUnknownName);
  EXPECT_EQ(ChainOf("z", purposes).error().code, ErrorCode::kDeclarationUnknownName);
}

TEST(NamesTest, ReadBackAsTheyArePrinted) {
  for (const Evidence evidence : {Evidence::kConsent, Evidence::kSoftOptIn, Evidence::kUnevidenced,
                                  Evidence::kObjection, Evidence::kWithdrawal, Evidence::kUnset}) {
    EXPECT_EQ(ParseEvidence(ToString(evidence)), evidence);
  }
  for (const LegalBasis basis :
       {LegalBasis::kConsent, LegalBasis::kContract, LegalBasis::kLegalObligation,
        LegalBasis::kVitalInterests, LegalBasis::kPublicTask, LegalBasis::kLegitimateInterests}) {
    EXPECT_EQ(ParseLegalBasis(ToString(basis)), basis);
  }
  EXPECT_EQ(ParseEvidence("Consent"), std::nullopt);
  EXPECT_EQ(ParseLegalBasis(""), std::nullopt);
}

}  // namespace
}  // namespace candour::consent
