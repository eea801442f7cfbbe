// Subqueries inside expressions.

#include "gate/rewriter.h"

namespace candour::gate {
namespace {

/// Whether two columns hold the same declared type, so that comparing them converts nothing.
bool SameType(const Column* a, const Column* b) {
  if (a == nullptr || b == nullptr) return false;
  if (a->is_person || b->is_person) return a->is_person && b->is_person;
  return a->field != nullptr && b->field != nullptr && a->field->type == b->field->type;
}

}  // namespace

Status Rewriter::CheckPersonSubquery(const Json& raw, const Query& query,
                                     const Bound* child) const {
  if (query.kind == Kind::kPublic) return {};
  const bool by_person =
      child != nullptr ? child->is_person && query.columns[0].is_person : query.person_correlated;
  if (!aggregates() || (by_person && raw.at("subquery_type") != "SCALAR")) return {};
  return Refuse(ErrorCode::kDeniedAggregate, raw,
                "a subquery over people's rows could single someone out",
                "write person IN (SELECT person FROM …), or group inside the subquery");
}

Result<Bound> Rewriter::BindSubquery(const Json& raw, Scope& scope, const Ctes& ctes) {
  CANDOUR_TRY(CheckShape(raw, {"subquery_type", "subquery", "child", "comparison_type"}));
  const std::string type = raw.at("subquery_type").get<std::string>();
  if (type != "EXISTS" && type != "NOT_EXISTS" && type != "ANY" && type != "SCALAR") {
    return Refuse(ErrorCode::kDeniedConstruct, raw, "a subquery of this kind does not pass");
  }
  Bound bound{.node = raw, .has_subquery = true};
  bound.node["alias"] = "";
  bound.node.erase("query_location");
  CANDOUR_ASSIGN(Query query,
                 BindQuery(raw.at("subquery").at("node"), ctes, {.plain = true, .outer = &scope}));
  const bool exists = type == "EXISTS" || type == "NOT_EXISTS";
  if (!exists && query.columns.size() != 1) {
    return Refuse(ErrorCode::kDeniedConstruct, raw, "this subquery must give exactly one column");
  }
  std::optional<Bound> child;
  if (!raw.at("child").is_null()) {
    CANDOUR_ASSIGN(child, BindGuarded(raw.at("child"), scope, ctes));
    if (child->is_person != query.columns[0].is_person) {
      return Refuse(ErrorCode::kDeniedConstruct, raw, "person can only be compared with a person");
    }
    if (child->is_person && raw.at("comparison_type") != "COMPARE_EQUAL") {
      return Refuse(ErrorCode::kDeniedConstruct, raw,
                    "person can only be compared for equality with a subquery");
    }
    // The columns may be of the query around this one, so its own kind does not settle it.
    const bool nobodys = query.kind == Kind::kPublic &&
                         std::ranges::all_of(child->relations, [](const Relation* relation) {
                           return relation->kind == Kind::kPublic;
                         });
    const bool same = nobodys || SameType(child->column, &query.columns[0]);
    if (!same) {
      return Refuse(ErrorCode::kDeniedConstruct, raw,
                    "both sides of IN must be plain columns of the same type",
                    "compare the column itself, or join instead");
    }
    bound.relations = child->relations;
  }
  CANDOUR_TRY(CheckPersonSubquery(raw, query, child ? &*child : nullptr));
  // Only the visible column may be compared; the hidden ones stay behind in a wrapper.
  const std::string name = NextName("s");
  Json item = exists ? tree::Integer(1) : tree::Column(name, query.columns[0].internal);
  bound.node["subquery"] = tree::Statement(
      tree::Select({std::move(item)}, tree::SubqueryFrom(std::move(query.node), name), nullptr));
  if (child) bound.node["child"] = std::move(child->node);
  bound.cannot_fail = exists || type == "ANY";
  return bound;
}

}  // namespace candour::gate
