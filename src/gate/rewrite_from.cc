// FROM: datasets become their governed relations, other tables do not exist.

#include <fmt/format.h>

#include "base/nearest.h"
#include "gate/governed.h"
#include "gate/rewriter.h"

namespace candour::gate {

using catalogue::Mask;

Result<Json> Rewriter::BindFrom(const Json& node, Scope& scope, const Ctes& ctes) {
  const std::string type = node.at("type").get<std::string>();
  if (type == "EMPTY") {
    CANDOUR_TRY(CheckShape(node, {}));
    return tree::EmptyFrom();
  }
  if (type == "BASE_TABLE") return BindTable(node, scope, ctes);
  if (type == "SUBQUERY") return BindDerived(node, scope, ctes);
  if (type == "JOIN") return BindJoin(node, scope, ctes);
  return Refuse(ErrorCode::kDeniedConstruct, node,
                fmt::format("a source of kind {} does not pass the door", tree::Lower(type)),
                "read from a dataset, a subquery or a WITH query");
}

Result<Json> Rewriter::BindTable(const Json& node, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(node, {"alias", "schema_name", "table_name"}));
  const std::string table = tree::Lower(node.at("table_name").get<std::string>());
  if (!node.at("schema_name").get<std::string>().empty()) return BindDataset(node, scope);
  const auto cte = ctes.find(table);
  if (cte == ctes.end()) return BindDataset(node, scope);
  const std::string alias = node.at("alias").get<std::string>();
  return AddRelation(*cte->second, alias.empty() ? table : tree::Lower(alias), scope);
}

Result<Json> Rewriter::BindDataset(const Json& node, Scope& scope) {
  const std::string schema = tree::Lower(node.at("schema_name").get<std::string>());
  const std::string table = tree::Lower(node.at("table_name").get<std::string>());
  const std::string name = schema.empty() ? table : schema + "." + table;
  std::vector<std::string> granted;
  for (std::size_t number = 0; number < decision_.datasets.size(); ++number) {
    const policy::DatasetPlan& plan = decision_.datasets[number];
    granted.push_back(plan.dataset->name);
    if (plan.dataset->name != name) continue;
    datasets_.insert(number);
    Query query{.kind = plan.dataset->HasPeople() ? Kind::kPersonRows : Kind::kPublic};
    CANDOUR_ASSIGN(query.node, syntax_.Parse(GovernedSql(plan, number)));
    for (std::size_t i = 0; i < plan.columns.size(); ++i) {
      const auto& [field, mask] = plan.columns[i];
      computes_ |= mask != Mask::kNone;
      query.columns.push_back(
          {.name = field->name,
           .internal = fmt::format("c{}", i),
           .field = mask == Mask::kNone ? field : nullptr,
           .type = mask == Mask::kNone ? std::optional(field->type) : std::nullopt,
           .groupable = field->groupable || !plan.dataset->HasPeople(),
           .measure = field->measure && mask == Mask::kNone});
    }
    if (plan.dataset->HasPeople()) {
      query.records = {"r0"};
      query.columns.push_back({.name = "person", .internal = kPersonColumn, .is_person = true});
    }
    const std::string alias = node.at("alias").get<std::string>();
    return AddRelation(std::move(query), alias.empty() ? table : tree::Lower(alias), scope);
  }
  Error error = Refusal(ErrorCode::kDeniedDataset, node,
                        fmt::format("the use does not grant a dataset named {}", name),
                        fmt::format("candour describe {}", decision_.use->id));
  error.expected = SuggestName(name, granted);
  error.rule = fmt::format("use {}: grants", decision_.use->id);
  error.fix_by = "the data-governance lead";
  return Fail(std::move(error));
}

Json Rewriter::AddRelation(Query query, std::string alias, Scope& scope) {
  Relation relation{.alias = std::move(alias),
                    .internal = NextName("r"),
                    .kind = query.kind,
                    .columns = std::move(query.columns),
                    .records = std::move(query.records)};
  if (relation.alias.empty()) relation.alias = relation.internal;
  Json from = tree::SubqueryFrom(std::move(query.node), relation.internal);
  scope.relations.push_back(std::move(relation));
  return from;
}

Result<Json> Rewriter::BindDerived(const Json& node, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(node, {"alias", "subquery"}));
  // A derived table sees what its query sees from outside, not its neighbours (no LATERAL).
  CANDOUR_ASSIGN(Query query,
                 BindQuery(node.at("subquery").at("node"), ctes, {.outer = scope.outer}));
  scope.uses_outer |= query.correlated;
  return AddRelation(std::move(query), tree::Lower(node.at("alias").get<std::string>()), scope);
}

Result<Json> Rewriter::UsingCondition(const Json& node, Scope& scope, std::size_t left_from,
                                      std::size_t right_from) {
  // USING (k) becomes left.k = right.k, as a condition that the rest of the rewriting understands.
  std::vector<Json> conditions;
  const auto find = [&](std::size_t from, std::size_t to, const std::string& name) {
    Found found;
    for (std::size_t i = from; i < to; ++i) {
      for (const Column& column : scope.relations[i].columns) {
        if (column.name == name && found.column == nullptr) found = {&scope.relations[i], &column};
      }
    }
    return found;
  };
  for (const Json& using_name : node.at("using_columns")) {
    const std::string name = tree::Lower(using_name.get<std::string>());
    const Found left = find(left_from, right_from, name);
    const Found right = find(right_from, scope.relations.size(), name);
    if (left.column == nullptr || right.column == nullptr) {
      return Refuse(ErrorCode::kSqlUnknownColumn, node,
                    fmt::format("USING ({}) names a column that is not open on both sides", name));
    }
    const bool right_counts = node.at("join_type") == "RIGHT";
    scope.merged[name] = right_counts ? right.column : left.column;
    conditions.push_back(tree::Equal(tree::Column(left.relation->alias, name),
                                     tree::Column(right.relation->alias, name)));
  }
  return tree::And(std::move(conditions));
}

Status Rewriter::CheckPersonJoin(const Json& node, const std::vector<Bound>& conditions,
                                 const Scope& scope, std::size_t left_from,
                                 std::size_t right_from) const {
  if (!aggregates()) return {};
  const auto has_people = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (scope.relations[i].kind != Kind::kPublic) return true;
    }
    return false;
  };
  const bool left = has_people(left_from, right_from);
  const bool right = has_people(right_from, scope.relations.size());
  const std::string type = node.at("join_type").get<std::string>();
  if (!left && !right) return {};
  if (left && right) {
    // The equality must tie one side to the other: a third table could hold anybody.
    const auto on_right = [&](const Relation* relation) {
      for (std::size_t i = right_from; i < scope.relations.size(); ++i) {
        if (&scope.relations[i] == relation) return true;
      }
      return false;
    };
    const bool by_person = std::ranges::any_of(conditions, [&](const Bound& condition) {
      return condition.is_person && condition.relations.size() == 2 &&
             on_right(*condition.relations.begin()) != on_right(*condition.relations.rbegin());
    });
    if (by_person && (type == "INNER" || type == "SEMI")) return {};
    return Refuse(ErrorCode::kDeniedAggregate, node,
                  "people's rows may only be joined with other rows of the same person",
                  "write JOIN … USING (person)");
  }
  // The side without people may be missing, never the side with them: a row that the join made up
  // would belong to nobody.
  // Nor may people decide, unseen, which rows of nobody's stay.
  if (type == "INNER" || (type != "RIGHT" && type != "OUTER" && left) ||
      (type == "RIGHT" && right)) {
    return {};
  }
  return Refuse(ErrorCode::kDeniedAggregate, node,
                "this join makes rows that no longer say whose they are",
                "use an inner join, or put the people's rows on the kept side");
}

Result<Json> Rewriter::BindJoin(const Json& node, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(
      CheckShape(node, {"left", "right", "condition", "join_type", "ref_type", "using_columns"}));
  const std::string type = node.at("join_type").get<std::string>();
  const std::string ref = node.at("ref_type").get<std::string>();
  static const std::set<std::string, std::less<>> kTypes = {"INNER", "LEFT", "RIGHT",
                                                            "OUTER", "SEMI", "ANTI"};
  if (!kTypes.contains(type) || (ref != "REGULAR" && ref != "CROSS")) {
    return Refuse(
        ErrorCode::kDeniedConstruct, node,
        fmt::format("a {} {} join does not pass the door", tree::Lower(ref), tree::Lower(type)),
        "write a plain JOIN … ON or USING");
  }
  const std::size_t left_from = scope.relations.size();
  CANDOUR_ASSIGN(Json left, BindFrom(node.at("left"), scope, ctes));
  const std::size_t right_from = scope.relations.size();
  CANDOUR_ASSIGN(Json right, BindFrom(node.at("right"), scope, ctes));
  if (ref == "CROSS") {
    CANDOUR_TRY(CheckPersonJoin(node, {}, scope, left_from, right_from));
    return tree::CrossJoin(std::move(left), std::move(right));
  }
  Json condition = node.value("condition", Json());
  if (!node.at("using_columns").empty()) {
    CANDOUR_ASSIGN(condition, UsingCondition(node, scope, left_from, right_from));
  }
  std::vector<Json> beside;
  std::vector<Bound> bounds;
  std::vector<Bound> rest;
  for (const Json& part : tree::Conjuncts(condition)) {
    CANDOUR_ASSIGN(Bound bound, BindExpression(part, scope, ctes));
    bound.is_person = part.at("type") == "COMPARE_EQUAL" && IsPersonEquality(part, scope);
    if (IsLeakProof(part, scope) || bound.cannot_fail) {
      beside.push_back(bound.node);
    } else {
      GuardByScope(scope, left_from, bound);
      CANDOUR_TRY(CheckGuard(part, bound));
      rest.push_back(bound);
    }
    bounds.push_back(std::move(bound));
  }
  CANDOUR_TRY(CheckPersonJoin(node, bounds, scope, left_from, right_from));
  std::vector<Json> all = beside;
  for (Bound& bound : rest) all.push_back(GuardCondition(std::move(bound), beside));
  for (std::size_t i = left_from; i < scope.relations.size(); ++i) {
    const bool is_left = i < right_from;
    scope.relations[i].nullable |= type == "OUTER" || type == (is_left ? "RIGHT" : "LEFT");
  }
  Json join = tree::Join(std::move(left), std::move(right), type, tree::And(std::move(all)));
  if (type == "SEMI" || type == "ANTI") {
    // Its right side only decides; it cannot be seen.
    while (scope.relations.size() > right_from) scope.relations.pop_back();
  }
  return join;
}

bool Rewriter::IsPersonEquality(const Json& raw, Scope& scope) const {
  if (raw.at("class") != "COMPARISON" || raw.at("type") != "COMPARE_EQUAL") return false;
  for (const char* side : {"left", "right"}) {
    if (raw.at(side).at("class") != "COLUMN_REF") return false;
    const auto found = Resolve(raw.at(side), scope);
    if (!found || !found->column->is_person) return false;
  }
  return true;
}

}  // namespace candour::gate
