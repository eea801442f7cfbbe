#include <gtest/gtest.h>

#include "consent/effective.h"
#include "consent/naive_consent.h"
#include "consent/random_consent.h"

namespace candour::consent {
namespace {

constexpr UtcTime kNow{11};

std::string Describe(const Question& question, const PurposeChain& chain,
                     const std::vector<Choice>& choices, UtcTime last_merge) {
  std::string text =
      fmt::format("{} {} {} basis {} marketing {} merged {}\n", question.channel, question.category,
                  question.recipient, ToString(chain.front().basis), chain.front().direct_marketing,
                  last_merge.us);
  for (const Choice& c : choices) {
    text += fmt::format("  {} {} {} {} {} {} {} by {} at {}\n", c.record, ToString(c.evidence),
                        c.purpose, c.unit, c.channel, c.category, c.recipient, c.source,
                        c.event_time.us);
  }
  return text;
}

TEST(EffectivePropertyTest, AgreesWithTheRulesWrittenDownASecondTime) {
  RandomConsent random(20260301);
  int permitted = 0;
  constexpr int kCases = 60'000;
  for (int i = 0; i < kCases; ++i) {
    const PurposeChain chain = random.Chain();
    const Question question = random.Ask();
    const UtcTime last_merge{random.Below(3) == 0 ? 0 : random.Below(10)};
    std::vector<Choice> choices;
    for (int n = random.Below(7); n > 0; --n) {
      choices.push_back(random.Say(static_cast<RecordNo>(1 + random.Below(3)), 12));
    }
    const bool expected = NaiveConsent(chain, choices, last_merge, kNow).Permits(question);
    const Effective effective = Decide(question, chain, choices, last_merge, kNow);
    ASSERT_EQ(effective.permitted, expected) << Describe(question, chain, choices, last_merge);
    permitted += expected ? 1 : 0;
  }
  // The worlds drawn are worth something: neither answer is rare.
  EXPECT_GT(permitted, kCases / 10);
  EXPECT_LT(permitted, kCases * 9 / 10);
}

TEST(EffectivePropertyTest, AnotherNoNeverOpensAnything) {
  RandomConsent random(7);
  for (int i = 0; i < 20'000; ++i) {
    const PurposeChain chain = random.Chain();
    const Question question = random.Ask();
    const UtcTime last_merge{random.Below(10)};
    std::vector<Choice> choices;
    for (int n = random.Below(6); n > 0; --n) {
      choices.push_back(random.Say(static_cast<RecordNo>(1 + random.Below(3)), 11));
    }
    const bool before = Decide(question, chain, choices, last_merge, kNow).permitted;
    choices.push_back(random.Say(1, 11));
    choices.back().evidence = Evidence::kWithdrawal;
    const bool after = Decide(question, chain, choices, last_merge, kNow).permitted;
    ASSERT_LE(after, before) << Describe(question, chain, choices, last_merge);
  }
}

TEST(EffectivePropertyTest, TheOrderOfTheChoicesDoesNotMatter) {
  RandomConsent random(9);
  std::mt19937 shuffle(9);
  for (int i = 0; i < 20'000; ++i) {
    const PurposeChain chain = random.Chain();
    const Question question = random.Ask();
    const UtcTime last_merge{random.Below(10)};
    std::vector<Choice> choices;
    for (int n = random.Below(7); n > 0; --n) {
      choices.push_back(random.Say(static_cast<RecordNo>(1 + random.Below(3)), 4));
    }
    const bool before = Decide(question, chain, choices, last_merge, kNow).permitted;
    std::ranges::shuffle(choices, shuffle);
    ASSERT_EQ(Decide(question, chain, choices, last_merge, kNow).permitted, before)
        << Describe(question, chain, choices, last_merge);
  }
}

}  // namespace
}  // namespace candour::consent
