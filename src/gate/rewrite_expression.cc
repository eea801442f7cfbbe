// Expressions: every class of node that may appear, and what is known of its result. A class, type,
// function or property that is not handled here does not pass.

#include <fmt/format.h>

#include "base/nearest.h"
#include "gate/functions.h"
#include "gate/rewriter.h"

namespace candour::gate {
namespace {

constexpr int kMaxDepth = 200;

const std::set<std::string, std::less<>> kOperators = {
    "OPERATOR_NOT",   "OPERATOR_IS_NULL",  "OPERATOR_IS_NOT_NULL", "COMPARE_IN",
    "COMPARE_NOT_IN", "OPERATOR_COALESCE", "OPERATOR_TRY"};

const std::set<std::string, std::less<>> kComparisons = {
    "COMPARE_EQUAL",         "COMPARE_NOTEQUAL",          "COMPARE_LESSTHAN",
    "COMPARE_GREATERTHAN",   "COMPARE_LESSTHANOREQUALTO", "COMPARE_GREATERTHANOREQUALTO",
    "COMPARE_DISTINCT_FROM", "COMPARE_NOT_DISTINCT_FROM"};

/// Adds to `parent` what `child` reads.
void Merge(Bound& parent, const Bound& child) {
  parent.relations.insert(child.relations.begin(), child.relations.end());
  parent.has_subquery |= child.has_subquery;
  parent.has_window |= child.has_window;
  parent.companions.insert(parent.companions.end(), child.companions.begin(),
                           child.companions.end());
}

/// Groupable when every part that is not constant is, and there is one.
struct GroupableParts {
  bool all = true;
  bool any = false;
  void Add(const Bound& part) {
    if (part.constant) return;
    all &= part.groupable;
    any = true;
  }
  bool value() const { return all && any; }
};

bool IsNumber(catalogue::FieldType type) {
  using enum catalogue::FieldType;
  return type == kInteger || type == kBigint || type == kDouble || type == kDecimal;
}

/// Whether the value of a CASE adds nothing to a figure: null or zero.
bool AddsNothing(const Json& raw) {
  if (raw.at("class") != "CONSTANT") return false;
  const Json& value = raw.at("value");
  return value.at("is_null").get<bool>() || value.at("value") == 0;
}

Json WithoutAlias(Json node) {
  node["alias"] = "";
  node.erase("query_location");
  return node;
}

}  // namespace

Result<Bound> Rewriter::BindExpression(const Json& raw, Scope& scope, const Ctes& ctes) {
  if (++depth_ > kMaxDepth) {
    return Refuse(ErrorCode::kDeniedConstruct, raw, "the expression is nested too deeply");
  }
  const bool over_groups = grouping_ != nullptr && &scope == &grouping_->scope;
  auto bound = over_groups ? BindOverGroups(raw, *grouping_, ctes) : BindNode(raw, scope, ctes);
  --depth_;
  return bound;
}

Result<Bound> Rewriter::BindNode(const Json& raw, Scope& scope, const Ctes& ctes) {
  const std::string node_class = raw.at("class").get<std::string>();
  const std::string type = raw.at("type").get<std::string>();
  if (node_class == "COLUMN_REF") return BindColumn(raw, scope, ctes);
  if (node_class == "CONSTANT") return BindConstant(raw);
  if (node_class == "COMPARISON") return BindComparison(raw, scope, ctes);
  if (node_class == "FUNCTION") return BindFunction(raw, scope, ctes);
  if (node_class == "CAST") return BindCast(raw, scope, ctes);
  if (node_class == "CASE") return BindCase(raw, scope, ctes);
  if (node_class == "WINDOW") return BindWindow(raw, scope, ctes);
  if (node_class == "SUBQUERY") return BindSubquery(raw, scope, ctes);
  if (node_class == "BETWEEN" && type == "COMPARE_BETWEEN") {
    CANDOUR_TRY(CheckShape(raw, {"input", "lower", "upper"}));
    return BindChildren(raw, {"input", "lower", "upper"}, scope, ctes);
  }
  if (node_class == "CONJUNCTION") {
    CANDOUR_TRY(CheckShape(raw, {"children"}));
    return BindChildren(raw, {"children"}, scope, ctes);
  }
  if (node_class == "OPERATOR" && kOperators.contains(type)) {
    CANDOUR_TRY(CheckShape(raw, {"children"}));
    CANDOUR_ASSIGN(Bound bound, BindChildren(raw, {"children"}, scope, ctes));
    bound.cannot_fail = type == "OPERATOR_NOT" && bound.cannot_fail;
    return bound;
  }
  return Refuse(ErrorCode::kDeniedConstruct, raw,
                fmt::format("an expression of kind {} does not pass the door",
                            tree::Lower(type.empty() ? node_class : type)));
}

Result<Rewriter::Found> Rewriter::Resolve(const Json& raw, Scope& scope) const {
  std::vector<std::string> names;
  for (const Json& name : raw.at("column_names")) {
    names.push_back(tree::Lower(name.get<std::string>()));
  }
  if (names.empty() || names.size() > 3) {
    return Refuse(ErrorCode::kSqlUnknownColumn, raw, "a column name has one to three parts");
  }
  const std::string& column_name = names.back();
  const std::string relation_name = names.size() > 1 ? names[names.size() - 2] : "";
  for (Scope* level = &scope; level != nullptr; level = level->outer) {
    Found found;
    for (const Relation& relation : level->relations) {
      if (!relation_name.empty() && relation.alias != relation_name) continue;
      for (const Column& column : relation.columns) {
        if (column.name != column_name) continue;
        const auto merged = level->merged.find(column_name);
        if (relation_name.empty() && merged != level->merged.end() && merged->second != &column) {
          continue;
        }
        if (found.column != nullptr) {
          return Refuse(ErrorCode::kSqlAmbiguous, raw,
                        fmt::format("the name {} could be {} or {}", column_name,
                                    found.relation->alias, relation.alias));
        }
        found = {&relation, &column};
      }
    }
    if (found.column != nullptr) return found;
    level->uses_outer = true;
  }
  return Fail(NoSuchColumn(raw, column_name, scope));
}

Error Rewriter::NoSuchColumn(const Json& raw, const std::string& name, const Scope& scope) const {
  for (const std::size_t number : datasets_) {
    const policy::DatasetPlan& plan = decision_.datasets[number];
    const catalogue::Dataset& dataset = *plan.dataset;
    const bool granted = std::ranges::any_of(
        plan.columns, [&](const policy::ColumnPlan& column) { return column.field->name == name; });
    if (granted || dataset.FindField(name) == nullptr) continue;
    Error error = Refusal(ErrorCode::kDeniedField, raw,
                          fmt::format("the use does not grant {}.{}", dataset.name, name),
                          fmt::format("candour describe {}", decision_.use->id));
    error.rule = fmt::format("use {}: grants", decision_.use->id);
    error.fix_by = "the data-governance lead";
    return error;
  }
  std::vector<std::string> known;
  for (const Relation& relation : scope.relations) {
    for (const Column& column : relation.columns) {
      if (std::ranges::find(known, column.name) == known.end()) known.push_back(column.name);
    }
  }
  Error error = Refusal(ErrorCode::kSqlUnknownColumn, raw,
                        fmt::format("no column {} is open to this use here", name),
                        fmt::format("candour describe {}", decision_.use->id));
  error.expected = SuggestName(name, known);
  return error;
}

Bound Rewriter::ColumnOf(const Relation& relation, const Column& column) const {
  Bound bound{.node = tree::Column(relation.internal, column.internal),
              .column = &column,
              .groupable = column.groupable,
              .measure = column.measure,
              .is_person = column.is_person,
              .relations = {&relation}};
  if (!column.companion.empty()) {
    bound.companions.push_back(tree::Column(relation.internal, column.companion));
  }
  return bound;
}

Result<Bound> Rewriter::BindColumn(const Json& raw, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(raw, {"column_names"}));
  const bool crossed = scope.uses_outer;
  const auto found = Resolve(raw, scope);
  if (found) return ColumnOf(*found->relation, *found->column);
  // As in the engine, a name of the select list may be used where no column has it.
  if (found.error().code != ErrorCode::kSqlAmbiguous && raw.at("column_names").size() == 1) {
    const auto alias =
        scope.aliases.find(tree::Lower(raw.at("column_names")[0].get<std::string>()));
    if (alias != scope.aliases.end()) {
      scope.uses_outer = crossed;
      return BindExpression(alias->second, scope, ctes);
    }
  }
  return std::unexpected(found.error());
}

Result<Bound> Rewriter::BindConstant(const Json& raw) const {
  CANDOUR_TRY(CheckShape(raw, {"value"}));
  const Json& type = raw.at("value").at("type");
  const std::string id = type.at("id").get<std::string>();
  if (!IsKnownType(id)) {
    return Refuse(ErrorCode::kDeniedConstruct, raw, "a constant of this type does not pass");
  }
  Bound bound{.node = WithoutAlias(raw), .constant = true, .literal = true};
  if (id == "DOUBLE" || id == "FLOAT") {
    // 2.5e0 is printed as 2.5 and would read back as a decimal.
    const Json& value = raw.at("value").at("value");
    const std::string text =
        value.is_number() ? fmt::format("{}", value.get<double>()) : value.get<std::string>();
    bound.node = tree::Boolean(true);
    bound.node["child"]["value"]["value"] = text;
    bound.node["cast_type"]["id"] = "DOUBLE";
  }
  return bound;
}

Status Rewriter::CheckPersonUse(const Json& raw, const Bound& bound) const {
  if (!bound.is_person) return {};
  return Refuse(ErrorCode::kDeniedConstruct, raw,
                "person may be shown, compared with another person, counted, grouped or ordered by",
                "leave person out of this expression");
}

Result<Bound> Rewriter::BindChildren(const Json& raw, std::initializer_list<std::string_view> keys,
                                     Scope& scope, const Ctes& ctes) {
  Bound result{.node = WithoutAlias(raw), .constant = true, .cannot_fail = true};
  GroupableParts groupable;
  const auto bind_one = [&](Json& slot) -> Status {
    if (slot.is_null()) return {};
    CANDOUR_ASSIGN(Bound child, BindExpression(slot, scope, ctes));
    CANDOUR_TRY(CheckPersonUse(slot, child));
    Merge(result, child);
    groupable.Add(child);
    result.constant &= child.constant;
    result.cannot_fail &= child.cannot_fail;
    slot = std::move(child.node);
    return {};
  };
  for (const std::string_view key : keys) {
    Json& slot = result.node[std::string(key)];
    if (slot.is_array()) {
      for (Json& item : slot) CANDOUR_TRY(bind_one(item));
    } else {
      CANDOUR_TRY(bind_one(slot));
    }
  }
  result.groupable = groupable.value();
  return result;
}

Result<Bound> Rewriter::BindGuarded(const Json& raw, Scope& scope, const Ctes& ctes) {
  CANDOUR_ASSIGN(Bound bound, BindExpression(raw, scope, ctes));
  CANDOUR_TRY(CheckGuard(raw, bound));
  if (!bound.trivial()) bound.node = Guard(bound);
  return bound;
}

Result<Bound> Rewriter::BindComparison(const Json& raw, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(raw, {"left", "right"}));
  if (!kComparisons.contains(raw.at("type").get<std::string>())) {
    return Refuse(ErrorCode::kDeniedConstruct, raw, "this comparison does not pass the door");
  }
  CANDOUR_ASSIGN(Bound left, BindExpression(raw.at("left"), scope, ctes));
  CANDOUR_ASSIGN(Bound right, BindExpression(raw.at("right"), scope, ctes));
  const bool equality = raw.at("type") == "COMPARE_EQUAL" || raw.at("type") == "COMPARE_NOTEQUAL";
  const bool persons = left.is_person && right.is_person && equality;
  if (!persons) {
    CANDOUR_TRY(CheckPersonUse(raw.at("left"), left));
    CANDOUR_TRY(CheckPersonUse(raw.at("right"), right));
  }
  Bound bound{.node = WithoutAlias(raw), .constant = left.constant && right.constant};
  GroupableParts groupable;
  for (const Bound* side : {&left, &right}) {
    Merge(bound, *side);
    groupable.Add(*side);
  }
  bound.groupable = groupable.value();
  const auto number = [](const Bound& side) {
    return side.column != nullptr && side.column->field != nullptr &&
           IsNumber(side.column->field->type);
  };
  const auto figure = [](const Json& side, const Bound& bound_side) {
    return side.at("class") == "SUBQUERY" && side.at("subquery_type") == "SCALAR" &&
           bound_side.relations.empty();
  };
  bound.compares_figure = (number(left) && figure(raw.at("right"), right)) ||
                          (number(right) && figure(raw.at("left"), left));
  for (auto [side, of] : {std::pair{"left", &left}, std::pair{"right", &right}}) {
    // A figure that is not a number compares as null, so that the comparison cannot fail.
    const bool to_number = aggregates() && bound.compares_figure && of->has_subquery;
    bound.node[side] =
        to_number ? tree::TryCast(std::move(of->node), "DOUBLE") : std::move(of->node);
  }
  return bound;
}

Result<Bound> Rewriter::BindFunction(const Json& raw, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(raw, {"function_name", "schema", "children", "is_operator", "filter",
                               "distinct", "order_bys"}));
  const std::string name = tree::Lower(raw.at("function_name").get<std::string>());
  const std::string schema = raw.at("schema").get<std::string>();
  const FunctionKind kind = KindOfFunction(name);
  if (kind == FunctionKind::kUnknown || (!schema.empty() && schema != "main")) {
    return Refuse(ErrorCode::kDeniedFunction, raw,
                  fmt::format("the function {} is not on the list of those that pass", name));
  }
  computes_ = true;
  if (kind != FunctionKind::kScalar && kind != FunctionKind::kMeasure) {
    return Refuse(ErrorCode::kDeniedConstruct, raw,
                  fmt::format("{} cannot stand here: it works on groups of rows", name),
                  "put it into a SELECT list, HAVING or ORDER BY of a grouped query");
  }
  CANDOUR_TRY(CheckShape(raw, {"function_name", "schema", "children", "is_operator"}));
  Bound bound{.node = WithoutAlias(raw), .constant = true};
  GroupableParts groupable;
  int measures = 0;
  bool others_constant = true;
  for (Json& slot : bound.node["children"]) {
    CANDOUR_ASSIGN(Bound child, BindExpression(slot, scope, ctes));
    CANDOUR_TRY(CheckPersonUse(slot, child));
    Merge(bound, child);
    groupable.Add(child);
    measures += child.measure ? 1 : 0;
    others_constant &= child.measure || child.constant;
    bound.constant &= child.constant;
    slot = std::move(child.node);
  }
  bound.groupable = groupable.value();
  bound.measure = kind == FunctionKind::kMeasure && measures == 1 && others_constant;
  return bound;
}

Result<Bound> Rewriter::BindCast(const Json& raw, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(raw, {"child", "cast_type", "try_cast"}));
  computes_ = computes_ || raw.at("child").at("class") != "CONSTANT";
  if (!IsKnownType(raw.at("cast_type").at("id").get<std::string>())) {
    return Refuse(ErrorCode::kDeniedConstruct, raw, "a cast to this type does not pass the door");
  }
  CANDOUR_ASSIGN(Bound child, BindExpression(raw.at("child"), scope, ctes));
  CANDOUR_TRY(CheckPersonUse(raw.at("child"), child));
  Bound bound{.node = WithoutAlias(raw),
              .constant = child.constant,
              .groupable = child.groupable,
              .measure = child.measure};
  Merge(bound, child);
  bound.node["child"] = std::move(child.node);
  return bound;
}

Result<Bound> Rewriter::BindCase(const Json& raw, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(raw, {"case_checks", "else_expr"}));
  Bound bound{.node = WithoutAlias(raw)};
  GroupableParts groupable;
  int values = 0;  // that add something
  const auto bind_slot = [&](Json& slot, bool is_value) -> Status {
    if (slot.is_null()) return {};
    CANDOUR_ASSIGN(Bound part, BindExpression(slot, scope, ctes));
    CANDOUR_TRY(CheckPersonUse(slot, part));
    Merge(bound, part);
    groupable.Add(part);
    if (is_value && !AddsNothing(slot)) {
      // Two values would add two groups of people up in one figure, and the larger hide the
      // smaller: so one at most, which the count of people behind the figure then sees.
      bound.measure = ++values == 1 && (part.measure || part.constant);
    }
    slot = std::move(part.node);
    return {};
  };
  for (Json& check : bound.node["case_checks"]) {
    CANDOUR_TRY(bind_slot(check["when_expr"], false));
    CANDOUR_TRY(bind_slot(check["then_expr"], true));
  }
  CANDOUR_TRY(bind_slot(bound.node["else_expr"], true));
  bound.groupable = groupable.value();
  return bound;
}

Status Rewriter::CheckWindow(const Json& raw, const std::string& name) const {
  // A frame or an offset out of range fails only where there is a row, and a total may overflow.
  const auto is_literal = [](const Json& slot) {
    return slot.is_null() || slot.at("class") == "CONSTANT";
  };
  const auto is_distance = [](const Json& slot) {
    if (slot.is_null()) return true;
    if (slot.at("class") != "CONSTANT") return false;
    const Json value = slot.at("value").value("value", Json());
    return value.is_number_integer() && value.get<std::int64_t>() >= 0;
  };
  bool plain = name != "ntile" && name != "nth_value";
  for (const char* key : {"start_expr", "end_expr", "offset_expr"}) {
    plain = plain && is_distance(raw.at(key));
  }
  for (const char* key : {"start", "end"}) {
    const std::string edge = raw.at(key).get<std::string>();
    plain = plain && !(edge.starts_with("EXPR_") && edge.ends_with("_RANGE"));
  }
  if (plain && is_literal(raw.at("default_expr"))) return {};
  return Refuse(ErrorCode::kDeniedAggregate, raw,
                "a window over people's rows takes plain frames of ROWS and constant offsets only",
                "leave the frame out, or group first");
}

Result<Bound> Rewriter::BindWindow(const Json& raw, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(raw, {"function_name", "schema", "children", "partitions", "orders",
                               "start", "end", "start_expr", "end_expr", "offset_expr",
                               "default_expr", "ignore_nulls", "exclude_clause", "distinct"}));
  const std::string name = tree::Lower(raw.at("function_name").get<std::string>());
  const FunctionKind kind = KindOfFunction(name);
  const std::string schema = raw.at("schema").get<std::string>();
  if ((kind != FunctionKind::kWindow && kind != FunctionKind::kAggregate &&
       kind != FunctionKind::kRowsAggregate) ||
      (!schema.empty() && schema != "main")) {
    return Refuse(
        ErrorCode::kDeniedFunction, raw,
        fmt::format("the window function {} is not on the list of those that pass", name));
  }
  Bound bound{.node = WithoutAlias(raw), .has_window = true, .is_window = true};
  const bool of_people = aggregates() && KindOf(scope) == Kind::kPersonRows;
  bool by_person = false;
  const Json& children = bound.node["children"];
  const Json* const argument = children.empty() ? nullptr : &children[0];
  const auto bind_slot = [&](Json& slot, bool person_allowed) -> Status {
    if (slot.is_null()) return {};
    CANDOUR_ASSIGN(Bound part, BindGuarded(slot, scope, ctes));
    if (!person_allowed) CANDOUR_TRY(CheckPersonUse(slot, part));
    Merge(bound, part);
    by_person |= part.is_person;
    slot = &slot == argument && of_people ? WithinBounds(name, part) : std::move(part.node);
    return {};
  };
  for (Json& part : bound.node["partitions"]) CANDOUR_TRY(bind_slot(part, true));
  const bool partitioned_by_person = by_person;
  if (of_people) CANDOUR_TRY(CheckWindow(raw, name));
  for (Json& part : bound.node["children"]) CANDOUR_TRY(bind_slot(part, false));
  for (Json& order : bound.node["orders"]) CANDOUR_TRY(bind_slot(order["expression"], false));
  for (const char* key : {"start_expr", "end_expr", "offset_expr", "default_expr"}) {
    CANDOUR_TRY(bind_slot(bound.node[key], false));
  }
  if (of_people && !partitioned_by_person) {
    return Refuse(ErrorCode::kDeniedAggregate, raw,
                  "a window over people's rows compares people with each other",
                  "PARTITION BY person, or group first and put the window over the groups");
  }
  return bound;
}

}  // namespace candour::gate
