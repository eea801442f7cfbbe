// Random people, choices, merges, splits, uses and queries: rows that leave are those that a plain
// engine gives over tables which were filtered and masked row by row beforehand.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "door/quick_door.h"
#include "property/naive_engine.h"
#include "property/query_grammar.h"

namespace candour::door {
namespace {

// Together with the figures' worlds these are 20,000 questions.
constexpr std::uint32_t kWorlds = 22;
constexpr int kStatesPerWorld = 4;
constexpr int kQueriesPerState = 150;

/// Each world's number is the seed of all that is random in it.
class RowsProperty : public testing::TestWithParam<std::uint32_t> {};

struct Tally {
  int equal = 0;
  int refused = 0;
  int failed = 0;
};

/// Asks one query of both sides. Where the door gives no answer nothing can be forbidden in it.
void Compare(QuickDoor& door, NaiveEngine& naive, const std::string& sql, Tally& tally) {
  const Answer answer = door.Ask(sql);
  if (answer.error && answer.error->code != ErrorCode::kDataInvalid) {
    ++tally.refused;
    EXPECT_NE(answer.error->code, ErrorCode::kInternal) << answer.error->ToString();
    return;
  }
  const auto expected = naive.Rows(sql);
  if (answer.error || !expected) {
    ++tally.failed;
    EXPECT_TRUE(!answer.error || !expected) << answer.error->ToString() << "\n" << door.plan().sql;
    return;
  }
  ++tally.equal;
  EXPECT_EQ(SortedRows(answer.rows), *expected) << door.plan().sql;
}

TEST_P(RowsProperty, WhatLeavesIsWhatANaiveModelGives) {
  Tally tally;
  RandomShop shop(GetParam());
  for (int state = 0; state < kStatesPerWorld; ++state) {
    shop.Change();
    const std::size_t number =
        shop.AddUse(state % 2 == 0 ? policy::Output::kRows : policy::Output::kPseudonymised);
    const policy::Use use = shop.organisation().uses[number];
    QuickDoor door(shop.organisation().Setting(), use.id);
    NaiveEngine naive(shop, use);
    QueryGrammar grammar(shop.dice(), naive.Tables());
    for (int query = 0; query < kQueriesPerState; ++query) {
      const std::string sql = grammar.Draw();
      SCOPED_TRACE(fmt::format("seed {} state {}: {}", GetParam(), state, sql));
      Compare(door, naive, sql, tally);
      if (testing::Test::HasFailure()) return;
    }
  }
  fmt::print("{} equal, {} refused, {} failed on both sides\n", tally.equal, tally.refused,
             tally.failed);
  EXPECT_GT(tally.equal, kStatesPerWorld * kQueriesPerState / 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RowsProperty, testing::Range(1U, kWorlds + 1));

}  // namespace
}  // namespace candour::door
