// The exact text that a condition becomes: what may stand beside the consent predicate, and what
// must stand behind it.

#include <gtest/gtest.h>

#include "gate/rewrite.h"
#include "gate/syntax.h"

namespace candour::gate {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;
using catalogue::Mask;

/// A use of one dataset `s.t` with people: n (integer), x (text), d (date), m (text, masked), and
/// of `s.pub` without people: k (integer).
class GuardTest : public testing::Test {
 protected:
  GuardTest() : engine_(*engine::Database::Open({.memory_mb = 512, .threads = 1})) {
    EXPECT_TRUE(engine_.Lock());
    people_.name = "s.t";
    people_.person_key = catalogue::PersonKey{.field = "n", .key_space = "s.n"};
    people_.fields = {Field{.name = "n", .type = FieldType::kInteger, .measure = true},
                      Field{.name = "x", .type = FieldType::kText, .groupable = true},
                      Field{.name = "d", .type = FieldType::kDate},
                      Field{.name = "m", .type = FieldType::kText, .mask = Mask::kPartial}};
    public_.name = "s.pub";
    public_.fields = {Field{.name = "k", .type = FieldType::kInteger}};
    use_.id = "u";
    decision_.use = &use_;
    decision_.datasets = {PlanOf(people_), PlanOf(public_)};
  }

  static policy::DatasetPlan PlanOf(const Dataset& dataset) {
    policy::DatasetPlan plan{.dataset = &dataset};
    for (const Field& field : dataset.fields) plan.columns.push_back({&field, field.mask});
    return plan;
  }

  /// The rewritten statement from its last WHERE on, or the error's code.
  std::string WhereOf(policy::Output output, const std::string& condition) {
    use_.output = output;
    const std::string sql = output == policy::Output::kRows
                                ? "SELECT x FROM s.t WHERE " + condition
                                : "SELECT count(*) FROM s.t WHERE " + condition;
    const auto tree = syntax_.Parse(sql);
    EXPECT_TRUE(tree) << tree.error().ToString();
    const auto plan = Rewrite(syntax_, sql, *tree, decision_);
    if (!plan) return std::string(InfoOf(plan.error().code).name);
    const std::string& text = output == policy::Output::kRows ? plan->sql : plan->stages[0].sql;
    const std::size_t end = output == policy::Output::kRows ? text.size() : text.rfind(") AS g_");
    const std::size_t from = text.find("AS r_1 WHERE ") + 13;
    return text.substr(from, end - from);
  }

  std::string Rows(const std::string& condition) {
    return WhereOf(policy::Output::kRows, condition);
  }
  std::string Figures(const std::string& condition) {
    return WhereOf(policy::Output::kAggregates, condition);
  }

  engine::Database engine_;
  Syntax syntax_{engine_};
  Dataset people_;
  Dataset public_;
  policy::Use use_;
  policy::Decision decision_;
};

constexpr const char* kFalse = " ELSE CAST('f' AS BOOLEAN) END";

TEST_F(GuardTest, ComparisonsThatCannotFailStandBeside) {
  EXPECT_EQ(Rows("n > 3"), "(r_1.c0 > 3)");
  EXPECT_EQ(Rows("3 < n"), "(3 < r_1.c0)");
  EXPECT_EQ(Rows("x = 'a'"), "(r_1.c1 = 'a')");
  EXPECT_EQ(Rows("n BETWEEN 1 AND 5"), "(r_1.c0 BETWEEN 1 AND 5)");
  EXPECT_EQ(Rows("n IN (1, 2)"), "(r_1.c0 IN (1, 2))");
  EXPECT_EQ(Rows("d IS NOT NULL"), "(r_1.c2 IS NOT NULL)");
  EXPECT_EQ(Rows("n = 1 OR x = 'a'"), "((r_1.c0 = 1) OR (r_1.c1 = 'a'))");
}

TEST_F(GuardTest, WhatCanFailOrConvertStandsBehind) {
  EXPECT_EQ(Rows("1 / n > 0"),
            std::string("CASE  WHEN (r_1.ok) THEN (((1 / r_1.c0) > 0))") + kFalse);
  // A number beside text would convert every text.
  EXPECT_EQ(Rows("x = 1"), std::string("CASE  WHEN (r_1.ok) THEN ((r_1.c1 = 1))") + kFalse);
  EXPECT_EQ(Rows("n = '1'"), std::string("CASE  WHEN (r_1.ok) THEN ((r_1.c0 = '1'))") + kFalse);
  EXPECT_EQ(Rows("n = x"), std::string("CASE  WHEN (r_1.ok) THEN ((r_1.c0 = r_1.c1))") + kFalse);
  // A masked column is an expression, not the field.
  EXPECT_TRUE(Rows("m = 'a***'").starts_with("CASE  WHEN (r_1.ok)"));
}

TEST_F(GuardTest, HarmlessConditionsAreAskedAgainBehind) {
  EXPECT_EQ(Rows("n > 3 AND CAST(x AS INTEGER) = 1"),
            std::string("((r_1.c0 > 3) AND CASE  WHEN ((r_1.ok AND (r_1.c0 > 3))) THEN "
                        "((CAST(r_1.c1 AS INTEGER) = 1))") +
                kFalse + ")");
}

TEST_F(GuardTest, OneHarmfulPartPutsTheWholeAlternativeBehind) {
  EXPECT_TRUE(Rows("n > 3 OR CAST(x AS INTEGER) = 1").starts_with("CASE  WHEN (r_1.ok)"));
  EXPECT_TRUE(Rows("NOT (CAST(x AS INTEGER) = 1)").starts_with("CASE  WHEN (r_1.ok)"));
}

TEST_F(GuardTest, InFiguresAnErrorIsNull) {
  EXPECT_EQ(Figures("n > 3"), "(r_1.c0 > 3)");
  EXPECT_EQ(Figures("1 / n > 0"),
            std::string("CASE  WHEN (r_1.ok) THEN (TRY(((1 / r_1.c0) > 0)))") + kFalse);
}

TEST_F(GuardTest, AConstantConditionIsUnderTheGuardOfTheRows) {
  // It is computed only where there is a row: its failing would tell of one.
  EXPECT_EQ(Figures("1 // 0 = 1"),
            std::string("CASE  WHEN (r_1.ok) THEN (TRY(((1 // 0) = 1)))") + kFalse);
}

TEST_F(GuardTest, ASubqueryBesideSomethingThatFailsDoesNotPassInFigures) {
  EXPECT_EQ(Figures("CAST(x AS INTEGER) > (SELECT count(*) FROM s.pub)"), "denied.aggregate");
  EXPECT_NE(Figures("n > (SELECT count(*) FROM s.pub)"), "denied.aggregate");
}

}  // namespace
}  // namespace candour::gate
