// Links between key spaces, and row categories from a look-up.

#include <gmock/gmock.h>

#include "intake/adopt.h"
#include "intake/dataset_version.h"
#include "intake/test_home.h"

namespace candour::intake {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using catalogue::Source;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Dataset HouseholdsContract() {
  Dataset dataset;
  dataset.name = "food.households";
  dataset.person_key = catalogue::PersonKey{.field = "card", .key_space = "food.card"};
  dataset.fields = {Field{.name = "card", .required = true},
                    Field{.name = "member", .identifies = "members.number"}};
  dataset.source = {.kind = Source::Kind::kCsv, .location = "sources/households.csv"};
  return dataset;
}

/// The records of the person that a key stands for.
std::vector<RecordNo> RecordsOf(TestHome& home, const people::Identity& identity) {
  const auto record = home.people().Find(identity);
  const auto map = home.people().Map();
  EXPECT_TRUE(record && map);
  return (*map)->records_of[(*map)->PersonOf(*record)];
}

TEST(AdoptPeopleTest, AFieldThatIdentifiesMakesOnePersonOfTwoRecords) {
  TestHome home;
  home.Write("households.csv", "card,member\nK1,M7\nK2,\nK3,M8\nK4,M7\n");
  const auto report = home.Adopt(HouseholdsContract());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->people_records, 4);
  EXPECT_EQ(report->links, 3);
  // K1 to K4 are the records 1 to 4; M7 and M8 follow.
  EXPECT_THAT(RecordsOf(home, {"members.number", "M7"}), ElementsAre(1, 4, 5));
  EXPECT_THAT(RecordsOf(home, {"food.card", "K2"}), ElementsAre(2));
  // The linked records are known to the register, but this dataset holds no rows of theirs.
  const auto version = LoadCurrent(home.state(), "food.households");
  EXPECT_FALSE(version->present->Contains(5));
}

TEST(AdoptPeopleTest, ASplitStaysWhenTheSameLinkIsDeclaredAgain) {
  TestHome home;
  home.Write("households.csv", "card,member\nK1,M1\nK2,M2\n");
  ASSERT_TRUE(home.Adopt(HouseholdsContract()));
  const RecordNo member = home.people().Find({"members.number", "M1"}).value();
  ASSERT_TRUE(home.people().Split({member}, "steward", home.clock().Now()));

  home.Write("households.csv", "card,member\nK1,M1\nK2,M2\nK3,M2\n");
  const auto report = home.Adopt(HouseholdsContract());
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->links, 1);
  EXPECT_THAT(RecordsOf(home, {"members.number", "M1"}), ElementsAre(member));
  EXPECT_THAT(RecordsOf(home, {"members.number", "M2"}), SizeIs(3));
}

TEST(AdoptPeopleTest, AFieldThatIdentifiesOnlyNowLinksOldRowsToo) {
  TestHome home;
  home.Write("households.csv", "card,member\nK1,M1\n");
  Dataset dataset = HouseholdsContract();
  dataset.fields[1].identifies.clear();
  ASSERT_EQ(home.Adopt(dataset)->links, 0);
  EXPECT_EQ(home.Adopt(HouseholdsContract())->links, 1);
  EXPECT_THAT(RecordsOf(home, {"members.number", "M1"}), SizeIs(2));
}

TEST(AdoptPeopleTest, DatasetsOfOneKeySpaceShareTheirRecords) {
  TestHome home;
  home.Write("households.csv", "card,member\nK1,\n");
  ASSERT_TRUE(home.Adopt(HouseholdsContract()));
  Dataset baskets = HouseholdsContract();
  baskets.name = "food.baskets";
  ASSERT_TRUE(home.Adopt(baskets));
  EXPECT_THAT(home.Rows("food.baskets", "SELECT _record FROM rows.main.rows"), ElementsAre("1"));
}

Dataset ProductsContract() {
  Dataset dataset;
  dataset.name = "food.products";
  dataset.fields = {Field{.name = "product", .type = catalogue::FieldType::kInteger},
                    Field{.name = "sensitive"}};
  dataset.source = {.kind = Source::Kind::kCsv, .location = "sources/products.csv"};
  return dataset;
}

Dataset BasketsContract() {
  Dataset dataset;
  dataset.name = "food.baskets";
  dataset.person_key = catalogue::PersonKey{.field = "card", .key_space = "food.card"};
  dataset.row_category = catalogue::RowCategory{.field = "product",
                                                .lookup_dataset = "food.products",
                                                .lookup_key = "product",
                                                .lookup_category = "sensitive"};
  dataset.fields = {Field{.name = "card", .required = true},
                    Field{.name = "product", .type = catalogue::FieldType::kBigint}};
  dataset.source = {.kind = Source::Kind::kCsv, .location = "sources/baskets.csv"};
  return dataset;
}

TEST(AdoptPeopleTest, ARowTakesItsCategoryFromTheLookUpAndAnUnknownKeyIsUnclassified) {
  TestHome home;
  home.Write("products.csv", "product,sensitive\n1,\n2,pd:Health\n");
  home.Write("baskets.csv", "card,product\nK1,1\nK1,2\nK1,3\nK1,\n");
  const Dataset products = ProductsContract();
  const Dataset baskets = BasketsContract();

  const auto too_early = home.Adopt(baskets, &products);
  ASSERT_FALSE(too_early);
  EXPECT_EQ(too_early.error().code, ErrorCode::kDatasetEmpty);
  EXPECT_THAT(too_early.error().next, HasSubstr("candour adopt food.products"));

  ASSERT_TRUE(home.Adopt(products));
  const auto report = home.Adopt(baskets, &products);
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->rows, 4);
  EXPECT_THAT(
      home.Rows("food.baskets", "SELECT _record, _category, product FROM rows.main.rows"),
      ElementsAre("1||1", "1|pd:Health|2", "1|candour:unclassified|3", "1|candour:unclassified|"));
}

TEST(AdoptPeopleTest, ALookUpThatContradictsItselfIsRefused) {
  TestHome home;
  home.Write("products.csv", "product,sensitive\n2,\n2,pd:Health\n");
  home.Write("baskets.csv", "card,product\nK1,2\n");
  const Dataset products = ProductsContract();
  const Dataset baskets = BasketsContract();
  ASSERT_TRUE(home.Adopt(products));
  EXPECT_EQ(home.Adopt(baskets, &products).error().code, ErrorCode::kDataInvalid);
  EXPECT_EQ(home.Adopt(baskets).error().code, ErrorCode::kDeclarationUnknownName);
}

TEST(AdoptPeopleTest, ADatasetWithoutPeopleHasNoRecordColumn) {
  TestHome home;
  home.Write("products.csv", "product,sensitive\n9,\n1,\n");
  const auto report = home.Adopt(ProductsContract());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->people_records, 0);
  EXPECT_THAT(home.Rows("food.products", "FROM rows.main.rows"), ElementsAre("9|", "1|"));
  EXPECT_EQ(LoadCurrent(home.state(), "food.products")->present->Count(), 0U);
}

}  // namespace
}  // namespace candour::intake
