#include "intake/adopt.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "intake/dataset_version.h"
#include "intake/test_home.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;
using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;
using catalogue::Source;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kOrders =
    "card,item,quantity,price,day,kind,receipt\n"
    "C2,tea,1,2.50,2017-08-04,a,r1\n"
    "C1,milk,2,0.99,2017-08-05,b,r2\n"
    "C2,bread,,,,,r3\n";

TEST(AdoptTest, WritesRowsInTheContractsTypesOrderedByRecord) {
  TestHome home;
  home.Write("orders.csv", kOrders);
  const auto report = home.Adopt(OrdersContract());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->version, 1);
  EXPECT_EQ(report->rows, 3);
  EXPECT_EQ(report->people_records, 2);
  EXPECT_THAT(report->quarantined, IsEmpty());
  // Keys get their numbers in their own order, so C1 is record 1 wherever it stands in the source.
  EXPECT_THAT(home.Rows("shop.orders", "FROM rows.main.rows"),
              ElementsAre("1|C1|milk|2|0.99|2017-08-05|b|r2", "2|C2|tea|1|2.50|2017-08-04|a|r1",
                          "2|C2|bread|||||r3"));
  EXPECT_THAT(home.Rows("shop.orders",
                        "SELECT column_name, column_type FROM (DESCRIBE "
                        "rows.main.rows) LIMIT 5"),
              ElementsAre("_record|UINTEGER", "card|VARCHAR", "item|VARCHAR", "quantity|INTEGER",
                          "price|DECIMAL(18,2)"));
  const auto version = LoadCurrent(home.state(), "shop.orders");
  ASSERT_TRUE(version);
  EXPECT_EQ(version->rows, 3);
  EXPECT_EQ(version->people_records, 2);
  EXPECT_EQ(version->adopted_at, home.clock().Now());
  EXPECT_EQ(version->source, "sources/orders.csv");
  EXPECT_EQ(version->present->Count(), 2U);
  EXPECT_TRUE(version->present->Contains(1) && version->present->Contains(2));
  EXPECT_THAT(home.Files("shop.orders"),
              ElementsAre("current", "v000001.duckdb", "v000001.key", "v000001.present",
                          "v000001.quarantine.duckdb"));
}

TEST(AdoptTest, EveryKindOfBreachGoesToQuarantineWithItsFirstReason) {
  TestHome home;
  home.Write("orders.csv",
             "card,item,quantity,price,day,kind,receipt\n"
             "C1,tea,1,2.50,2017-08-04,a,r1\n"
             ",tea,1,2.50,2017-08-04,a,r2\n"      // no key: required comes first
             "C1,,one,2.50,2017-08-04,a,r3\n"     // two breaches: the first counts
             "C1,tea,1.7,2.50,2017-08-04,a,r4\n"  // not rounded to 2
             "C1,tea,1,cheap,2017-08-04,a,r5\n"   //
             "C1,tea,1,2.50,2017-02-30,a,r6\n"    // no such day
             "C1,tea,1,2.50,infinity,a,r7\n"      // no day
             "C1,tea,1,2.50,2017-08-04,c,r8\n"    //
             "C3,tea,1,2.50,2017-08-04,b,r1\n"    // repeats the first row
             "C4,tea,9999999999,2.50,2017-08-04,b,r9\n"
             "   ,tea,1,2.50,2017-08-04,b,r10\n");  // a key of blanks is none
  const auto report = home.Adopt(OrdersContract());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->rows, 1);
  EXPECT_EQ(report->people_records, 1);
  EXPECT_THAT(
      report->quarantined,
      ElementsAre(QuarantineCount{"type: day", 2}, QuarantineCount{"type: quantity", 2},
                  QuarantineCount{"person: card", 1}, QuarantineCount{"required: card", 1},
                  QuarantineCount{"required: item", 1}, QuarantineCount{"type: price", 1},
                  QuarantineCount{"unique: receipt", 1}, QuarantineCount{"value: kind", 1}));
  EXPECT_THAT(home.Rows("shop.orders",
                        "SELECT _source_row, _reason, quantity FROM quarantine.main.quarantine "
                        "WHERE _source_row < 5"),
              ElementsAre("2|required: card|1", "3|required: item|one", "4|type: quantity|1.7"));
  // A row that is not kept gives nobody a number.
  EXPECT_EQ(home.people().Find({"shop.card", "C3"}).value(), 0U);
}

TEST(AdoptTest, ARowThatRepeatsAQuarantinedOneIsKept) {
  TestHome home;
  home.Write("orders.csv",
             "card,item,quantity,price,day,kind,receipt\n"
             "C1,tea,x,2.50,2017-08-04,a,r1\n"
             "C2,tea,1,2.50,2017-08-04,a,r1\n"
             "C3,tea,1,2.50,2017-08-04,a,\n"
             "C3,tea,1,2.50,2017-08-04,a,\n");
  const auto report = home.Adopt(OrdersContract());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->rows, 3);
  EXPECT_THAT(report->quarantined, ElementsAre(QuarantineCount{"type: quantity", 1}));
}

TEST(AdoptTest, AFieldNamedReasonDoesNotHideTheReason) {
  TestHome home;
  Dataset dataset;
  dataset.name = "care.complaints";
  dataset.fields = {Field{.name = "reason", .required = true}, Field{.name = "source_row"}};
  dataset.source = {.kind = Source::Kind::kCsv, .location = "sources/complaints.csv"};
  home.Write("complaints.csv", "Reason,Source Row,rowid\nlate,7,99\n,8,99\n");
  const auto report = home.Adopt(dataset);
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_THAT(report->ignored_columns, ElementsAre("rowid"));
  EXPECT_THAT(home.Rows("care.complaints", "FROM rows.main.rows"), ElementsAre("late|7"));
  EXPECT_THAT(home.Rows("care.complaints", "FROM quarantine.main.quarantine"),
              ElementsAre("required: reason|2||8"));
}

TEST(AdoptTest, ColumnsThatTheContractDoesNotNameAreNotTaken) {
  TestHome home;
  home.Write("orders.csv",
             "diagnosis,card,item,quantity,price,day,kind,receipt,note\n"
             "SECRET,C1,tea,one,2.50,2017-08-04,a,r1,\n"
             "SECRET,C1,tea,1,2.50,2017-08-04,a,r2,\n");
  const auto report = home.Adopt(OrdersContract());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_THAT(report->ignored_columns, ElementsAre("diagnosis", "note"));
  for (const std::string& name : home.Files("shop.orders")) {
    EXPECT_THAT(ReadWhole(VersionFolder(home.state(), "shop.orders") / name),
                Not(HasSubstr("SECRET")))
        << name;
  }
}

TEST(AdoptTest, ReadsParquetAndJsonAsItReadsCsv) {
  const std::vector<std::string> expected = {
      "1|C1|milk|2|0.99|2017-08-05|b|r2", "2|C2|tea|1|2.50|2017-08-04|a|r1", "2|C2|bread|||||r3"};
  TestHome home;
  home.Write("orders.csv", kOrders);
  const std::string select =
      "SELECT * FROM read_csv('" + (home.dir() / "sources" / "orders.csv").string() + "')";
  home.WriteByEngine("orders.parquet", select, "parquet");
  home.WriteByEngine("lines.json", select, "json");
  home.WriteByEngine("array.json", select, "json, ARRAY true");
  Dataset dataset = OrdersContract();
  for (const auto& [kind, file] : {std::pair{Source::Kind::kParquet, "sources/orders.parquet"},
                                   {Source::Kind::kJson, "sources/lines.json"},
                                   {Source::Kind::kJson, "sources/array.json"}}) {
    dataset.source = {.kind = kind, .location = file};
    const auto report = home.Adopt(dataset);
    ASSERT_TRUE(report) << file << report.error().ToString();
    EXPECT_EQ(home.Rows("shop.orders", "FROM rows.main.rows"), expected) << file;
  }
}

TEST(AdoptTest, ReadsCsvAsSpreadsheetsAndDatabasesWriteIt) {
  TestHome home;
  // A byte order mark, CRLF, quoted line breaks, doubled quotes, a header with capitals and blanks,
  // no line break at the end.
  home.Write("orders.csv",
             "\xef\xbb\xbf\"Card\",ITEM,Quantity,price,day,kind,receipt\r\n"
             "C1,\"tea, \"\"green\"\"\r\nloose\",,,,,\"\"\r\n"
             "C1,caf\xc3\xa9,,,,,");
  const auto report = home.Adopt(OrdersContract());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_THAT(home.Rows("shop.orders", "SELECT item FROM rows.main.rows"),
              ElementsAre("tea, \"green\"\r\nloose", "caf\xc3\xa9"));
}

TEST(AdoptTest, TakesKeysInTheFieldsOwnTypeSoThatAFloatIsTheSamePerson) {
  TestHome home;
  Dataset dataset = OrdersContract();
  dataset.fields[0].type = FieldType::kInteger;
  home.Write("orders.csv",
             "card,item,quantity,price,day,kind,receipt\n"
             "17850,tea,,,,,\n17850.0,milk,,,,,\n 17850,bread,,,,,\n");
  const auto report = home.Adopt(dataset);
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->rows, 3);
  EXPECT_EQ(report->people_records, 1);
  EXPECT_EQ(home.people().Find({"shop.card", "17850"}).value(), 1U);
}

TEST(AdoptTest, AdoptingAgainKeepsRecordNumbersAndSwapsThePointer) {
  TestHome home;
  home.Write("orders.csv", kOrders);
  ASSERT_TRUE(home.Adopt(OrdersContract()));
  home.Write("orders.csv",
             "card,item,quantity,price,day,kind,receipt\n"
             "C0,jam,,,,,\nC2,tea,,,,,\n");
  const auto second = home.Adopt(OrdersContract());
  ASSERT_TRUE(second) << second.error().ToString();
  EXPECT_EQ(second->version, 2);
  EXPECT_THAT(home.Rows("shop.orders", "SELECT _record, card FROM rows.main.rows"),
              ElementsAre("2|C2", "3|C0"));
  const auto version = LoadCurrent(home.state(), "shop.orders");
  ASSERT_TRUE(version);
  EXPECT_FALSE(version->present->Contains(1));
  // Those who read the version before may finish; the next adopt takes it away.
  EXPECT_THAT(home.Files("shop.orders"), testing::Contains("v000001.duckdb"));
  ASSERT_TRUE(home.Adopt(OrdersContract()));
  EXPECT_THAT(home.Files("shop.orders"),
              ElementsAre("current", "v000002.duckdb", "v000002.key", "v000002.present",
                          "v000002.quarantine.duckdb", "v000003.duckdb", "v000003.key",
                          "v000003.present", "v000003.quarantine.duckdb"));
}

TEST(AdoptTest, ProgressRisesFromNothingToAll) {
  TestHome home;
  home.Write("orders.csv", kOrders);
  const Dataset dataset = OrdersContract();
  std::vector<double> seen;
  ASSERT_TRUE(Adopt({.dataset = dataset,
                     .state_dir = home.state(),
                     .home_dir = home.dir(),
                     .allowed_sources = {"sources"},
                     .people = home.people(),
                     .key_encryption_key = home.key(),
                     .clock = home.clock(),
                     .progress = [&seen](double done) { seen.push_back(done); }}));
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_EQ(seen.front(), 0);
  EXPECT_EQ(seen.back(), 1);
}

TEST(AdoptTest, RefusesNamesThatAreOurs) {
  TestHome home;
  home.Write("orders.csv", kOrders);
  Dataset dataset = OrdersContract();
  dataset.fields[1].name = "_record";
  EXPECT_EQ(home.Adopt(dataset).error().code, ErrorCode::kDeclarationInvalid);
  dataset = OrdersContract();
  dataset.name = "../orders";
  EXPECT_EQ(home.Adopt(dataset).error().code, ErrorCode::kDeclarationInvalid);
  dataset = OrdersContract();
  dataset.person_key->field = "nobody";
  EXPECT_EQ(home.Adopt(dataset).error().code, ErrorCode::kDeclarationUnknownName);
}

TEST(AdoptTest, CleansUpWhatACrashLeft) {
  TestHome home;
  home.Write("orders.csv", kOrders);
  ASSERT_TRUE(home.Adopt(OrdersContract()));
  const fs::path folder = VersionFolder(home.state(), "shop.orders");
  const std::string pointer = ReadWhole(folder / "current");
  // Killed after the register was committed and before the pointer was swapped.
  home.Write("orders.csv", std::string(kOrders) + "C9,salt,,,,,\n");
  ASSERT_TRUE(home.Adopt(OrdersContract()));
  WriteWhole(folder / "current", pointer);
  // Killed while it read the source.
  WriteWhole(folder / "staging.duckdb", "half a file");
  WriteWhole(folder / "staging.duckdb.wal", "half a log");
  fs::create_directories(folder / "spill");
  ASSERT_EQ(LoadCurrent(home.state(), "shop.orders")->number, 1);

  const auto again = home.Adopt(OrdersContract());
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->version, 2);
  EXPECT_THAT(home.Rows("shop.orders",
                        "SELECT DISTINCT _record, card FROM rows.main.rows "
                        "ORDER BY ALL"),
              ElementsAre("1|C1", "2|C2", "3|C9"));
  EXPECT_THAT(home.Files("shop.orders"), Not(testing::Contains(HasSubstr("staging"))));
  EXPECT_FALSE(fs::exists(folder / "spill"));
}

}  // namespace
}  // namespace candour::intake
