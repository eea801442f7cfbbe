#include "gate/permission_cache.h"

#include <gtest/gtest.h>

#include "consent/permitted.h"
#include "people/register.h"

namespace candour::gate {
namespace {

using consent::Evidence;
using consent::LegalBasis;

class PermissionCacheTest : public testing::Test {
 protected:
  PermissionCacheTest()
      : register_(*people::Register::Open(":memory:")),
        choices_(*consent::ChoiceStore::Open(":memory:")) {
    for (int i = 1; i <= 4; ++i) {
      EXPECT_TRUE(register_.Assign({.key_space = "members", .key = std::to_string(i)}));
    }
    people_ = *register_.Map();
  }

  void Say(RecordNo record, Evidence evidence, std::int64_t time) {
    ASSERT_TRUE(choices_.Add({consent::Choice{.record = record,
                                              .purpose = "offers",
                                              .evidence = evidence,
                                              .source = "person",
                                              .event_time = UtcTime{time},
                                              .recorded_time = UtcTime{time}}}));
  }

  /// Asks, and holds the answer against one that was never kept.
  std::shared_ptr<const Bitmap> Ask(std::int64_t now) {
    auto kept = cache_.Ask(question_, chain_, choices_, people_, UtcTime{now});
    const auto fresh =
        consent::PermittedRecords(question_, chain_, choices_, *people_, UtcTime{now});
    EXPECT_TRUE(kept && fresh && **kept == *fresh);
    return *kept;
  }

  people::Register register_;
  consent::ChoiceStore choices_;
  std::shared_ptr<const people::PersonMap> people_;
  PermissionCache cache_;
  consent::Question question_{.purpose = "offers", .unit = "food"};
  consent::PurposeChain chain_ = {consent::Purpose{.id = "offers", .basis = LegalBasis::kConsent}};
};

TEST_F(PermissionCacheTest, GivesTheSameSetWhileNothingChanges) {
  Say(1, Evidence::kConsent, 10);
  const auto first = Ask(20);
  EXPECT_TRUE(first->Contains(1));
  EXPECT_EQ(Ask(30), first);
}

TEST_F(PermissionCacheTest, AWithdrawalHoldsForTheNextStatement) {
  Say(1, Evidence::kConsent, 10);
  EXPECT_TRUE(Ask(20)->Contains(1));
  Say(1, Evidence::kWithdrawal, 20);
  EXPECT_FALSE(Ask(20)->Contains(1));
}

TEST_F(PermissionCacheTest, AChoiceForLaterTakesEffectThen) {
  Say(1, Evidence::kConsent, 10);
  Say(1, Evidence::kWithdrawal, 50);
  EXPECT_TRUE(Ask(20)->Contains(1));
  EXPECT_TRUE(Ask(49)->Contains(1));
  EXPECT_FALSE(Ask(50)->Contains(1));
  EXPECT_TRUE(Ask(49)->Contains(1)) << "a clock that was put back";
}

TEST_F(PermissionCacheTest, AMergeHoldsForTheNextStatement) {
  Say(1, Evidence::kConsent, 10);
  EXPECT_FALSE(Ask(20)->Contains(2));
  ASSERT_TRUE(register_.Merge(1, 2, "declared key", UtcTime{20}));
  people_ = *register_.Map();
  EXPECT_TRUE(Ask(20)->Contains(2));
}

TEST_F(PermissionCacheTest, APurposeDeclaredOtherwiseIsAskedAnew) {
  EXPECT_FALSE(Ask(20)->Contains(3));
  chain_[0].basis = LegalBasis::kLegitimateInterests;
  EXPECT_TRUE(Ask(20)->Contains(3));
}

TEST_F(PermissionCacheTest, QuestionsDoNotAnswerForEachOther) {
  ASSERT_TRUE(choices_.Add({consent::Choice{.record = 1,
                                            .purpose = "offers",
                                            .unit = "food",
                                            .evidence = Evidence::kConsent,
                                            .source = "person"}}));
  EXPECT_TRUE(Ask(20)->Contains(1));
  question_.unit = "insurance";
  EXPECT_FALSE(Ask(20)->Contains(1));
  question_.unit = "food";
  EXPECT_TRUE(Ask(20)->Contains(1));
}

TEST_F(PermissionCacheTest, ManyQuestionsStayRight) {
  Say(2, Evidence::kConsent, 10);
  for (int i = 0; i < 300; ++i) {
    question_.channel = "channel " + std::to_string(i % 150);
    EXPECT_TRUE(Ask(20)->Contains(2));
  }
}

}  // namespace
}  // namespace candour::gate
