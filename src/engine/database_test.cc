#include "engine/database.h"

#include <gmock/gmock.h>

#include <unistd.h>

#include <filesystem>

namespace candour::engine {
namespace {

using testing::ElementsAre;

Database OpenOrDie() {
  auto database = Database::Open();
  EXPECT_TRUE(database) << database.error().ToString();
  return *std::move(database);
}

std::vector<std::string> FirstRow(Database& database, std::string_view sql) {
  auto table = database.Query(sql);
  EXPECT_TRUE(table) << table.error().ToString();
  std::vector<std::string> texts;
  if (table && !table->rows.empty()) {
    for (const Value& value : table->rows[0]) texts.push_back(ToText(value));
  }
  return texts;
}

TEST(DatabaseTest, ReadsEveryTypeAContractCanDeclare) {
  Database database = OpenOrDie();
  EXPECT_THAT(FirstRow(database,
                       "SELECT true, 1::INTEGER, -5000000000, 1.5::DOUBLE, -0.05::DECIMAL(18,2), "
                       "'text', DATE '2017-08-04', TIMESTAMP '2017-08-04 09:30:00', NULL::VARCHAR"),
              ElementsAre("true", "1", "-5000000000", "1.5", "-0.05", "text", "2017-08-04",
                          "2017-08-04 09:30:00", ""));
}

TEST(DatabaseTest, RefusesATypeItDoesNotKnow) {
  Database database = OpenOrDie();
  auto table = database.Query("SELECT [1, 2]");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, ErrorCode::kUnsupported);
}

TEST(DatabaseTest, LockEndsFilesAndSettingsForGood) {
  Database database = OpenOrDie();
  ASSERT_TRUE(database.Lock());
  EXPECT_FALSE(database.Run("SELECT * FROM read_csv('/etc/passwd')"));
  EXPECT_FALSE(database.Run("COPY (SELECT 1) TO '/tmp/candour-should-not-exist.csv'"));
  EXPECT_FALSE(database.Run("SET enable_external_access=true"));
  EXPECT_FALSE(database.Run("SET threads=1"));
  EXPECT_FALSE(database.Run("ATTACH '/tmp/candour-should-not-exist.duckdb' AS other"));
  EXPECT_FALSE(database.Run("LOAD httpfs"));
  EXPECT_FALSE(std::filesystem::exists("/tmp/candour-should-not-exist.csv"));
}

TEST(DatabaseTest, AttachedFilesStayReadableAfterTheLock) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("candour_engine_" + std::to_string(getpid()) + ".duckdb");
  std::filesystem::remove(file);
  {
    Database writer = OpenOrDie();
    ASSERT_TRUE(writer.AttachNew(file, "version"));
    ASSERT_TRUE(writer.Run("CREATE TABLE version.main.rows AS SELECT 7 AS seven"));
    ASSERT_TRUE(writer.Detach("version"));
  }
  Database reader = OpenOrDie();
  ASSERT_TRUE(reader.AttachReadOnly(file, "d1"));
  ASSERT_TRUE(reader.Lock());
  EXPECT_THAT(FirstRow(reader, "SELECT seven FROM d1.main.rows"), ElementsAre("7"));
  EXPECT_FALSE(reader.Run("INSERT INTO d1.main.rows VALUES (8)"));
  std::filesystem::remove(file);
}

TEST(DatabaseTest, MembershipAnswersFromTheSetAndNeverForNull) {
  Database database = OpenOrDie();
  auto set = std::make_shared<Bitmap>(1000);
  set->Add(3);
  set->Add(64);
  ASSERT_TRUE(database.AddMembership("permitted", set));
  EXPECT_THAT(FirstRow(database,
                       "SELECT list_sum(list(CASE WHEN permitted(i::UINTEGER) THEN i ELSE 0 END))"
                       "::BIGINT FROM range(5000) t(i)"),
              ElementsAre("67"));
  EXPECT_THAT(FirstRow(database, "SELECT permitted(NULL), permitted(4294967295)"),
              ElementsAre("false", "false"));
}

TEST(DatabaseTest, PeopleCountsDifferentPeopleUpToTheLimit) {
  Database database = OpenOrDie();
  // Records 1 to 99: each three in a row are one person.
  auto person_of = std::make_shared<std::vector<PersonNo>>(100);
  for (size_t r = 1; r < person_of->size(); ++r) {
    (*person_of)[r] = static_cast<PersonNo>(1 + r / 3);
  }
  ASSERT_TRUE(database.AddPeople("people", person_of, 5));
  EXPECT_THAT(FirstRow(database, "SELECT len(people(i::UINTEGER, true)) FROM range(1,100) t(i)"),
              ElementsAre("5"));
  EXPECT_THAT(FirstRow(database, "SELECT len(people(i::UINTEGER, true)) FROM range(3,9) t(i)"),
              ElementsAre("2"));
  EXPECT_THAT(FirstRow(database, "SELECT len(people(i::UINTEGER, i=3)) FROM range(3,9) t(i)"),
              ElementsAre("1"));
  EXPECT_THAT(
      FirstRow(database,
               "SELECT string_agg(n, ' ' ORDER BY g) FROM (SELECT i // 30 AS g, "
               "len(people(i::UINTEGER, true))::VARCHAR AS n FROM range(1,95) t(i) GROUP BY g)"),
      ElementsAre("5 5 5 2"));
}

TEST(DatabaseTest, StreamStopsWhenTheSinkSaysSo) {
  Database database = OpenOrDie();
  int seen = 0;
  const Status status = database.Stream(
      "SELECT i FROM range(100000) t(i)", [](const auto&) -> Status { return {}; },
      [&seen](const auto&) -> Status {
        if (++seen == 10) return Fail(ErrorCode::kExhausted, "enough");
        return {};
      });
  EXPECT_FALSE(status);
  EXPECT_EQ(seen, 10);
}

TEST(DatabaseTest, StreamReportsAnErrorThatComesLate) {
  Database database = OpenOrDie();
  const Status status = database.Stream(
      "SELECT CASE WHEN i = 90000 THEN CAST('x' || i AS INTEGER) ELSE 0 END FROM range(100000) "
      "t(i)",
      [](const auto&) -> Status { return {}; }, [](const auto&) -> Status { return {}; });
  EXPECT_FALSE(status);
}

}  // namespace
}  // namespace candour::engine
