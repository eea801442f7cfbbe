// SELECT, set operations, WITH, ORDER BY, LIMIT and DISTINCT.

#include <fmt/format.h>

#include "gate/rewriter.h"

namespace candour::gate {
namespace {

/// A name for a column that the user did not name, as the engine would write it.
std::string NameOf(const Json& raw) {
  if (const std::string alias = raw.value("alias", ""); !alias.empty()) return alias;
  if (raw.at("class") == "COLUMN_REF") return raw.at("column_names").back().get<std::string>();
  if (raw.at("class") != "FUNCTION" && raw.at("class") != "WINDOW") return "";
  const std::string name = raw.at("function_name").get<std::string>();
  if (name == "count_star") return "count(*)";
  std::string arguments;
  for (const Json& child : raw.at("children")) {
    const std::string argument = NameOf(child);
    arguments += (arguments.empty() ? "" : ", ") + (argument.empty() ? "…" : argument);
  }
  const bool distinct = raw.value("distinct", false) && !arguments.empty();
  return fmt::format("{}({}{})", name, distinct ? "DISTINCT " : "", arguments);
}

/// The position that ORDER BY 2 or GROUP BY 2 means, from 0; nothing for other expressions.
std::optional<std::size_t> PositionOf(const Json& raw, std::size_t columns) {
  if (raw.at("class") != "CONSTANT" || raw.at("value").at("is_null").get<bool>()) return {};
  const Json& value = raw.at("value").at("value");
  if (!value.is_number_integer()) return {};
  const auto position = value.get<std::int64_t>();
  if (position < 1 || position > static_cast<std::int64_t>(columns)) return {};
  return static_cast<std::size_t>(position - 1);
}

}  // namespace

Result<Query> Rewriter::BindQuery(const Json& node, const Ctes& ctes, const Shape& shape) {
  if (++depth_ > 100) {
    return Refuse(ErrorCode::kDeniedConstruct, node, "queries are nested too deeply");
  }
  const std::string type = node.at("type").get<std::string>();
  Result<Query> query = type == "SELECT_NODE"          ? BindSelect(node, ctes, shape)
                        : type == "SET_OPERATION_NODE" ? BindSetOperation(node, ctes, shape)
                                                       : Refuse(ErrorCode::kDeniedConstruct, node,
                                                                "this kind of query does not pass");
  --depth_;
  return query;
}

Result<Rewriter::Ctes> Rewriter::BindCtes(const Json& node, Ctes ctes, Scope* outer) {
  for (const Json& entry : node.at("cte_map").at("map")) {
    const Json& info = entry.at("value");
    CANDOUR_TRY(CheckShape(info, {"query", "materialized"}));
    CANDOUR_ASSIGN(Query query, BindQuery(info.at("query").at("node"), ctes, {.outer = outer}));
    if (query.correlated) {
      return Refuse(ErrorCode::kDeniedConstruct, node,
                    "a WITH query cannot use columns of the query around it");
    }
    cte_queries_.push_back(std::move(query));
    ctes[tree::Lower(entry.at("key").get<std::string>())] = &cte_queries_.back();
  }
  return ctes;
}

Kind Rewriter::KindOf(const Scope& scope) const {
  Kind kind = Kind::kPublic;
  for (const Relation& relation : scope.relations) {
    if (relation.kind == Kind::kMixed) return Kind::kMixed;
    if (relation.kind == Kind::kPersonRows) kind = Kind::kPersonRows;
  }
  return kind;
}

Result<std::vector<Json>> Rewriter::ExpandStars(const Json& list, Scope& scope) {
  std::vector<Json> items;
  for (const Json& raw : list) {
    if (raw.at("class") != "STAR") {
      items.push_back(raw);
      continue;
    }
    CANDOUR_TRY(CheckShape(raw, {"relation_name", "exclude_list"}));
    const std::string wanted = tree::Lower(raw.at("relation_name").get<std::string>());
    std::set<std::string> excluded;
    for (const Json& name : raw.at("exclude_list")) {
      if (!name.is_string()) {
        return Refuse(ErrorCode::kDeniedConstruct, raw, "EXCLUDE takes plain column names");
      }
      excluded.insert(tree::Lower(name.get<std::string>()));
    }
    bool any = false;
    for (const Relation& relation : scope.relations) {
      if (!wanted.empty() && relation.alias != wanted) continue;
      any = true;
      for (const Column& column : relation.columns) {
        const auto merged = scope.merged.find(column.name);
        const bool twice =
            wanted.empty() && merged != scope.merged.end() && merged->second != &column;
        const bool unasked = column.is_person && decision_.use->output == policy::Output::kRows;
        if (twice || unasked || excluded.contains(column.name)) continue;
        items.push_back(tree::Column(relation.alias, column.name));
      }
    }
    if (!any) {
      return Refuse(ErrorCode::kSqlUnknownTable, raw,
                    wanted.empty() ? "* needs a FROM clause"
                                   : fmt::format("there is no table {} here", wanted));
    }
  }
  if (items.empty()) {
    return Refuse(ErrorCode::kSqlUnknownColumn, list.at(0), "* stands for no column here",
                  "name the columns; where rows leave, person shows only when it is named");
  }
  return items;
}

Result<Json> Rewriter::BindWhere(const Json& condition, Scope& scope, const Ctes& ctes) {
  std::vector<Json> beside;
  std::vector<Bound> rest;
  for (const Json& part : tree::Conjuncts(condition)) {
    CANDOUR_ASSIGN(Bound bound, BindExpression(part, scope, ctes));
    if (IsPersonEquality(part, scope) && bound.relations.size() == 2) {
      scope.person_correlated |= std::ranges::any_of(bound.relations, [&](const Relation* used) {
        return std::ranges::none_of(scope.relations,
                                    [used](const Relation& own) { return &own == used; });
      });
    }
    CANDOUR_TRY(CheckPersonUse(part, bound));
    if (IsLeakProof(part, scope) || bound.cannot_fail) {
      beside.push_back(std::move(bound.node));
      continue;
    }
    GuardByScope(scope, 0, bound);
    CANDOUR_TRY(CheckGuard(part, bound));
    rest.push_back(std::move(bound));
  }
  std::vector<Json> all = beside;
  for (Bound& bound : rest) all.push_back(GuardCondition(std::move(bound), beside));
  return all.empty() ? Json() : tree::And(std::move(all));
}

Status Rewriter::AddItem(const Json& raw, Bound bound, const Scope& scope, const Shape& shape,
                         Query& query) {
  const std::size_t index = query.columns.size();
  CANDOUR_TRY(CheckGuard(raw, bound));
  const bool kept = bound.column != nullptr && !shape.masked && KindOf(scope) != Kind::kMixed;
  std::string name = NameOf(raw);
  if (name.empty()) name = fmt::format("column{}", index + 1);
  Column column{.name = tree::Lower(name),
                .label = name,
                .internal = fmt::format("c{}", index),
                .field = kept ? bound.column->field : nullptr,
                .type = kept ? bound.column->type : std::nullopt,
                .is_person = bound.is_person,
                .groupable = bound.groupable,
                .measure = bound.measure};
  std::vector<Json> companions = std::move(bound.companions);
  const bool person = bound.is_person;
  const bool wrap = !bound.trivial() || (shape.masked && !bound.constant);
  Json node = wrap ? Guard(std::move(bound)) : std::move(bound.node);
  if (person && shape.top) node = tree::Function(kPseudonymFunction, {std::move(node)});
  query.node["select_list"].push_back(tree::Aliased(std::move(node), column.internal));
  if (!companions.empty() && !shape.plain) {
    column.companion = fmt::format("q{}", index);
    hidden_.push_back(tree::Aliased(tree::Coalesce(std::move(companions)), column.companion));
  }
  query.columns.push_back(std::move(column));
  return {};
}

Status Rewriter::AddHidden(const Scope& scope, const Shape& shape, Query& query) {
  Json& list = query.node["select_list"];
  for (Json& item : hidden_) list.push_back(std::move(item));
  hidden_.clear();
  if (query.kind != Kind::kPersonRows || shape.masked) return {};
  std::set<const Relation*> people;
  const Relation* first = nullptr;
  for (const Relation& relation : scope.relations) {
    if (relation.kind != Kind::kPersonRows) continue;
    people.insert(&relation);
    if (first == nullptr || (first->nullable && !relation.nullable)) first = &relation;
  }
  list.push_back(tree::Aliased(tree::And(OkOf(people)), kOkColumn));
  list.push_back(tree::Aliased(tree::Column(first->internal, kPersonColumn), kPersonColumn));
  for (const Relation& relation : scope.relations) {
    for (const std::string& record : relation.records) {
      query.records.push_back(fmt::format("r{}", query.records.size()));
      list.push_back(tree::Aliased(tree::Column(relation.internal, record), query.records.back()));
    }
  }
  return {};
}

Result<Query> Rewriter::BindSelect(const Json& node, const Ctes& outer_ctes, const Shape& given) {
  CANDOUR_TRY(
      CheckShape(node, {"modifiers", "cte_map", "select_list", "from_table", "where_clause",
                        "group_expressions", "group_sets", "aggregate_handling", "having"}));
  CANDOUR_ASSIGN(const Ctes ctes, BindCtes(node, outer_ctes, given.outer));
  Scope scope{.outer = given.outer};
  CANDOUR_ASSIGN(Json from, BindFrom(node.at("from_table"), scope, ctes));
  CANDOUR_ASSIGN(std::vector<Json> items, ExpandStars(node.at("select_list"), scope));
  for (const Json& item : items) {
    const std::string alias = tree::Lower(item.value("alias", ""));
    if (!alias.empty()) scope.aliases.emplace(alias, item);
  }
  CANDOUR_ASSIGN(Json where, BindWhere(node.at("where_clause"), scope, ctes));

  const bool grouped =
      !node.at("group_expressions").empty() || !node.at("having").is_null() ||
      node.at("aggregate_handling") != "STANDARD_HANDLING" ||
      std::ranges::any_of(items, [&](const Json& item) { return HasAggregate(item); });
  if (grouped) {
    return BindGrouped(node, std::move(items), std::move(from), std::move(where), scope, ctes,
                       given);
  }

  Shape shape = given;
  Query query{.kind = KindOf(scope)};
  const bool distinct = std::ranges::any_of(node.at("modifiers"), [](const Json& modifier) {
    return modifier.at("type") == "DISTINCT_MODIFIER";
  });
  if (distinct && query.kind == Kind::kPersonRows) {
    if (aggregates()) {
      return Refuse(ErrorCode::kDeniedAggregate, node,
                    "DISTINCT over people's rows lists single values",
                    "GROUP BY and count instead");
    }
    query.kind = Kind::kMixed;
  }
  shape.masked |= query.kind == Kind::kMixed;
  if (shape.masked && query.kind == Kind::kPersonRows) query.kind = Kind::kMixed;
  shape.plain |= distinct;

  query.node = tree::Select({}, std::move(from), std::move(where));
  const std::vector<Json> outer_hidden = std::exchange(hidden_, {});
  for (const Json& item : items) {
    CANDOUR_ASSIGN(Bound bound, BindExpression(item, scope, ctes));
    CANDOUR_TRY(AddItem(item, std::move(bound), scope, shape, query));
  }
  CANDOUR_TRY(AddHidden(scope, shape, query));
  hidden_ = outer_hidden;
  const Bind bind = [&](const Json& raw) { return BindGuarded(raw, scope, ctes); };
  CANDOUR_TRY(BindModifiers(node, items, shape, bind, query));
  query.correlated = scope.uses_outer;
  query.person_correlated = scope.person_correlated;
  return query;
}

Result<Query> Rewriter::BindSetOperation(const Json& node, const Ctes& outer_ctes,
                                         const Shape& given) {
  CANDOUR_TRY(
      CheckShape(node, {"modifiers", "cte_map", "setop_type", "left", "right", "setop_all"}));
  CANDOUR_ASSIGN(const Ctes ctes, BindCtes(node, outer_ctes, given.outer));
  const bool all = node.at("setop_type") == "UNION" && node.at("setop_all").get<bool>();
  Shape shape = given;
  shape.plain = true;
  CANDOUR_ASSIGN(Query left, BindQuery(node.at("left"), ctes, shape));
  CANDOUR_ASSIGN(Query right, BindQuery(node.at("right"), ctes, shape));
  const bool people = left.kind != Kind::kPublic || right.kind != Kind::kPublic;
  const bool lined_up =
      all && left.kind == right.kind && left.records.size() == right.records.size();
  if (people && !lined_up) {
    if (aggregates()) {
      return Refuse(ErrorCode::kDeniedAggregate, node,
                    "only UNION ALL of people's rows of like kind passes in an aggregates use",
                    "group each side first");
    }
    // Put together, rows no longer say whose they are: their columns come out under the guard.
    shape.masked = true;
    CANDOUR_ASSIGN(left, BindQuery(node.at("left"), ctes, shape));
    CANDOUR_ASSIGN(right, BindQuery(node.at("right"), ctes, shape));
  }
  if (left.columns.size() != right.columns.size()) {
    return Refuse(ErrorCode::kSqlSyntax, node, "both sides must give the same number of columns");
  }
  Query query = std::move(left);
  if (shape.masked && people) query.kind = Kind::kMixed;
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    Column& column = query.columns[i];
    if (column.is_person != right.columns[i].is_person) {
      return Refuse(ErrorCode::kDeniedConstruct, node, "person can only be united with a person");
    }
    // Putting unlike types together converts values outside every guard, and may fail on one.
    const bool same_type =
        column.is_person || (column.type && column.type == right.columns[i].type);
    if (aggregates() && query.kind == Kind::kPersonRows && !same_type) {
      return Refuse(ErrorCode::kDeniedAggregate, node,
                    "UNION ALL of people's rows takes plain columns of the same type",
                    "unite the columns as they are, and compute with them outside");
    }
    if (!same_type) column.type.reset();
    if (column.field != right.columns[i].field) column.field = nullptr;
    column.groupable &= right.columns[i].groupable;
    column.measure &= right.columns[i].measure;
  }
  Json joined = node;
  joined.erase("query_location");
  joined["left"] = std::move(query.node);
  joined["right"] = std::move(right.node);
  joined["cte_map"] = {{"map", Json::array()}};
  joined["modifiers"] = Json::array();
  query.node = std::move(joined);
  query.correlated |= right.correlated;
  query.person_correlated &= right.person_correlated;
  const Bind bind = [&](const Json& raw) -> Result<Bound> {
    return Refuse(ErrorCode::kDeniedConstruct, raw,
                  "ORDER BY after a UNION takes column names or positions");
  };
  CANDOUR_TRY(BindModifiers(node, {}, shape, bind, query));
  return query;
}

Result<Json> Rewriter::BindOrder(const Json& order, const std::vector<Json>& items,
                                 const Shape& shape, const Bind& bind, const Query& query) {
  CANDOUR_TRY(CheckShape(order, {"type", "null_order", "expression"}));
  Json out = order;
  const Json& raw = order.at("expression");
  std::optional<std::size_t> item = PositionOf(raw, query.columns.size());
  for (std::size_t i = 0; !item && i < query.columns.size(); ++i) {
    const bool named =
        raw.at("class") == "COLUMN_REF" && raw.at("column_names").size() == 1 &&
        tree::Lower(raw.at("column_names")[0].get<std::string>()) == query.columns[i].name;
    const bool same = i < items.size() && tree::Stripped(items[i]) == tree::Stripped(raw);
    if (named || same) item = i;
  }
  if (item) {
    out["expression"] = tree::Output(query.columns[*item].internal);
    // The order of person numbers is the order of registration: not for others to see.
    if (query.columns[*item].is_person && !shape.top) {
      if (!query.node.contains("select_list")) {
        return Refuse(ErrorCode::kDeniedConstruct, raw,
                      "a UNION inside another query cannot be ordered by person",
                      "order the whole result instead");
      }
      Json person = query.node.at("select_list").at(*item);
      person["alias"] = "";
      out["expression"] = tree::Function(kPseudonymFunction, {std::move(person)});
    }
    return out;
  }
  CANDOUR_ASSIGN(Bound bound, bind(raw));
  if (bound.is_person) {
    bound.node = tree::Function(kPseudonymFunction, {std::move(bound.node)});
  }
  if (shape.masked && !bound.constant && bound.trivial()) bound.node = Guard(bound);
  out["expression"] = std::move(bound.node);
  return out;
}

Status Rewriter::BindModifiers(const Json& node, const std::vector<Json>& items, const Shape& shape,
                               const Bind& bind, Query& query) {
  for (const Json& modifier : node.at("modifiers")) {
    const std::string type = modifier.at("type").get<std::string>();
    Json out = modifier;
    if (type == "ORDER_MODIFIER") {
      CANDOUR_TRY(CheckShape(modifier, {"type", "orders"}));
      for (Json& order : out["orders"]) {
        CANDOUR_ASSIGN(order, BindOrder(order, items, shape, bind, query));
      }
    } else if (type == "LIMIT_MODIFIER") {
      CANDOUR_TRY(CheckShape(modifier, {"type", "limit", "offset"}));
      for (const char* key : {"limit", "offset"}) {
        if (out[key].is_null()) continue;
        const bool number = out[key].at("class") == "CONSTANT" &&
                            out[key].at("value").value("value", Json()).is_number_integer();
        if (!number) {
          return Refuse(ErrorCode::kDeniedConstruct, node, "LIMIT and OFFSET take whole numbers");
        }
      }
      if (aggregates() && query.kind != Kind::kPublic) {
        return Refuse(ErrorCode::kDeniedAggregate, node,
                      "LIMIT over people's rows picks single people",
                      "group first, and put LIMIT over the groups");
      }
    } else if (type == "DISTINCT_MODIFIER") {
      CANDOUR_TRY(CheckShape(modifier, {"type"}));
    } else {
      return Refuse(ErrorCode::kDeniedConstruct, node,
                    fmt::format("{} does not pass the door", tree::Lower(type)));
    }
    query.node["modifiers"].push_back(std::move(out));
  }
  return {};
}

}  // namespace candour::gate
