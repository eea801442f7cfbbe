// GROUP BY and aggregates.
//
// A grouped SELECT is taken apart into three levels: the rows (key expressions and arguments, under
// the guard), the groups (one figure a column), and what the user does with the figures (the select
// list, HAVING, ORDER BY, LIMIT). In an aggregates use the groups of people become a stage: they
// are computed and protected first, and the user's own expressions meet published figures only.

#include <fmt/format.h>

#include "gate/functions.h"
#include "gate/rewriter.h"

namespace candour::gate {
namespace {

/// Whether the value is a field's own whole number or decimal.
bool IsExact(const Bound& argument) {
  const catalogue::Field* field = argument.column == nullptr ? nullptr : argument.column->field;
  return field != nullptr && field->type != catalogue::FieldType::kDouble;
}

bool HasSubquery(const Json& raw) {
  if (raw.is_object() && raw.value("class", Json()) == "SUBQUERY") return true;
  return raw.is_structured() &&
         std::any_of(raw.begin(), raw.end(), [](const Json& child) { return HasSubquery(child); });
}

bool IsAggregateCall(const Json& raw) {
  if (raw.value("class", Json()) != "FUNCTION") return false;
  const FunctionKind kind = KindOfFunction(tree::Lower(raw.at("function_name").get<std::string>()));
  return kind == FunctionKind::kAggregate || kind == FunctionKind::kRowsAggregate;
}

Json NotZero(Json figure) {
  Json node = tree::Equal(std::move(figure), tree::Integer(0));
  node["type"] = "COMPARE_NOTEQUAL";
  return node;
}

}  // namespace

bool Rewriter::HasAggregate(const Json& raw) const {
  if (!raw.is_structured()) return false;
  if (raw.is_object()) {
    if (raw.value("class", Json()) == "SUBQUERY") return false;
    if (IsAggregateCall(raw)) return true;
  }
  return std::any_of(raw.begin(), raw.end(),
                     [this](const Json& child) { return HasAggregate(child); });
}

Status Rewriter::BindKeys(const Json& node, const std::vector<Json>& items, Grouping& grouping,
                          Scope& scope, const Ctes& ctes) {
  std::vector<Json> raws;
  if (node.at("aggregate_handling") == "FORCE_AGGREGATES") {
    for (const Json& item : items) {
      if (!HasAggregate(item)) raws.push_back(item);
    }
  }
  for (const Json& raw : node.at("group_expressions")) {
    const bool position =
        raw.at("class") == "CONSTANT" && raw.at("value").value("value", Json()).is_number_integer();
    if (!position) {
      raws.push_back(raw);
      continue;
    }
    const auto index = raw.at("value").at("value").get<std::int64_t>();
    if (index < 1 || index > static_cast<std::int64_t>(items.size())) {
      return Refuse(ErrorCode::kSqlSyntax, raw, "GROUP BY names a position that is not there");
    }
    raws.push_back(items[static_cast<std::size_t>(index - 1)]);
  }
  if (node.at("group_sets").size() > 1) {
    return Refuse(ErrorCode::kDeniedConstruct, node,
                  "GROUPING SETS, ROLLUP and CUBE do not pass the door",
                  "write one GROUP BY for each level");
  }
  for (const Json& raw : raws) {
    if (HasAggregate(raw)) {
      return Refuse(ErrorCode::kSqlSyntax, raw, "an aggregate cannot be a group key");
    }
    CANDOUR_ASSIGN(Bound key, BindGuarded(raw, scope, ctes));
    if (aggregates() && KindOf(scope) == Kind::kPersonRows && !key.is_person && !key.constant &&
        !key.groupable) {
      return Refuse(ErrorCode::kDeniedAggregate, raw,
                    "this group key is not a field that its contract marks groupable",
                    "candour describe shows which fields are groupable");
    }
    grouping.by_person |= key.is_person;
    const std::string internal = fmt::format("k{}", grouping.key_nodes.size());
    Column column{.internal = internal,
                  .field = key.column == nullptr ? nullptr : key.column->field,
                  .type = key.column == nullptr ? std::nullopt : key.column->type,
                  .is_person = key.is_person,
                  .groupable = key.groupable};
    const Json named = raw.at("class") == "COLUMN_REF" ? raw.at("column_names").back() : Json("");
    column.name = tree::Lower(named.get<std::string>());
    grouping.key_nodes.push_back(tree::Stripped(key.node));
    // Where rows may leave, a condition over the groups may be moved below them: so keys come
    // out under the guard.
    if (!aggregates() && key.column != nullptr) key.node = Guard(key);
    grouping.inner_list.push_back(tree::Aliased(std::move(key.node), internal));
    grouping.result->columns.push_back(std::move(column));
  }
  return {};
}

Result<Bound> Rewriter::BindOverGroups(const Json& raw, Grouping& grouping, const Ctes& ctes) {
  if (IsAggregateCall(raw)) return BindAggregate(raw, grouping, ctes);
  if (!HasAggregate(raw) && !HasSubquery(raw) && raw.at("class") != "CONSTANT" &&
      raw.at("class") != "WINDOW") {
    Grouping* const outer = std::exchange(grouping_, nullptr);
    const auto row_level = BindGuarded(raw, *grouping.rows, ctes);
    grouping_ = outer;
    if (row_level) {
      const auto key = std::ranges::find(grouping.key_nodes, tree::Stripped(row_level->node));
      if (key != grouping.key_nodes.end()) {
        const auto index = static_cast<std::size_t>(key - grouping.key_nodes.begin());
        return ColumnOf(*grouping.result, grouping.result->columns[index]);
      }
    }
    if (raw.at("class") == "COLUMN_REF") {
      const auto alias = grouping.scope.aliases.find(
          tree::Lower(raw.at("column_names").back().get<std::string>()));
      const bool is_alias = raw.at("column_names").size() == 1 &&
                            alias != grouping.scope.aliases.end() &&
                            tree::Stripped(alias->second) != tree::Stripped(raw);
      if (is_alias) return BindExpression(alias->second, grouping.scope, ctes);
      if (!row_level) return std::unexpected(row_level.error());
      return Refuse(ErrorCode::kSqlSyntax, raw,
                    fmt::format("{} must be in GROUP BY or inside an aggregate",
                                raw.at("column_names").back().get<std::string>()));
    }
  }
  return BindNode(raw, grouping.scope, ctes);
}

Result<Bound> Rewriter::BindAggregate(const Json& raw, Grouping& grouping, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(raw, {"function_name", "schema", "children", "filter", "distinct"}));
  const std::string name = tree::Lower(raw.at("function_name").get<std::string>());
  const bool distinct = raw.at("distinct").get<bool>();
  const std::string known = tree::Stripped(raw).dump();
  if (const auto it = grouping.known.find(known); it != grouping.known.end()) {
    for (const Column& column : grouping.result->columns) {
      if (column.internal == it->second) return ColumnOf(*grouping.result, column);
    }
  }
  if (aggregates() && grouping.barrier && KindOfFunction(name) == FunctionKind::kRowsAggregate) {
    return Refuse(ErrorCode::kDeniedAggregate, raw,
                  fmt::format("{} shows the value of a single row", name),
                  "count, sum, avg, variance and stddev are admitted");
  }
  const std::string figure = fmt::format("a{}", grouping.figure_list.size());
  Scope& rows = *grouping.rows;
  Grouping* const outer = std::exchange(grouping_, nullptr);
  Json call = tree::Function(name, {});
  call["schema"] = raw.at("schema");
  call["distinct"] = distinct;
  std::optional<Bound> argument;
  Json value;
  for (const Json& child : raw.at("children")) {
    CANDOUR_ASSIGN(Bound bound, BindGuarded(child, rows, ctes));
    if (bound.is_person && name != "count") CANDOUR_TRY(CheckPersonUse(child, bound));
    const std::string inner = fmt::format("x{}", grouping.inner_list.size());
    if (aggregates() && KindOf(rows) == Kind::kPersonRows) {
      bound.node = WithinBounds(name, bound);
    }
    if (bound.literal) {
      call["children"].push_back(bound.node);
    } else {
      call["children"].push_back(tree::Column(grouping.inner, inner));
      grouping.inner_list.push_back(tree::Aliased(bound.node, inner));
    }
    if (!argument) {
      value = call["children"][0];
      argument = std::move(bound);
    }
  }
  CANDOUR_ASSIGN(const Json filter, BindFigureFilter(raw.at("filter"), grouping, ctes));
  if (!filter.is_null()) call["filter"] = filter;
  grouping_ = outer;

  Column column{.internal = figure};
  const bool count = name == "count" || name == "count_star";
  column.measure = grouping.by_person && (count || (argument && argument->measure));
  if (grouping.barrier) {
    CANDOUR_TRY(CheckFigure(raw, name, distinct, argument ? &*argument : nullptr));
    call = Rounded(name, argument ? &*argument : nullptr, std::move(call));
    Json counts = name == "count_star" || (argument && argument->constant) ? tree::Boolean(true)
                  : count ? tree::Operator("OPERATOR_IS_NOT_NULL", {value})
                          : NotZero(value);
    if (!filter.is_null()) counts = tree::And({std::move(counts), filter});
    column.companion = AddFigure({.name = figure,
                                  .additive = (count && !distinct) || name == "sum",
                                  .counts_people = distinct},
                                 std::move(counts), grouping);
  }
  grouping.figure_list.push_back(tree::Aliased(std::move(call), figure));
  grouping.known.emplace(known, figure);
  grouping.result->columns.push_back(std::move(column));
  return ColumnOf(*grouping.result, grouping.result->columns.back());
}

Result<Json> Rewriter::BindFigureFilter(const Json& raw, Grouping& grouping, const Ctes& ctes) {
  if (raw.is_null()) return Json();
  CANDOUR_ASSIGN(Json condition, BindWhere(raw, *grouping.rows, ctes));
  const std::string inner = fmt::format("x{}", grouping.inner_list.size());
  grouping.inner_list.push_back(tree::Aliased(std::move(condition), inner));
  return tree::Column(grouping.inner, inner);
}

std::string Rewriter::AddFigure(disclosure::FigureColumn figure, Json counts, Grouping& grouping) {
  figure.people = fmt::format("n{}", grouping.figure_list.size());
  figure.companion = fmt::format("q{}", grouping.figure_list.size());
  grouping.people_list.push_back(tree::Aliased(
      tree::Function(kPeopleFunction, {tree::Column(grouping.inner, "r0"), std::move(counts)}),
      figure.people));
  grouping.figures.push_back(std::move(figure));
  return grouping.figures.back().companion;
}

Json Rewriter::WithinBounds(const std::string& name, const Bound& argument) const {
  static const std::set<std::string, std::less<>> kAddUp = {
      "sum",     "avg",    "mean",        "var_samp",  "variance",
      "var_pop", "stddev", "stddev_samp", "stddev_pop"};
  if (!kAddUp.contains(name)) return argument.node;
  // A field's own whole numbers and decimals add up in types that are wide enough. Anything else
  // could be scaled until a sum of few people's values fails, which would tell of them.
  if (IsExact(argument)) return argument.node;
  const Json number = tree::TryCast(argument.node, "DOUBLE");
  Json within = tree::Function("abs", {number});
  Json bound = tree::Equal(std::move(within), tree::Integer(1'000'000'000'000'000'000));
  bound["type"] = "COMPARE_LESSTHAN";
  return tree::Case(std::move(bound), number, tree::Null());
}

Json Rewriter::Rounded(const std::string& name, const Bound* argument, Json figure) {
  if (name == "count" || name == "count_star" || (name == "sum" && IsExact(*argument))) {
    return figure;
  }
  // The last digits vary from run to run, and with where hidden rows lie between the others; the
  // same question has the same answer without them. Totals keep pence up to a hundred million.
  const std::string_view digits = name == "sum" ? "%.10g" : "%.9g";
  return tree::TryCast(tree::Function("printf", {tree::Text(digits), std::move(figure)}), "DOUBLE");
}

Status Rewriter::CheckFigure(const Json& raw, const std::string& name, bool distinct,
                             const Bound* argument) const {
  if (name == "count_star") return {};
  if (argument == nullptr || raw.at("children").size() != 1) {
    return Refuse(ErrorCode::kSqlSyntax, raw, fmt::format("{} takes one argument", name));
  }
  if (distinct && !(name == "count" && argument->is_person)) {
    return Refuse(ErrorCode::kDeniedAggregate, raw,
                  "DISTINCT counts values, and a value can be one person's",
                  "count(DISTINCT person) counts people");
  }
  if (name == "count" || argument->measure) return {};
  return Refuse(ErrorCode::kDeniedAggregate, raw,
                fmt::format("{} takes a field that its contract declares as a measure, with "
                            "constants and arithmetic at most",
                            name),
                "candour describe shows which fields are measures");
}

Result<Json> Rewriter::CloseGroups(Grouping& grouping, Json from, Json where) {
  std::vector<Json> list;
  std::vector<Json> group_by;
  Json set = Json::array();
  for (std::size_t i = 0; i < grouping.key_nodes.size(); ++i) {
    const std::string key = fmt::format("k{}", i);
    list.push_back(tree::Aliased(tree::Column(grouping.inner, key), key));
    group_by.push_back(tree::Column(grouping.inner, key));
    set.push_back(i);
  }
  list.insert(list.end(), grouping.figure_list.begin(), grouping.figure_list.end());
  list.insert(list.end(), grouping.people_list.begin(), grouping.people_list.end());

  const Kind kind = KindOf(*grouping.rows);
  if (kind == Kind::kPersonRows) {
    for (const Relation& relation : grouping.rows->relations) {
      if (relation.kind != Kind::kPersonRows) continue;
      const auto hidden = [&](const std::string& column, const char* as) {
        grouping.inner_list.push_back(tree::Aliased(tree::Column(relation.internal, column), as));
      };
      hidden(relation.records[0], "r0");
      if (grouping.by_person) {
        hidden(kOkColumn, kOkColumn);
        hidden(kPersonColumn, kPersonColumn);
      }
      break;
    }
  }
  if (grouping.result->kind == Kind::kPersonRows) {
    // Groups of one person's rows are still that person's.
    const auto carry = [&](const char* function, const char* column) {
      list.push_back(
          tree::Aliased(tree::Function(function, {tree::Column(grouping.inner, column)}), column));
    };
    carry("bool_and", kOkColumn);
    carry("min", kPersonColumn);
    carry("min", "r0");
    grouping.result->records = {"r0"};
  }
  if (grouping.inner_list.empty()) {
    grouping.inner_list.push_back(tree::Aliased(tree::Integer(1), "x0"));
  }
  Json inner = tree::Select(grouping.inner_list, std::move(from), std::move(where));
  Json group =
      tree::Select(std::move(list), tree::SubqueryFrom(std::move(inner), grouping.inner), nullptr);
  if (!group_by.empty()) {
    group["group_expressions"] = std::move(group_by);
    group["group_sets"] = Json::array({std::move(set)});
  }
  if (grouping.barrier) return MakeStage(grouping, std::move(group), *grouping.rows);
  return tree::SubqueryFrom(std::move(group), grouping.result->internal);
}

Result<Json> Rewriter::MakeStage(Grouping& grouping, Json group_node, const Scope& rows) {
  if (rows.uses_outer) {
    return Refuse(ErrorCode::kDeniedAggregate, group_node,
                  "figures about people cannot depend on the row of another query",
                  "compute the figures in a WITH query and join them");
  }
  Stage stage;
  CANDOUR_ASSIGN(stage.sql, syntax_.Print(group_node));
  stage.cells.raw = NextName("raw");
  stage.cells.published = NextName("figures");
  stage.cells.threshold = decision_.use->threshold;
  stage.cells.figures = grouping.figures;
  for (std::size_t i = 0; i < grouping.key_nodes.size(); ++i) {
    const Column& column = grouping.result->columns[i];
    stage.cells.keys.push_back(
        {.name = column.internal,
         .public_domain = column.field != nullptr && !column.field->domain.empty()});
  }
  Json from = tree::BaseTable("memory", stage.cells.published, grouping.result->internal);
  stages_.push_back(std::move(stage));
  return from;
}

Result<Query> Rewriter::BindGrouped(const Json& node, std::vector<Json> items, Json from,
                                    Json where, Scope& scope, const Ctes& ctes,
                                    const Shape& given) {
  Grouping grouping;
  grouping.rows = &scope;
  grouping.inner = NextName("g");
  grouping.scope.aliases = scope.aliases;
  grouping.scope.outer = scope.outer;
  grouping.scope.relations.push_back({.alias = "", .internal = NextName("r")});
  grouping.result = &grouping.scope.relations.back();
  CANDOUR_TRY(BindKeys(node, items, grouping, scope, ctes));

  const Kind kind = KindOf(scope);
  grouping.barrier = aggregates() && kind == Kind::kPersonRows && !grouping.by_person;
  if (kind != Kind::kPublic && !grouping.barrier) {
    grouping.result->kind = aggregates() ? Kind::kPersonRows : Kind::kMixed;
  }
  Shape shape = given;
  shape.masked |= grouping.result->kind == Kind::kMixed;
  Query query{.kind = grouping.result->kind};
  query.node = tree::Select({}, tree::EmptyFrom(), nullptr);

  Grouping* const outer_grouping = std::exchange(grouping_, &grouping);
  const std::vector<Json> outer_hidden = std::exchange(hidden_, {});
  const Status status = BindOverAllGroups(node, items, shape, grouping, ctes, query);
  grouping_ = outer_grouping;
  hidden_ = outer_hidden;
  CANDOUR_TRY(status);

  if (grouping.barrier && grouping.figures.empty()) {
    return Refuse(ErrorCode::kDeniedAggregate, node,
                  "a list of group keys alone shows who is there", "add count(*)");
  }
  CANDOUR_ASSIGN(query.node["from_table"],
                 CloseGroups(grouping, std::move(from), std::move(where)));
  query.correlated = scope.uses_outer || grouping.scope.uses_outer;
  return query;
}

Status Rewriter::BindOverAllGroups(const Json& node, const std::vector<Json>& items,
                                   const Shape& given, Grouping& grouping, const Ctes& ctes,
                                   Query& query) {
  Shape shape = given;
  for (const Json& modifier : node.at("modifiers")) {
    if (modifier.at("type") != "DISTINCT_MODIFIER") continue;
    shape.plain = true;
    if (grouping.result->kind == Kind::kPersonRows) {
      return Refuse(ErrorCode::kDeniedAggregate, node,
                    "DISTINCT over people's rows lists single values");
    }
  }
  for (const Json& item : items) {
    CANDOUR_ASSIGN(Bound bound, BindExpression(item, grouping.scope, ctes));
    CANDOUR_TRY(AddItem(item, std::move(bound), grouping.scope, shape, query));
  }
  // The hidden columns of person rows are there only once the groups are closed.
  grouping.result->records = {"r0"};
  CANDOUR_TRY(AddHidden(grouping.scope, shape, query));
  if (!node.at("having").is_null()) {
    CANDOUR_ASSIGN(query.node["where_clause"], BindWhere(node.at("having"), grouping.scope, ctes));
  }
  const Bind bind = [&](const Json& raw) { return BindGuarded(raw, grouping.scope, ctes); };
  return BindModifiers(node, items, shape, bind, query);
}

}  // namespace candour::gate
