#include "property/query_grammar.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace candour::door {
namespace {

using Type = QueryColumn::Type;

/// The columns of a source as they are named behind its alias.
std::vector<QueryColumn> Behind(const std::string& alias, std::vector<QueryColumn> columns) {
  for (QueryColumn& column : columns) column.name = fmt::format("{}.{}", alias, column.name);
  return columns;
}

std::vector<QueryColumn> OfType(const std::vector<QueryColumn>& columns, Type type) {
  std::vector<QueryColumn> found;
  std::ranges::copy_if(columns, std::back_inserter(found),
                       [type](const QueryColumn& column) { return column.type == type; });
  return found;
}

}  // namespace

std::string QueryGrammar::Draw() {
  with_.clear();
  aliases_ = 0;
  std::string with;
  if (dice_.OneIn(4)) {
    QueryTable table = Query(1);
    with = fmt::format("WITH w AS ({}) ", table.sql);
    table.sql = "w";
    with_.push_back(std::move(table));
  }
  const QueryTable query = Query(2);
  return with + query.sql;
}

QueryTable QueryGrammar::Query(int depth) {
  return depth > 0 && dice_.OneIn(6) ? SetOperation(depth) : Select(depth);
}

std::string QueryGrammar::Constant(Type type) {
  switch (type) {
    case Type::kNumber:
      return dice_.OneIn(3) ? fmt::format("{}.5", dice_.Below(30))
                            : fmt::format("{}", dice_.Below(60) - 10);
    case Type::kDate:
      return fmt::format("DATE '20{:02}-0{}-01'", 18 + dice_.Below(6), 1 + dice_.Below(9));
    case Type::kMoment:
      return fmt::format("TIMESTAMP '20{:02}-0{}-01 12:00:00'", 18 + dice_.Below(6),
                         1 + dice_.Below(9));
    case Type::kBoolean:
      return dice_.OneIn(2) ? "true" : "false";
    default:
      return dice_.Pick<std::string>({"'north'", "'p1'", "'web'", "'t1'", "'CO2'", "'n2'", "'20'"});
  }
}

std::string QueryGrammar::Comparison(const Columns& scope) {
  const QueryColumn& column = dice_.Pick(scope);
  if (column.type == Type::kPerson) {
    return fmt::format("{} = {}", column.name, dice_.Pick(OfType(scope, Type::kPerson)).name);
  }
  const std::string op = dice_.Pick<std::string>({"=", "<", ">", "<=", "<>", ">="});
  switch (dice_.Below(8)) {
    case 0:
      return fmt::format("{} IS {}NULL", column.name, dice_.OneIn(2) ? "" : "NOT ");
    case 1:
      return fmt::format("{} IN ({}, {})", column.name, Constant(column.type),
                         Constant(column.type));
    case 2:
      return fmt::format("{} BETWEEN {} AND {}", column.name, Constant(column.type),
                         Constant(column.type));
    case 3:
      return fmt::format("{} {} {}", column.name, op, dice_.Pick(OfType(scope, column.type)).name);
    case 4:
      if (column.type == Type::kText) {
        return fmt::format("{} LIKE '%{}%'", column.name, dice_.Below(5));
      }
      if (column.type == Type::kNumber) return fmt::format("{} * 2 + 1 > 20", column.name);
      return fmt::format("coalesce({}, {}) {} {}", column.name, Constant(column.type), op,
                         Constant(column.type));
    default:
      return fmt::format("{} {} {}", column.name, op, Constant(column.type));
  }
}

std::string QueryGrammar::Condition(const Columns& scope, int depth) {
  if (depth > 0 && dice_.OneIn(2)) {
    const std::string left = Condition(scope, depth - 1);
    const std::string right = Condition(scope, depth - 1);
    switch (dice_.Below(4)) {
      case 0:
        return fmt::format("({} OR {})", left, right);
      case 1:
        return fmt::format("NOT ({})", left);
      default:
        return fmt::format("{} AND {}", left, right);
    }
  }
  return Comparison(scope);
}

QueryColumn QueryGrammar::Expression(const Columns& scope, int depth) {
  const QueryColumn column = dice_.Pick(scope);
  if (depth == 0 || dice_.OneIn(2) || column.type == Type::kPerson) return column;
  QueryColumn made{.type = column.type, .width = -1};
  switch (column.type) {
    case Type::kNumber:
      made.name = dice_.Pick<std::string>(
          {fmt::format("{} + 1", column.name), fmt::format("abs({})", column.name),
           fmt::format("CASE WHEN {} > 10 THEN {} ELSE 0 END", column.name, column.name)});
      return made;
    case Type::kText:
      made.name = dice_.Pick<std::string>({fmt::format("upper({})", column.name),
                                           fmt::format("coalesce({}, 'none')", column.name),
                                           fmt::format("left({}, 2)", column.name)});
      return made;
    case Type::kDate:
      made = {.type = Type::kNumber, .name = fmt::format("year({})", column.name), .width = -1};
      return made;
    default:
      made = {.type = Type::kBoolean, .name = fmt::format("{} IS NULL", column.name), .width = -1};
      return made;
  }
}

QueryColumn QueryGrammar::Window(const Columns& scope) {
  const std::string key = dice_.Pick(scope).name;
  const std::string by = dice_.OneIn(2) ? fmt::format("PARTITION BY {}", key) : "";
  const QueryColumn& column = dice_.Pick(scope);
  if (column.type == Type::kPerson || dice_.OneIn(3)) {
    return {.type = Type::kNumber, .name = fmt::format("count(*) OVER ({})", by), .width = 64};
  }
  return {.type = Type::kNumber,
          .name = fmt::format("rank() OVER ({} ORDER BY {})", by, column.name),
          .width = 64};
}

std::string QueryGrammar::Source(int depth, Columns& scope) {
  const std::string alias = NextAlias();
  if (depth > 0 && dice_.OneIn(3)) {
    const QueryTable query = Query(depth - 1);
    scope = Behind(alias, query.columns);
    return fmt::format("({}) {}", query.sql, alias);
  }
  const QueryTable& table = !with_.empty() && dice_.OneIn(2) ? with_.front() : dice_.Pick(tables_);
  scope = Behind(alias, table.columns);
  return fmt::format("{} {}", table.sql, alias);
}

std::string QueryGrammar::JoinCondition(const Columns& left, const Columns& right) {
  std::vector<std::string> equalities;
  for (const QueryColumn& a : left) {
    for (const QueryColumn& b : right) {
      const bool same = a.type == b.type && a.type != Type::kNumber && a.type != Type::kBoolean;
      if (!same) continue;
      equalities.push_back(fmt::format("{} = {}", a.name, b.name));
      if (a.type == Type::kPerson) {
        for (int i = 0; i < 8; ++i) equalities.push_back(equalities.back());
      }
    }
  }
  if (equalities.empty()) return "";
  std::string condition = dice_.Pick(equalities);
  if (dice_.OneIn(3)) condition += " AND " + Comparison(dice_.OneIn(2) ? left : right);
  return condition;
}

std::string QueryGrammar::From(int depth, Columns& scope) {
  std::string from = Source(depth, scope);
  if (!dice_.OneIn(3)) return from;
  Columns right;
  const std::string source = Source(0, right);
  const std::string condition = JoinCondition(scope, right);
  if (condition.empty()) return from;
  const std::string kind = dice_.Pick<std::string>(
      {"JOIN", "JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN"});
  from = fmt::format("{} {} {} ON {}", from, kind, source, condition);
  if (kind != "SEMI JOIN" && kind != "ANTI JOIN")
    scope.insert(scope.end(), right.begin(), right.end());
  return from;
}

std::string QueryGrammar::Subquery(const Columns& scope) {
  const std::string alias = NextAlias();
  const QueryTable& table = dice_.Pick(tables_);
  const Columns inner = Behind(alias, table.columns);
  std::vector<std::string> choices;
  for (const QueryColumn& a : scope) {
    for (const QueryColumn& b : inner) {
      if (a.type != b.type || a.width != b.width) continue;
      choices.push_back(fmt::format("{} {}IN (SELECT {} FROM {} {} WHERE {})", a.name,
                                    dice_.OneIn(3) ? "NOT " : "", b.name, table.sql, alias,
                                    Condition(inner, 1)));
      choices.push_back(fmt::format("{}EXISTS (SELECT 1 FROM {} {} WHERE {} = {} AND {})",
                                    dice_.OneIn(3) ? "NOT " : "", table.sql, alias, b.name, a.name,
                                    Comparison(inner)));
    }
  }
  return choices.empty() ? "true" : dice_.Pick(choices);
}

QueryTable QueryGrammar::Grouped(const std::string& from, const Columns& scope) {
  QueryTable query;
  std::vector<std::string> list;
  std::vector<std::string> keys;
  const auto add = [&](const std::string& sql, QueryColumn column) {
    column.name = fmt::format("c{}", query.columns.size());
    list.push_back(fmt::format("{} AS {}", sql, column.name));
    query.columns.push_back(std::move(column));
  };
  for (int i = dice_.Below(3); i > 0; --i) {
    const QueryColumn key = Expression(scope, 1);
    keys.push_back(key.name);
    add(key.name, key);
  }
  for (int i = 1 + dice_.Below(2); i > 0; --i) {
    const QueryColumn& column = dice_.Pick(scope);
    const std::string filter =
        dice_.OneIn(4) ? fmt::format(" FILTER (WHERE {})", Comparison(scope)) : "";
    if (column.type == Type::kNumber && dice_.OneIn(2)) {
      const std::string name = dice_.Pick<std::string>({"sum", "avg"});
      add(fmt::format("{}({}){}", name, column.name, filter), {.type = Type::kNumber, .width = -1});
    } else if (column.type == Type::kPerson || dice_.OneIn(2)) {
      const std::string distinct = dice_.OneIn(2) ? "DISTINCT " : "";
      add(fmt::format("count({}{}){}", distinct, column.name, filter),
          {.type = Type::kNumber, .width = 64});
    } else {
      const std::string name = dice_.OneIn(2) ? "min" : "max";
      add(fmt::format("{}({}){}", name, column.name, filter), column);
    }
  }
  query.sql = fmt::format("SELECT {} FROM {}", fmt::join(list, ", "), from);
  if (!keys.empty()) query.sql += fmt::format(" GROUP BY {}", fmt::join(keys, ", "));
  if (dice_.OneIn(4)) query.sql += fmt::format(" HAVING count(*) > {}", dice_.Below(4));
  return query;
}

std::string QueryGrammar::Order(std::size_t columns) {
  std::string order;
  for (std::size_t i = 1; i <= columns; ++i) {
    order += fmt::format("{}{}{}", order.empty() ? " ORDER BY " : ", ", i,
                         dice_.OneIn(3) ? " DESC" : "");
  }
  return order;
}

QueryTable QueryGrammar::Select(int depth) {
  Columns scope;
  std::string from = From(depth, scope);
  if (dice_.OneIn(3)) {
    from += fmt::format(" WHERE {}", Condition(scope, 2));
    if (dice_.OneIn(4)) from += fmt::format(" AND {}", Subquery(scope));
  } else if (dice_.OneIn(6)) {
    from += fmt::format(" WHERE {}", Subquery(scope));
  }
  if (dice_.OneIn(4)) return Grouped(from, scope);
  QueryTable query;
  std::vector<std::string> list;
  for (int i = 1 + dice_.Below(3); i > 0; --i) {
    QueryColumn column = dice_.OneIn(10) ? Window(scope) : Expression(scope, 1);
    const std::string name = fmt::format("c{}", query.columns.size());
    list.push_back(fmt::format("{} AS {}", column.name, name));
    column.name = name;
    query.columns.push_back(std::move(column));
  }
  query.sql = fmt::format("SELECT {}{} FROM {}", dice_.OneIn(6) ? "DISTINCT " : "",
                          fmt::join(list, ", "), from);
  if (dice_.OneIn(4)) {
    query.sql += Order(list.size());
    if (dice_.OneIn(2)) query.sql += fmt::format(" LIMIT {}", 1 + dice_.Below(12));
  }
  return query;
}

QueryTable QueryGrammar::SetOperation(int depth) {
  QueryTable left = Select(depth - 1);
  for (int attempt = 0; attempt < 20; ++attempt) {
    const QueryTable right = Select(depth - 1);
    const bool fits = std::ranges::equal(
        left.columns, right.columns, [](const QueryColumn& a, const QueryColumn& b) {
          return a.type == b.type && a.width == b.width && a.width >= 0;
        });
    if (!fits) continue;
    const std::string operation =
        dice_.Pick<std::string>({"UNION ALL", "UNION", "EXCEPT", "INTERSECT", "UNION ALL"});
    left.sql = fmt::format("({}) {} ({})", left.sql, operation, right.sql);
    for (QueryColumn& column : left.columns) column.width = -1;
    break;
  }
  return left;
}

}  // namespace candour::door
