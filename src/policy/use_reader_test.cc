#include "policy/use_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/broken_declaration.h"
#include "policy/agreement_reader.h"

namespace candour::policy {
namespace {

constexpr std::string_view kUse = R"(apiVersion: candour/v1
kind: Use
id: basket-insight
title: What sells where
text: We count what is bought.
purpose: insight
unit: food
principals: [analyst]
recipient: {name: Food insight, controller: The Society}
output: aggregates
grants:
  - dataset: food.transactions
    fields: [store_id, amount]
    masked: [store_id]
threshold: 12
from: 2026-01-01
until: 2027-01-01
approval: {state: approved, by: ethics advisory group}
)";

constexpr std::string_view kSilentUse = R"(apiVersion: candour/v1
kind: Use
id: fraud-check
title: Fraud at the tills
text: We look for refunds that nobody asked for.
purpose: crime-prevention
unit: food
principals: [investigator]
recipient: {name: The fraud team, controller: The Society}
output: rows
grants:
  - dataset: food.transactions
    fields: [amount]
approval: {state: approved, by: ethics advisory group}
silence:
  ground: crime
  for: P90D
  then: review
  why: Whoever is looked at would hide what they did.
)";

constexpr std::string_view kAgreement = R"(apiVersion: candour/v1
kind: Agreement
id: insurer-2026
title: Figures for the insurer
parties: [The Society, The Insurer]
purposes: [insight]
datasets: [food.transactions]
outputs: [aggregates]
excludedCategories: [health]
from: 2026-01-01
until: 2027-01-01
)";

using Broken = catalogue::BrokenDeclaration;

class BrokenUseTest : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenUseTest, IsReportedOnceWithItsPlace) {
  const auto read = [](const auto& root, const char* file, Diagnostics& errors) {
    if (GetParam().text != kAgreement) {
      ReadUse(root, file, errors);
    } else {
      ReadAgreement(root, file, errors);
    }
  };
  catalogue::ExpectReportedOnce(GetParam(), read);
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenUseTest,
    ::testing::Values(
        Broken{"ThresholdLow", kUse, "threshold: 12", "threshold: 2",
               ErrorCode::kDeclarationInvalid, 15, 12},
        Broken{"ThresholdHigh", kUse, "threshold: 12", "threshold: 101",
               ErrorCode::kDeclarationInvalid, 15, 12},
        Broken{"UntilBeforeFrom", kUse, "until: 2027", "until: 2025",
               ErrorCode::kDeclarationInvalid, 17, 8},
        Broken{"ApprovedByNobody", kUse, ", by: ethics advisory group", "",
               ErrorCode::kDeclarationInvalid, 18, 11},
        Broken{"NoApproval", kUse, "approval: {state: approved, by: ethics advisory group}\n", "",
               ErrorCode::kDeclarationInvalid, 1, 1},
        Broken{"NoPrincipals", kUse, "[analyst]", "[]", ErrorCode::kDeclarationInvalid, 8, 13},
        Broken{"MaskedNotGranted", kUse, "masked: [store_id]", "masked: [store]",
               ErrorCode::kDeclarationInvalid, 14, 13},
        Broken{"DatasetTwice", kUse, "threshold: 12",
               "  - {dataset: food.transactions, fields: [amount]}",
               ErrorCode::kDeclarationDuplicate, 15, 5},
        Broken{"UnknownOutput", kUse, "output: aggregates", "output: aggregate",
               ErrorCode::kDeclarationInvalid, 10, 9},
        Broken{"UnknownKey", kUse, "threshold: 12", "treshold: 12", ErrorCode::kDeclarationInvalid,
               15, 1},
        Broken{"SilenceOfAnotherGround", kSilentUse, "ground: crime", "ground: reputation",
               ErrorCode::kDeclarationInvalid, 16, 11},
        Broken{"SilenceWithoutGround", kSilentUse, "  ground: crime\n", "",
               ErrorCode::kDeclarationInvalid, 16, 3},
        Broken{"SilenceWithoutEnd", kSilentUse, "  for: P90D\n", "", ErrorCode::kDeclarationInvalid,
               16, 3},
        Broken{"SilenceTooLong", kSilentUse, "for: P90D", "for: P25M",
               ErrorCode::kDeclarationInvalid, 17, 8},
        Broken{"SilenceForATimeOfDay", kSilentUse, "for: P90D", "for: PT9H",
               ErrorCode::kDeclarationInvalid, 17, 8},
        Broken{"SilenceThenNothing", kSilentUse, "then: review", "then: forget",
               ErrorCode::kDeclarationInvalid, 18, 9},
        Broken{"SilenceWithoutReason", kSilentUse,
               "  why: Whoever is looked at would hide what they did.\n", "",
               ErrorCode::kDeclarationInvalid, 16, 3},
        Broken{
            "SilenceIsNoMapping", kSilentUse,
            "silence:\n  ground: crime\n  for: P90D\n  then: review\n  why: Whoever is looked at "
            "would hide what they did.\n",
            "silence: true\n", ErrorCode::kDeclarationInvalid, 15, 10},
        Broken{"AgreementWithoutEnd", kAgreement, "until: 2027-01-01\n", "",
               ErrorCode::kDeclarationInvalid, 1, 1},
        Broken{"AgreementOfOne", kAgreement, ", The Insurer", "", ErrorCode::kDeclarationInvalid, 5,
               10},
        Broken{"AgreementOutput", kAgreement, "[aggregates]", "[figures]",
               ErrorCode::kDeclarationInvalid, 8, 10}),
    [](const auto& broken) { return broken.param.name; });

TEST(UseReaderTest, ReadsAWholeUse) {
  Diagnostics errors;
  const Use use = ReadUse(*ParseYaml(kUse, "f"), "f", errors);
  ASSERT_TRUE(errors.empty()) << errors[0].ToString();
  EXPECT_EQ(use.id, "basket-insight");
  EXPECT_EQ(use.threshold, 12);
  EXPECT_EQ(use.channel, "any");
  EXPECT_EQ(use.approval.state, Approval::State::kApproved);
  ASSERT_NE(use.FindGrant("food.transactions"), nullptr);
  EXPECT_THAT(use.FindGrant("food.transactions")->masked, ::testing::ElementsAre("store_id"));
  EXPECT_EQ(use.FindGrant("food.products"), nullptr);
  EXPECT_EQ(FormatDate(*use.until), "2027-01-01");
}

TEST(UseReaderTest, ReadsASilence) {
  Diagnostics errors;
  const Use use = ReadUse(*ParseYaml(kSilentUse, "f"), "f", errors);
  ASSERT_TRUE(errors.empty()) << errors[0].ToString();
  ASSERT_TRUE(use.silence);
  EXPECT_EQ(use.silence->ground, SilenceGround::kCrime);
  EXPECT_EQ(use.silence->span, (CalendarSpan{.days = 90}));
  EXPECT_EQ(use.silence->then, SilenceEnd::kReview);
  EXPECT_EQ(use.silence->why, "Whoever is looked at would hide what they did.");
  EXPECT_FALSE(ReadUse(*ParseYaml(kUse, "f"), "f", errors).silence);
}

TEST(AgreementReaderTest, ReadsAWholeAgreement) {
  Diagnostics errors;
  const Agreement agreement = ReadAgreement(*ParseYaml(kAgreement, "f"), "f", errors);
  ASSERT_TRUE(errors.empty()) << errors[0].ToString();
  EXPECT_THAT(agreement.outputs, ::testing::ElementsAre(Output::kAggregates));
  EXPECT_THAT(agreement.excluded_categories, ::testing::ElementsAre("health"));
}

}  // namespace
}  // namespace candour::policy
