#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "property/random_shop.h"

namespace candour::door {

/// A column that a generated query can name, and what kind of value it holds.
struct QueryColumn {
  enum class Type { kText, kNumber, kDate, kMoment, kBoolean, kPerson } type = Type::kText;
  std::string name;
  int width = 0;  ///< tells number types apart, since IN and UNION ask for the same
};

/// A table or a query that others can be made of.
struct QueryTable {
  std::string sql;
  std::vector<QueryColumn> columns;
  bool people = false;
};

/// Draws queries over the tables of a use: joins, conditions, groups, windows, subqueries, WITH,
/// set operations, DISTINCT, ORDER BY and LIMIT.
///
/// The same text means the same to a plain engine over the naive tables. LIMIT comes only after a
/// total order, so that there is one right answer.
class QueryGrammar {
 public:
  QueryGrammar(Dice& dice, std::vector<QueryTable> tables)
      : dice_(dice), tables_(std::move(tables)) {}

  std::string Draw();

  /// A condition over the columns of `alias`, of kinds that fail on no value.
  std::string Condition(const std::vector<QueryColumn>& scope, int depth);

 private:
  using Columns = std::vector<QueryColumn>;

  QueryTable Query(int depth);
  QueryTable Select(int depth);
  QueryTable Grouped(const std::string& from, const Columns& scope);
  QueryTable SetOperation(int depth);
  std::string From(int depth, Columns& scope);
  std::string Source(int depth, Columns& scope);
  std::string JoinCondition(const Columns& left, const Columns& right);
  std::string Subquery(const Columns& scope);
  QueryColumn Expression(const Columns& scope, int depth);
  QueryColumn Window(const Columns& scope);
  std::string Comparison(const Columns& scope);
  std::string Constant(QueryColumn::Type type);
  std::string Order(std::size_t columns);
  std::string NextAlias() { return fmt::format("t{}", ++aliases_); }

  Dice& dice_;
  std::vector<QueryTable> tables_;
  std::vector<QueryTable> with_;
  int aliases_ = 0;
};

}  // namespace candour::door
