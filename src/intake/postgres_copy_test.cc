#include "intake/postgres_copy.h"

#include <gmock/gmock.h>
#include <libpq-fe.h>

#include <cstdlib>

#include "intake/test_home.h"

namespace candour::intake {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;
using catalogue::Source;
using testing::ElementsAre;

/// Needs CANDOUR_TEST_POSTGRES: a connection string with host=localhost whose user may make tables.
class PostgresCopyTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* location = std::getenv("CANDOUR_TEST_POSTGRES");
    if (location == nullptr) GTEST_SKIP() << "CANDOUR_TEST_POSTGRES names no server to test with";
    location_ = location;
    connection_ = PQconnectdb(location);
    Execute("DROP TABLE IF EXISTS public.candour_orders");
    Execute(
        "CREATE TABLE public.candour_orders (secret text, \"Card\" char(6), item text, "
        "bought timestamptz, price numeric, gift boolean)");
    Execute(
        "INSERT INTO public.candour_orders VALUES "
        "('x', 'C2', E'tea, \"green\"\\nloose', '2017-08-04 10:00+01', 2.5, true), "
        "('x', 'C1', NULL, NULL, 'NaN', false), ('x', NULL, 'jam', NULL, NULL, NULL)");
  }

  void TearDown() override {
    if (connection_ == nullptr) return;
    Execute("DROP TABLE IF EXISTS public.candour_orders");
    PQfinish(connection_);
  }

  void Execute(const char* sql) {
    PGresult* result = PQexec(connection_, sql);
    EXPECT_EQ(PQresultStatus(result), PGRES_COMMAND_OK) << PQerrorMessage(connection_);
    PQclear(result);
  }

  Dataset Contract() const {
    Dataset dataset;
    dataset.name = "shop.orders";
    dataset.person_key = catalogue::PersonKey{.field = "card", .key_space = "shop.card"};
    dataset.fields = {Field{.name = "card"}, Field{.name = "item"},
                      Field{.name = "bought", .type = FieldType::kTimestamp},
                      Field{.name = "price", .type = FieldType::kDecimal},
                      Field{.name = "gift", .type = FieldType::kBoolean}};
    dataset.source = {
        .kind = Source::Kind::kPostgres, .location = location_, .table = "public.candour_orders"};
    return dataset;
  }

  Result<AdoptReport> AdoptFromServer(const Dataset& dataset) {
    return Adopt({.dataset = dataset,
                  .state_dir = home_.state(),
                  .home_dir = home_.dir(),
                  .allowed_sources = {"postgresql:localhost"},
                  .people = home_.people(),
                  .key_encryption_key = home_.key(),
                  .clock = home_.clock()});
  }

  TestHome home_;
  std::string location_;
  PGconn* connection_ = nullptr;
};

TEST_F(PostgresCopyTest, AdoptsATableAndTakesOnlyDeclaredColumns) {
  const auto report = AdoptFromServer(Contract());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_THAT(report->ignored_columns, ElementsAre("secret"));
  EXPECT_THAT(report->quarantined,
              ElementsAre(QuarantineCount{"person: card", 1}, QuarantineCount{"type: price", 1}));
  EXPECT_THAT(home_.Rows("shop.orders",
                         "SELECT _record, item, bought, price, gift FROM "
                         "rows.main.rows"),
              ElementsAre("1|tea, \"green\"\nloose|2017-08-04 09:00:00|2.50|true"));
  // The blanks that char(6) adds are no part of the key.
  EXPECT_EQ(home_.people().Find({"shop.card", "C2"}).value(), 1U);
  EXPECT_THAT(home_.Files("shop.orders"), testing::SizeIs(4));
}

TEST_F(PostgresCopyTest, AMissingTableOrFieldIsRefused) {
  Dataset dataset = Contract();
  dataset.source.table = "public.nothing";
  EXPECT_EQ(AdoptFromServer(dataset).error().code, ErrorCode::kDataInvalid);
  dataset = Contract();
  dataset.fields.push_back(Field{.name = "absent"});
  EXPECT_EQ(AdoptFromServer(dataset).error().code, ErrorCode::kDataInvalid);
  dataset = Contract();
  dataset.source.location += " port=1";
  EXPECT_EQ(AdoptFromServer(dataset).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace candour::intake
