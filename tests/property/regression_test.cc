// What the property and leak tests once found, or what was found on the way: each by name.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "door/quick_door.h"
#include "door/shop.h"

namespace candour::door {
namespace {

using policy::Output;

/// 40 people with two records each, one in customers and one in orders; the last one objected.
class Regression : public testing::Test {
 protected:
  Regression() {
    DeclareShop(shop_);
    for (int i = 1; i <= 40; ++i) {
      const RecordNo a = Must(shop_.people().Assign({"shop.customer", fmt::format("{}", i)}));
      const RecordNo b = Must(shop_.people().Assign({"shop.card", fmt::format("{}", i)}));
      Must(shop_.people().Merge(a, b, "test", shop_.clock.Now()));
    }
    shop_.Publish(
        "shop.customers",
        "SELECT 2 * i - 1, 'c' || i, 'Name ' || i, 'CO1 1AA', DATE '1980-01-01', 'north', "
        "'p' || (i % 2), i, true FROM range(1, 41) t(i)");
    shop_.Publish(
        "shop.orders",
        "SELECT 2 * i, CASE WHEN i = 5 THEN 'pd:Health' END, i, 'k' || i, CASE WHEN i = 7 "
        "THEN 'p9' ELSE 'p' || (i % 2) END, i, 1, CASE WHEN i = 40 THEN DATE '300000-01-01' ELSE "
        "DATE '2026-01-01' END, 'web', CASE WHEN i = "
        "5 THEN 'pills' ELSE '1' END FROM range(1, 41) t(i)");
    shop_.Publish("shop.products",
                  "SELECT 'p' || i, CASE WHEN i = 9 THEN 'x' ELSE '1' END, 1, 'k', NULL FROM "
                  "range(10) t(i)");
    Must(shop_.choices().Add({{.record = 79,
                               .purpose = "insight",
                               .evidence = consent::Evidence::kObjection,
                               .source = "person",
                               .event_time = shop_.clock.Now(),
                               .recorded_time = shop_.clock.Now()}}));
    const std::vector<std::string> all = {"shop.customers", "shop.orders", "shop.products"};
    shop_.uses = {UseOf(shop_, "rows", Output::kRows, all, "insight"),
                  UseOf(shop_, "pseudonymised", Output::kPseudonymised, all, "insight"),
                  UseOf(shop_, "figures", Output::kAggregates, all, "insight")};
  }

  void Refuses(std::string_view use, const std::string& sql) {
    const Answer answer = shop_.Ask(use, sql);
    ASSERT_FALSE(answer.ok()) << sql;
    EXPECT_EQ(InfoOf(answer.error->code).exit_status, 3) << sql << answer.error->ToString();
  }

  std::string One(std::string_view use, const std::string& sql) {
    const Answer answer = shop_.Ask(use, sql);
    if (!answer.ok()) return answer.error->ToString();
    if (answer.rows.size() != 1) return fmt::format("{} rows", answer.rows.size());
    return engine::ToText(answer.rows[0][0]);
  }

  Organisation shop_;
};

TEST_F(Regression, RowsOfACategoryThatStaysOutAreUnderTheGuard) {
  EXPECT_EQ(One("rows", "SELECT count(*) FROM shop.orders WHERE CAST(note AS INTEGER) = 1"), "38");
}

TEST_F(Regression, PeopleMayNotDecideUnseenWhichRowsOfNobodysStay) {
  Refuses("figures",
          "SELECT p.product FROM shop.products p SEMI JOIN shop.orders o ON o.product = "
          "p.product");
  Refuses("figures",
          "SELECT p.product FROM shop.products p ANTI JOIN shop.orders o ON o.product = "
          "p.product");
}

TEST_F(Regression, TheEqualityOfPersonsTiesTheTwoSidesOfAJoin) {
  Refuses(
      "figures",
      "SELECT sum(q.amount) FROM shop.customers c JOIN shop.orders o ON c.person = o.person JOIN "
      "shop.orders q ON c.person = o.person");
}

TEST_F(Regression, ExistsOverPeopleIsTiedToThePersonNotToAnyColumn) {
  Refuses("figures",
          "SELECT count(*) FROM shop.customers c WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE "
          "o.product = c.tier)");
  Refuses("figures",
          "SELECT count(*) FROM shop.customers c WHERE EXISTS (SELECT 1 FROM shop.orders o WHERE "
          "o.person = c.person UNION ALL SELECT 1 FROM shop.orders q)");
}

TEST_F(Regression, AFailingConstantDoesNotTellThatARowExists) {
  for (const char* condition : {"CAST('x' AS INTEGER) = 1", "ordered > DATE 'no date'",
                                "ordered > 'no date'", "1 // 0 = CAST('x' AS INTEGER)"}) {
    const std::string sql = "SELECT count(*) FROM shop.orders WHERE id = {} AND {}";
    EXPECT_EQ(One("rows", fmt::format(fmt::runtime(sql), 40, condition)), "0") << condition;
    EXPECT_EQ(One("figures", fmt::format(fmt::runtime(sql), 39, condition)), "") << condition;
  }
}

TEST_F(Regression, FiguresAreNoErrorOracleAboutAPermittedRow) {
  for (
      const char* sql : {
          "SELECT count(*) FROM shop.orders WHERE CAST(product AS INTEGER) > 1",
          "SELECT count(*) FROM shop.orders JOIN shop.products USING (product) WHERE CAST(title AS "
          "INTEGER) > 5",
          "SELECT sum(quantity * 170141183460469231731687303715884105727) FROM shop.orders",
          "SELECT stddev(amount * 1e308) FROM shop.orders",
          "SELECT count(*) FROM (SELECT person, sum(quantity * "
          "100000000000000000000000000000000000000) AS s FROM shop.orders GROUP BY person) WHERE s "
          "> 1e50",
      }) {
    EXPECT_EQ(One("figures", sql), "") << sql;
  }
}

TEST_F(Regression, AnExpressionOverPeopleHoldsNoSubqueryInFigures) {
  Refuses("figures", "SELECT count(*) FROM shop.orders WHERE CAST(note AS INTEGER) > (SELECT 1)");
  EXPECT_EQ(One("figures",
                "SELECT count(*) FROM shop.customers WHERE points > (SELECT avg(points) "
                "FROM shop.customers)"),
            "19");
  EXPECT_EQ(One("figures", "SELECT count(*) FROM shop.customers WHERE points > (SELECT 'abc')"),
            "");
}

TEST_F(Regression, AWindowOverPeopleCannotFailInFigures) {
  const std::string sql =
      "SELECT count(*) FROM (SELECT {} OVER (PARTITION BY person ORDER BY ordered {}) AS v FROM "
      "shop.orders) WHERE v > 0";
  const auto with = [&](const char* function, const char* frame) {
    return fmt::format(fmt::runtime(sql), function, frame);
  };
  Refuses("figures", with("sum(amount)", "ROWS BETWEEN -1 PRECEDING AND CURRENT ROW"));
  Refuses("figures", with("sum(amount)", "ROWS BETWEEN quantity PRECEDING AND CURRENT ROW"));
  Refuses("figures", with("ntile(0)", ""));
  EXPECT_EQ(One("figures", with("sum(amount)", "ROWS BETWEEN 1 PRECEDING AND CURRENT ROW")), "38");
  EXPECT_EQ(One("figures", with("sum(amount)", "")), "38");
}

TEST_F(Regression, PersonsAreComparedForEqualityOnly) {
  Refuses("rows",
          "SELECT name FROM shop.customers WHERE person > ANY (SELECT person FROM "
          "shop.orders)");
}

TEST_F(Regression, ASubqueryIsOrderedByPseudonymNotByRegistration) {
  const Answer all = shop_.Ask("rows", "SELECT person FROM shop.customers ORDER BY 1");
  const Answer first = shop_.Ask(
      "rows",
      "SELECT p FROM (SELECT person AS p FROM shop.customers ORDER BY 1 LIMIT 5) ORDER BY 1");
  ASSERT_EQ(first.rows.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(first.rows[i], all.rows[i]);
}

TEST_F(Regression, AColumnOfTheOuterQueryConvertedInASubqueryIsGuarded) {
  Refuses("rows",
          "SELECT o.id FROM shop.orders o WHERE EXISTS (SELECT 1 FROM shop.products p WHERE "
          "o.note IN (SELECT 5))");
}

TEST_F(Regression, ThePlannerDoesNotMeetAHiddenDate) {
  EXPECT_EQ(One("rows", "SELECT max(date_trunc('month', ordered)) FROM shop.orders"),
            "2026-01-01 00:00:00");
  EXPECT_EQ(One("pseudonymised", "SELECT max(ordered) FROM shop.orders"), "2026-01-01");
}

TEST_F(Regression, StarThatStandsForNoColumnIsRefused) {
  const Answer answer = shop_.Ask("rows", "SELECT * FROM (SELECT person FROM shop.orders) q");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error->code, ErrorCode::kSqlUnknownColumn);
}

}  // namespace
}  // namespace candour::door
