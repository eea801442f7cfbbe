#include "consent/permitted.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "consent/naive_consent.h"
#include "consent/random_consent.h"
#include "people/register.h"

namespace candour::consent {
namespace {

constexpr UtcTime kNow{200};

class PermittedTest : public ::testing::Test {
 protected:
  PermittedTest()
      : register_(people::Register::Open(":memory:").value()),
        store_(ChoiceStore::Open(":memory:").value()) {}

  RecordNo Record(int key) {
    return register_.Assign({.key_space = "members", .key = std::to_string(key)}).value();
  }
  Bitmap Permitted(const Question& question, const PurposeChain& chain) const {
    return PermittedRecords(question, chain, store_, *register_.Map().value(), kNow).value();
  }
  void Say(RecordNo record, Evidence evidence, std::int64_t time) {
    ASSERT_TRUE(store_.Add({Choice{.record = record,
                                   .purpose = "p",
                                   .evidence = evidence,
                                   .source = "person",
                                   .event_time = UtcTime{time},
                                   .recorded_time = UtcTime{time}}}));
  }

  people::Register register_;
  ChoiceStore store_;
  const PurposeChain chain_ = {Purpose{.id = "p", .basis = LegalBasis::kConsent}};
  const Question question_{.purpose = "p", .unit = "food"};
};

TEST_F(PermittedTest, HoldsEveryRecordOfAPermittedPersonAndNoOther) {
  const RecordNo a = Record(1), a_too = Record(2), b = Record(3);
  ASSERT_TRUE(register_.Merge(a, a_too, "declared key", UtcTime{1}));
  Say(a, Evidence::kConsent, 2);
  const Bitmap permitted = Permitted(question_, chain_);
  EXPECT_TRUE(permitted.Contains(a));
  EXPECT_TRUE(permitted.Contains(a_too));
  EXPECT_FALSE(permitted.Contains(b));
  EXPECT_FALSE(permitted.Contains(0));
}

TEST_F(PermittedTest, PeopleWithoutAChoiceGetTheDefaultOfTheBasis) {
  const RecordNo a = Record(1), b = Record(2);
  Say(b, Evidence::kObjection, 1);
  PurposeChain chain = chain_;
  chain[0].basis = LegalBasis::kLegitimateInterests;
  EXPECT_TRUE(Permitted(question_, chain).Contains(a));
  EXPECT_FALSE(Permitted(question_, chain).Contains(b));
  chain[0].basis = LegalBasis::kLegalObligation;
  EXPECT_EQ(Permitted(question_, chain).Count(), 2u);
}

TEST_F(PermittedTest, ASplitRestoresWhatTheMergeHeldBack) {
  const RecordNo yes = Record(1), no = Record(2);
  Say(yes, Evidence::kConsent, 2);
  Say(no, Evidence::kObjection, 1);
  ASSERT_TRUE(register_.Merge(yes, no, "steward", UtcTime{10}));
  EXPECT_EQ(Permitted(question_, chain_).Count(), 0u);
  ASSERT_TRUE(register_.Split({no}, "steward", UtcTime{20}));
  EXPECT_TRUE(Permitted(question_, chain_).Contains(yes));
  EXPECT_FALSE(Permitted(question_, chain_).Contains(no));
}

TEST_F(PermittedTest, AChoiceAfterTheMergeCountsForTheWholePersonUntilASplit) {
  const RecordNo first = Record(1), second = Record(2);
  Say(first, Evidence::kObjection, 1);
  ASSERT_TRUE(register_.Merge(first, second, "steward", UtcTime{10}));
  Say(second, Evidence::kConsent, 11);
  EXPECT_EQ(Permitted(question_, chain_).Count(), 2u);
  ASSERT_TRUE(register_.Split({second}, "steward", UtcTime{20}));
  EXPECT_FALSE(Permitted(question_, chain_).Contains(first));
  EXPECT_TRUE(Permitted(question_, chain_).Contains(second));
}

TEST_F(PermittedTest, AgreesRowByRowWithTheNaiveModelUnderMergesAndSplits) {
  RandomConsent random(42);
  std::vector<RecordNo> records;
  for (int i = 0; i < 40; ++i) records.push_back(Record(i));
  const auto pick = [&] { return records[static_cast<std::size_t>(random.Below(40))]; };
  for (int step = 1; step <= 150; ++step) {
    const UtcTime at{step};
    if (random.Below(3) == 0) (void)register_.Merge(pick(), pick(), "test", at);
    if (random.Below(4) == 0) (void)register_.Split({pick()}, "test", at);
    ASSERT_TRUE(store_.Add({random.Say(pick(), step + 20), random.Say(pick(), step + 20)}));

    const PurposeChain chain = random.Chain();
    const Question question = random.Ask();
    const Bitmap permitted =
        PermittedRecords(question, chain, store_, *register_.Map().value(), at).value();
    const auto map = register_.Map().value();
    for (const RecordNo record : records) {
      const PersonNo person = map->PersonOf(record);
      const auto choices = store_.OfRecords(map->records_of[person]).value();
      const UtcTime merged = register_.LastMerge(map->id_of[person]).value();
      ASSERT_EQ(permitted.Contains(record),
                NaiveConsent(chain, choices, merged, at).Permits(question))
          << "step " << step << ", record " << record;
      ASSERT_EQ(permitted.Contains(record), Decide(question, chain, choices, merged, at).permitted);
    }
  }
}

}  // namespace
}  // namespace candour::consent
