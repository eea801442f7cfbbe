#include "gate/syntax.h"

#include <gtest/gtest.h>

namespace candour::gate {
namespace {

class SyntaxTest : public testing::Test {
 protected:
  SyntaxTest() : engine_(*engine::Database::Open({.memory_mb = 512, .threads = 1})) {
    EXPECT_TRUE(engine_.Lock());
  }

  Error ErrorOf(std::string_view sql) {
    const auto tree = syntax_.Parse(sql);
    EXPECT_FALSE(tree) << sql;
    return tree ? Error{} : tree.error();
  }

  /// The text of `sql` after it has been read and written.
  std::string AgainText(std::string_view sql) {
    const auto tree = syntax_.Parse(sql);
    EXPECT_TRUE(tree) << tree.error().ToString();
    const auto text = tree ? syntax_.Print(*tree) : std::string();
    EXPECT_TRUE(text) << sql;
    return text.value_or("");
  }

  engine::Database engine_;
  Syntax syntax_{engine_};
};

TEST_F(SyntaxTest, PointsAtTheMistake) {
  const Error error = ErrorOf("SELECT a\nFROM t WHERE WHERE");
  EXPECT_EQ(error.code, ErrorCode::kSqlSyntax);
  ASSERT_TRUE(error.where);
  EXPECT_EQ(error.where->file, "SQL");
  EXPECT_EQ(error.where->line, 2);
}

TEST_F(SyntaxTest, TakesExactlyOneSelect) {
  EXPECT_EQ(ErrorOf("").code, ErrorCode::kSqlSyntax);
  EXPECT_EQ(ErrorOf("SELECT 1; SELECT 2").code, ErrorCode::kSqlSyntax);
  EXPECT_EQ(ErrorOf("DROP TABLE t").code, ErrorCode::kDeniedConstruct);
  EXPECT_EQ(ErrorOf("SELECT ?").code, ErrorCode::kDeniedConstruct);
  EXPECT_TRUE(syntax_.Parse("SELECT 1;"));
}

TEST_F(SyntaxTest, LimitsTheText) {
  std::string text = "SELECT '";
  text.append(kMaxSqlBytes, 'x');
  EXPECT_EQ(ErrorOf(text).code, ErrorCode::kSqlSyntax);
  EXPECT_EQ(ErrorOf(std::string("SELECT 1\0", 9)).code, ErrorCode::kSqlSyntax);
  std::string deep = "SELECT true";
  for (int i = 0; i < 5000; ++i) deep.insert(7, "NOT ");
  const Error error = ErrorOf(deep);
  EXPECT_EQ(error.code, ErrorCode::kSqlSyntax);
  EXPECT_FALSE(error.message.contains("SET")) << "no advice that cannot be followed";
  std::string wide = "SELECT 1";
  for (int i = 0; i < 5000; ++i) wide += ", 1";
  EXPECT_EQ(ErrorOf(wide).message, "the statement has too many parts");
}

TEST_F(SyntaxTest, WritesWhatItRead) {
  for (const std::string_view sql :
       {"SELECT a, b AS \"odd name\" FROM s.t WHERE (a > 3) ORDER BY b DESC NULLS LAST LIMIT 5",
        "WITH c AS (SELECT 1 AS x) SELECT x FROM c UNION ALL SELECT 2",
        "SELECT count(*) FILTER (WHERE a LIKE 'it''s%'), sum(DISTINCT b) FROM t GROUP BY c",
        "SELECT CASE WHEN a IN (1, 2) THEN TRY_CAST(b AS DECIMAL(18,2)) END FROM t",
        "SELECT rank() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) "
        "FROM t"}) {
    const std::string once = AgainText(sql);
    EXPECT_EQ(AgainText(once), once);
  }
}

TEST_F(SyntaxTest, RefusesATreeThatWouldReadBackOtherwise) {
  auto tree = syntax_.Parse("SELECT a FROM t");
  ASSERT_TRUE(tree);
  (*tree)["select_list"][0]["column_names"] = Json::array({"a", "b", "c", "d", "e", "f"});
  (*tree)["select_list"][0]["class"] = "no such class";
  const auto text = syntax_.Print(*tree);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::kDeniedConstruct);
}

TEST_F(SyntaxTest, FindsTheLineAndColumnOfANode) {
  const std::string sql = "SELECT\n  first,\n  second FROM t";
  const auto tree = syntax_.Parse(sql);
  ASSERT_TRUE(tree);
  const Where where = PlaceOf(sql, tree->at("select_list")[1]);
  EXPECT_EQ(where.line, 3);
  EXPECT_EQ(where.column, 3);
  EXPECT_EQ(PlaceOf(sql, Json::object()).line, 0);
}

}  // namespace
}  // namespace candour::gate
