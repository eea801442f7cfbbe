// The basic path through the door, for each kind of output.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "door/shop.h"

namespace candour::door {
namespace {

using policy::Output;

class Smoke : public testing::Test {
 protected:
  Smoke() {
    DeclareShop(shop_);
    for (int i = 1; i <= 60; ++i) {
      Must(shop_.people().Assign({"shop.customer", fmt::format("c{}", i)}));
      Must(shop_.people().Assign({"shop.card", fmt::format("k{}", i)}));
    }
    for (RecordNo i = 1; i <= 60; ++i) {
      Must(shop_.people().Merge(2 * i - 1, 2 * i, "test", shop_.clock.Now()));
    }
    shop_.Publish(
        "shop.customers",
        "SELECT 2 * i - 1, 'c' || i, 'Name ' || i, 'CO' || (i % 5) || ' 1AA', DATE "
        "'1980-01-01' + i::INTEGER, CASE WHEN i < 30 THEN 'north' WHEN i < 55 THEN "
        "'south' ELSE 'east' END, 'tier' || (i % 2), i, i % 3 = 0 FROM range(1, 61) t(i)");
    shop_.Publish("shop.orders",
                  "SELECT 2 * (i % 60 + 1), NULL, i, 'k' || (i % 60 + 1), 'p' || (i % 4), i / 2, i "
                  "% 7, DATE '2026-01-01' + (i % 90)::INTEGER, CASE WHEN i % 2 = 0 THEN 'web' ELSE "
                  "'shop' END, 'note ' || i FROM range(300) t(i)");
    shop_.Publish("shop.products",
                  "SELECT 'p' || i, 'Title ' || i, i * 1.5, 'kind' || (i % 2), NULL FROM range(4) "
                  "t(i)");
    const std::vector<std::string> all = {"shop.customers", "shop.orders", "shop.products"};
    shop_.uses = {UseOf(shop_, "rows", Output::kRows, all, "insight"),
                  UseOf(shop_, "pseudo", Output::kPseudonymised, all, "insight"),
                  UseOf(shop_, "figures", Output::kAggregates, all, "insight")};
    Must(shop_.choices().Add({{.record = 1,
                               .purpose = "insight",
                               .evidence = consent::Evidence::kObjection,
                               .source = "person",
                               .event_time = shop_.clock.Now(),
                               .recorded_time = shop_.clock.Now()}}));
  }

  void Passes(std::string_view use, const std::string& sql, std::size_t rows) {
    const Answer answer = shop_.Ask(use, sql);
    ASSERT_TRUE(answer.ok()) << sql << "\n" << answer.error->ToString();
    EXPECT_EQ(answer.rows.size(), rows) << sql;
  }

  Organisation shop_;
};

TEST_F(Smoke, RowsOfPermittedPeopleLeave) {
  for (const char* use : {"rows", "pseudo"}) {
    Passes(use, "SELECT * FROM shop.customers", 59);
    Passes(use, "SELECT person, name FROM shop.customers WHERE region = 'north'", 28);
    Passes(use, "SELECT region, count(*) FROM shop.customers GROUP BY region ORDER BY 2", 3);
    Passes(use, "SELECT c.name, o.amount FROM shop.customers c JOIN shop.orders o USING (person)",
           295);
    Passes(use, "SELECT DISTINCT tier FROM shop.customers UNION SELECT kind FROM shop.products", 4);
    Passes(use, "WITH t AS (SELECT points * 2 AS p FROM shop.customers) SELECT max(p) FROM t", 1);
  }
  Passes("rows", "SELECT id FROM shop.orders WHERE CAST(right(note, 1) AS INTEGER) > 4 LIMIT 3", 3);
}

TEST_F(Smoke, FiguresAboutManyPeopleLeave) {
  Passes("figures", "SELECT count(*) FROM shop.customers", 1);
  Passes("figures", "SELECT region, count(*), avg(points) FROM shop.customers GROUP BY region", 3);
  Passes("figures",
         "SELECT kind, sum(amount) AS s FROM shop.orders JOIN shop.products USING (product) GROUP "
         "BY kind HAVING s > 5 ORDER BY s DESC",
         2);
  Passes("figures",
         "SELECT region, count(DISTINCT o.person) FROM shop.orders o JOIN shop.customers c ON "
         "o.person = c.person WHERE c.points > 3 GROUP BY ALL",
         3);
}

}  // namespace
}  // namespace candour::door
