#include "governed/script.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace candour::governed {
namespace {

Error WrongIn(std::string_view text) {
  const auto script = ParseScript(text, "x.governed");
  EXPECT_FALSE(script);
  return script ? Error{} : script.error();
}

TEST(Script, KeepsTheLinesOfAQueryAndOfItsAnswer) {
  const auto script = ParseScript(
      "# a comment\nhome small\nas marketer use offers\nquery SELECT a,\n    b\nexpect\n1 | x\n"
      "# not a comment here\n----\n",
      "x.governed");
  ASSERT_TRUE(script) << script.error().ToString();
  ASSERT_EQ(script->steps.size(), 4U);
  EXPECT_EQ(script->steps[2].text, "SELECT a,\n    b");
  EXPECT_EQ(script->steps[3].lines, (std::vector<std::string>{"1 | x", "# not a comment here"}));
  EXPECT_EQ(script->steps[3].line, 6);
}

TEST(Script, BuildsLongAndStrangeStatements) {
  const auto script =
      ParseScript("home small\nquery {{3*(}}1{{3*)}}{{zero}}\ndenied sql.syntax\n", "x.governed");
  ASSERT_TRUE(script) << script.error().ToString();
  EXPECT_EQ(script->steps[1].text, std::string("(((1)))\0", 8));
}

TEST(Script, SaysWhereAFileIsWrong) {
  EXPECT_EQ(WrongIn("home small\nqurey SELECT 1\n").where->ToString(), "x.governed:2");
  EXPECT_TRUE(WrongIn("home small\nqurey SELECT 1\n").expected.contains("query"));
  EXPECT_EQ(WrongIn("home small\nmerge ann\n").where->line, 2);
  EXPECT_EQ(WrongIn("home small\nquery SELECT {{many*x}}\nexpect\n----\n").where->line, 2);
  EXPECT_EQ(WrongIn("home small\nquery SELECT {{3*x\nexpect\n----\n").where->line, 2);
}

TEST(Script, RefusesAQueryThatNothingJudges) {
  EXPECT_EQ(WrongIn("home small\nquery SELECT 1\n").where->line, 2);
  EXPECT_EQ(WrongIn("home small\nquery SELECT 1\nquery SELECT 2\nexpect\n----\n").where->line, 2);
  EXPECT_EQ(WrongIn("home small\nexpect\n----\n").where->line, 2);
}

TEST(Script, RefusesRowsWithoutAnEndAndAFileWithoutAHome) {
  EXPECT_EQ(WrongIn("home small\nquery SELECT 1\nexpect\n1\n").where->line, 3);
  EXPECT_EQ(WrongIn("as marketer use offers\n").where->line, 1);
  EXPECT_EQ(WrongIn("# nothing\n").message, "the file does nothing");
}

}  // namespace
}  // namespace candour::governed
