#include "disclosure/protect.h"

#include <gmock/gmock.h>

#include "disclosure/test_cells.h"

namespace candour::disclosure {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const FigureColumn kSum{.additive = true};
const FigureColumn kPeopleCount{.counts_people = true};
const FigureColumn kMean{};

TEST(PublishTest, ACellOfThresholdPeopleShowsAndOneFewerDoesNot) {
  EXPECT_THAT(PublishedRows(Shape({true}, {kSum}, 3), {{{"a"}, {{10, People(1, 3)}}},
                                                       {{"b"}, {{20, People(4, 2)}}},
                                                       {{"c"}, {{30, People(6, 2)}}}}),
              ElementsAre(ElementsAre("a", "10", ""), ElementsAre("b", "", "small"),
                          ElementsAre("c", "", "small")));
}

TEST(PublishTest, ALoneSmallCellIsCoveredByTheSmallestOther) {
  EXPECT_THAT(PublishedRows(Shape({true}, {kSum}, 3), {{{"a"}, {{-90, People(1, 3)}}},
                                                       {{"b"}, {{20, People(4, 2)}}},
                                                       {{"c"}, {{-7, People(6, 3)}}}}),
              ElementsAre(ElementsAre("a", "-90", ""), ElementsAre("b", "", "small"),
                          ElementsAre("c", "", "complement")));
}

TEST(PublishTest, TwoSmallCellsOfTheSamePeopleStillNeedCover) {
  EXPECT_THAT(PublishedRows(Shape({true}, {kSum}, 3), {{{"a"}, {{10, People(1, 3)}}},
                                                       {{"b"}, {{20, People(4, 2)}}},
                                                       {{"c"}, {{30, People(4, 2)}}}}),
              ElementsAre(ElementsAre("a", "", "complement"), ElementsAre("b", "", "small"),
                          ElementsAre("c", "", "small")));
}

TEST(PublishTest, EqualCandidatesAreTakenByKey) {
  EXPECT_THAT(PublishedRows(Shape({true}, {kSum}, 3), {{{"c"}, {{5, People(1, 3)}}},
                                                       {{"b"}, {{-5, People(1, 3)}}},
                                                       {{"a"}, {{1, People(4, 1)}}}}),
              ElementsAre(ElementsAre("a", "", "small"), ElementsAre("b", "", "complement"),
                          ElementsAre("c", "5", "")));
}

TEST(PublishTest, SecretKeysOfSmallCellsFoldIntoOneLastRow) {
  EXPECT_THAT(PublishedRows(Shape({false}, {kSum, kPeopleCount, kMean}, 3),
                            {{{"z"}, {{10, People(1, 2)}, {2, People(1, 2)}, {5, People(1, 2)}}},
                             {{"b"}, {{20, People(4, 4)}, {4, People(4, 4)}, {5, People(4, 4)}}},
                             {{"y"}, {{30, People(2, 2)}, {2, People(2, 2)}, {15, People(2, 2)}}}}),
              ElementsAre(ElementsAre("b", "20", "", "4", "", "5", ""),
                          // 1, 2 and 3 are three people, though the cells count four.
                          ElementsAre("", "40", "", "3", "", "", "small")));
}

TEST(PublishTest, AFoldedRowOfFewPeopleIsSmallAndCovered) {
  EXPECT_THAT(PublishedRows(Shape({false}, {kSum, kPeopleCount}, 3),
                            {{{"a"}, {{20, People(4, 4)}, {4, People(4, 4)}}},
                             {{"b"}, {{10, People(8, 5)}, {5, People(8, 5)}}},
                             {{"c"}, {{1, People(1, 2)}, {2, People(1, 2)}}},
                             {{"d"}, {{1, People(1, 2)}, {2, People(1, 2)}}}}),
              // The cell that covers the sum covers the count as well.
              ElementsAre(ElementsAre("a", "20", "", "4", ""),
                          ElementsAre("b", "", "complement", "", "complement"),
                          ElementsAre("", "", "small", "", "small")));
}

TEST(PublishTest, OneFigureWithEnoughPeopleShowsTheKeyButNotTheOtherFigure) {
  EXPECT_THAT(
      PublishedRows(Shape({false}, {kSum, kSum}, 2),
                    {{{"a"}, {{7, People(1, 2)}, {8, People(1, 1)}}},
                     {{"b"}, {{9, People(3, 2)}, {6, People(3, 1)}}}}),
      ElementsAre(ElementsAre("a", "7", "", "", "small"), ElementsAre("b", "9", "", "", "small")));
}

TEST(PublishTest, AKeyThatIsPublicOnlyInPartFolds) {
  EXPECT_THAT(PublishedRows(Shape({true, false}, {kSum}, 2),
                            {{{"a", "x"}, {{7, People(1, 1)}}}, {{"a", "y"}, {{8, People(2, 1)}}}}),
              ElementsAre(ElementsAre("", "", "15", "")));
}

TEST(PublishTest, WithoutKeysThereIsOneCellAndNothingToCoverIt) {
  EXPECT_THAT(PublishedRows(Shape({}, {kSum}, 2), {{{}, {{7, People(1, 1)}}}}),
              ElementsAre(ElementsAre("", "small")));
  EXPECT_THAT(PublishedRows(Shape({}, {kSum}, 2), {{{}, {{7, People(1, 2)}}}}),
              ElementsAre(ElementsAre("7", "")));
}

TEST(PublishTest, NoRowsGiveAnEmptyTableOfTheSameColumns) {
  engine::Database engine = OpenLocked();
  EXPECT_THAT(PublishedRows(engine, Shape({false}, {kSum}, 2), {}), IsEmpty());
  EXPECT_TRUE(engine.Query("SELECT \"key 0\", \"figure 0\", \"why 0\" FROM published"));
}

TEST(PublishTest, ZeroOfNobodyIsSmall) {
  EXPECT_THAT(
      PublishedRows(Shape({true}, {kSum}, 2), {{{"a"}, {{0, {}}}}, {{"b"}, {{std::nullopt, {}}}}}),
      ElementsAre(ElementsAre("a", "", "small"), ElementsAre("b", "", "small")));
}

TEST(PublishTest, ANullFigureOfEnoughPeopleStaysNullWithoutAReason) {
  EXPECT_THAT(PublishedRows(Shape({true}, {kMean}, 2), {{{"a"}, {{std::nullopt, People(1, 2)}}},
                                                        {{"b"}, {{3, People(1, 2)}}}}),
              ElementsAre(ElementsAre("a", "", ""), ElementsAre("b", "3", "")));
}

TEST(PublishTest, AGroupWhoseKeyIsNullStaysApartFromTheFoldedRow) {
  EXPECT_THAT(PublishedRows(Shape({false}, {kSum}, 2), {{{std::nullopt}, {{9, People(1, 2)}}},
                                                        {{"a"}, {{1, People(3, 1)}}},
                                                        {{"b"}, {{2, People(4, 1)}}}}),
              ElementsAre(ElementsAre("", "9", ""), ElementsAre("", "3", "")));
}

TEST(PublishTest, WithoutFiguresNothingSaysThatAKeyMayShow) {
  EXPECT_THAT(PublishedRows(Shape({false}, {}, 2), {{{"a"}, {}}, {{"b"}, {}}}),
              ElementsAre(ElementsAre("")));
  EXPECT_THAT(PublishedRows(Shape({true}, {}, 2), {{{"a"}, {}}, {{"b"}, {}}}),
              ElementsAre(ElementsAre("a"), ElementsAre("b")));
}

TEST(PublishTest, KeepsTheTypesOfKeysAndFigures) {
  engine::Database engine = OpenLocked();
  ASSERT_TRUE(engine.Run(
      "CREATE TABLE raw AS SELECT DATE '2017-08-04' + i::INTEGER AS \"key 0\", "
      "i AS \"key 1\", 1.50::DECIMAL(18,2) AS \"figure 0\", [i::UINTEGER] AS \"people 0\", "
      "0.25::DOUBLE AS \"figure 1\", [i::UINTEGER] AS \"people 1\", "
      "170141183460469231731687303715884105::HUGEINT AS \"figure 2\", [i::UINTEGER] AS "
      "\"people 2\" FROM range(1, 4) t(i)"));
  ASSERT_TRUE(Publish(engine, Shape({false, false}, {kSum, kSum, kSum}, 2)));
  EXPECT_THAT(RowsOf(engine, "published"),
              ElementsAre(ElementsAre("", "", "4.50", "", "0.75", "",
                                      "510423550381407695195061911147652315", "")));
  const auto table = engine.Query("FROM published");
  ASSERT_TRUE(table);
  std::vector<std::string> types;
  for (const engine::Column& column : table->columns) types.push_back(column.type);
  EXPECT_THAT(types, ElementsAre("DATE", "BIGINT", "DECIMAL(18,2)", "VARCHAR", "DOUBLE", "VARCHAR",
                                 "HUGEINT", "VARCHAR"));
}

TEST(PublishTest, OddNamesAreNames) {
  engine::Database engine = OpenLocked();
  ASSERT_TRUE(
      engine.Run("CREATE TABLE \"r\"\"; x\" (v0 VARCHAR, \"cell\" BIGINT, \"folds\" UINTEGER[])"));
  ASSERT_TRUE(engine.Run("INSERT INTO \"r\"\"; x\" VALUES ('a', 5, [1, 2]), ('b', 6, [1])"));
  const CellTable cells{.raw = "r\"; x",
                        .published = "p' \"q",
                        .keys = {{"v0", true}},
                        .figures = {{.name = "cell", .people = "folds", .companion = "k0\""}},
                        .threshold = 2};
  ASSERT_TRUE(Publish(engine, cells));
  EXPECT_THAT(RowsOf(engine, "p' \"q"),
              ElementsAre(ElementsAre("a", "", "complement"), ElementsAre("b", "", "small")));
}

std::vector<std::string> Tables(engine::Database& engine) {
  const auto table = engine.Query("SELECT table_name FROM duckdb_tables() ORDER BY 1");
  EXPECT_TRUE(table);
  std::vector<std::string> names;
  if (!table) return names;
  for (const auto& row : table->rows) names.push_back(engine::ToText(row[0]));
  return names;
}

TEST(PublishTest, LeavesNothingButThePublishedTable) {
  engine::Database engine = OpenLocked();
  PublishedRows(engine, Shape({true}, {kSum}, 2), {{{"a"}, {{1, People(1, 1)}}}});
  EXPECT_THAT(Tables(engine), ElementsAre("published"));
}

TEST(PublishTest, AFailureTellsNothingOfTheFiguresAndLeavesNone) {
  engine::Database engine = OpenLocked();
  // A figure that cannot be added up, in a row that folds.
  ASSERT_TRUE(
      engine.Run("CREATE TABLE raw AS SELECT 'k' || i AS \"key 0\", 'secret' AS \"figure 0\", "
                 "[i::UINTEGER] AS \"people 0\" FROM range(1, 4) t(i)"));
  const Status published = Publish(engine, Shape({false}, {kSum}, 2));
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, ErrorCode::kInternal);
  EXPECT_THAT(published.error().ToString(), Not(HasSubstr("secret")));
  EXPECT_THAT(Tables(engine), IsEmpty());
}

TEST(PublishTest, ASumThatMayNotShowIsNotMadeSoItsOverflowTellsNothing) {
  engine::Database engine = OpenLocked();
  ASSERT_TRUE(
      engine.Run("CREATE TABLE raw AS SELECT 'k' || i AS \"key 0\", "
                 "170141183460469231731687303715884105727::HUGEINT AS \"figure 0\", "
                 "[1::UINTEGER] AS \"people 0\" FROM range(1, 3) t(i)"));
  ASSERT_TRUE(Publish(engine, Shape({false}, {kSum}, 2)));
  EXPECT_THAT(RowsOf(engine, "published"), ElementsAre(ElementsAre("", "", "small")));
}

}  // namespace
}  // namespace candour::disclosure
