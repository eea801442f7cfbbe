// What the ledger says of an access: whose data was available, and whose left.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "door/quick_door.h"
#include "property/figure_query.h"

namespace candour::door {
namespace {

constexpr std::uint32_t kWorlds = 5;
constexpr int kStatesPerWorld = 6;

class LedgerProperty : public testing::TestWithParam<std::uint32_t> {
 protected:
  LedgerProperty() : shop_(GetParam()) {}

  /// The records of people who permit the use, with a row in a dataset that the statement names.
  Bitmap NaiveAvailable(const policy::Use& use, const std::string& sql) {
    Bitmap available;
    for (const policy::Grant& grant : use.grants) {
      if (!sql.contains(grant.dataset) || !shop_.DatasetOf(grant.dataset).HasPeople()) continue;
      for (const NaiveRow& row : shop_.RowsOf(grant.dataset)) {
        if (shop_.Permits(use, grant, row.record)) available.Add(row.record);
      }
    }
    return available;
  }

  ledger::AccessDetail LastAccess() {
    return Must(shop_.organisation().ledger().Accesses(1)).at(0);
  }

  Bitmap Load(const ledger::SetId& id) { return Must(shop_.organisation().ledger().LoadSet(id)); }

  /// Asks, and checks what holds of every access.
  Answer AskChecked(const policy::Use& use, const std::string& sql) {
    ledger::Ledger& ledger = shop_.organisation().ledger();
    const std::uint64_t before = ledger.size(ledger::LogName::kAccesses);
    const Answer answer = shop_.organisation().Ask(use.id, sql);
    if (answer.error && answer.error->code != ErrorCode::kSqlExpression) {
      EXPECT_EQ(ledger.size(ledger::LogName::kAccesses), before + 1);
      EXPECT_EQ(Must(ledger.Read(ledger::LogName::kAccesses, before, 1)).at(0).type,
                ledger::EntryType::kDenied);
      return answer;
    }
    EXPECT_EQ(ledger.size(ledger::LogName::kAccesses), before + 2);
    const ledger::AccessDetail access = LastAccess();
    EXPECT_EQ(access.statement, sql);
    EXPECT_EQ(access.outcome, answer.ok() ? "released" : "failed");
    const Bitmap available = Load(access.available);
    EXPECT_TRUE(available == NaiveAvailable(use, sql)) << "the available set is another";
    EXPECT_EQ(access.released.has_value(), use.output != policy::Output::kAggregates);
    if (access.released) {
      Bitmap both = Load(*access.released);
      both.IntersectWith(available);
      EXPECT_TRUE(both == Load(*access.released)) << "somebody was released who was not available";
    }
    return answer;
  }

  /// The same through the quick door, so that what is proved with that holds of the whole one.
  void ExpectSameOf(QuickDoor& door, const std::string& sql, const Answer& answer) {
    const Answer quick = door.Ask(sql);
    ASSERT_EQ(quick.ok(), answer.ok());
    EXPECT_EQ(SortedRows(quick.rows), SortedRows(answer.rows));
    if (answer.report.output == policy::Output::kAggregates) {
      EXPECT_EQ(quick.protections, answer.protections);
    }
  }

  RandomShop shop_;
};

/// A query whose every row is of known records: those named zz_record on the naive side.
struct Traced {
  std::string sql;
  std::string naive;
};

Traced DrawTraced(Dice& dice, QueryGrammar& grammar, const std::vector<QueryTable>& tables) {
  std::vector<const QueryTable*> people;
  for (const QueryTable& table : tables) {
    if (table.people) people.push_back(&table);
  }
  std::string from = fmt::format("FROM {} a", dice.Pick(people)->sql);
  std::string records = "SELECT a.zz_record, NULL";
  const QueryTable& first = **std::ranges::find_if(
      people, [&](const QueryTable* table) { return from == "FROM " + table->sql + " a"; });
  std::vector<QueryColumn> scope = first.columns;
  for (QueryColumn& column : scope) column.name = "a." + column.name;
  const std::string where = " WHERE " + grammar.Condition(scope, 1);
  if (dice.OneIn(2)) {
    from += fmt::format(" {} {} b ON a.person = b.person", dice.OneIn(2) ? "JOIN" : "LEFT JOIN",
                        dice.Pick(people)->sql);
    records = "SELECT a.zz_record, b.zz_record";
  }
  const std::string select = dice.OneIn(2) ? "SELECT a.person, 1 AS one " : "SELECT 1 AS one ";
  Traced traced{select + from + where, records + " " + from + where};
  if (dice.OneIn(3)) traced.sql = fmt::format("SELECT * FROM ({}) q", traced.sql);
  return traced;
}

TEST_P(LedgerProperty, AvailableAndReleasedSetsAreThoseOfANaiveModel) {
  for (int state = 0; state < kStatesPerWorld; ++state) {
    shop_.Change();
    const auto output = static_cast<policy::Output>(state % 3);
    const policy::Use use = shop_.organisation().uses[shop_.AddUse(output)];
    QuickDoor door(shop_.organisation().Setting(), use.id);
    NaiveEngine naive(shop_, use);
    QueryGrammar grammar(shop_.dice(), naive.Tables());
    FigureGrammar figures(shop_.dice(), shop_, use, naive.Tables());
    for (int i = 0; i < 8; ++i) {
      const bool aggregates = output == policy::Output::kAggregates;
      const std::string sql = aggregates ? figures.Draw().Sql() : grammar.Draw();
      SCOPED_TRACE(fmt::format("seed {} state {}: {}", GetParam(), state, sql));
      ExpectSameOf(door, sql, AskChecked(use, sql));
    }
    for (int i = 0; i < 8 && output != policy::Output::kAggregates; ++i) {
      const Traced traced = DrawTraced(shop_.dice(), grammar, naive.Tables());
      SCOPED_TRACE(fmt::format("seed {} state {}: {}", GetParam(), state, traced.sql));
      ASSERT_TRUE(AskChecked(use, traced.sql).ok());
      Bitmap released;
      for (const auto& row : naive.Table(traced.naive).rows) {
        for (const engine::Value& record : row) {
          const auto* number = std::get_if<std::int64_t>(&record);
          if (number != nullptr) released.Add(static_cast<std::size_t>(*number));
        }
      }
      EXPECT_TRUE(Load(*LastAccess().released) == released) << "the released set is another";
    }
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LedgerProperty, testing::Range(2001U, 2001U + kWorlds));

}  // namespace
}  // namespace candour::door
