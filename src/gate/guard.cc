// The guard: no expression of a user may meet the values of a row that the person did not permit.
//
// The engine is free to evaluate a user's condition before the consent predicate, and a condition
// that raises an error then tells that a hidden row exists, and what it holds. So conditions that
// can fail stand inside CASE WHEN ok THEN … END, where `ok` is the consent predicate of the rows
// they read. Only what cannot fail may stand beside it: comparisons of an unmasked column with a
// constant or a column of its own type.

#include "gate/rewriter.h"

#include <algorithm>

namespace candour::gate {
namespace {

using catalogue::FieldType;

/// Whether comparing a column of `type` with the constant can neither fail nor convert the column
/// to a type that does not hold all its values.
bool FitsConstant(FieldType type, const Json& raw) {
  const bool cast = raw.at("class") == "CAST";
  const Json& constant = cast ? raw.at("child") : raw;
  if (constant.at("class") != "CONSTANT") return false;
  const Json& value = constant.at("value");
  if (value.at("is_null").get<bool>()) return !cast;
  const std::string id = value.at("type").at("id").get<std::string>();
  const std::string target = cast ? raw.at("cast_type").at("id").get<std::string>() : id;
  if (cast && id != "VARCHAR") return false;
  const bool integer = !cast && (id == "INTEGER" || id == "BIGINT");
  switch (type) {
    case FieldType::kText:
      return !cast && id == "VARCHAR";
    case FieldType::kInteger:
    case FieldType::kBigint:
      return integer;
    case FieldType::kDouble:
      return integer || (!cast && id == "DECIMAL");
    case FieldType::kDecimal:
      return !cast &&
             (id == "INTEGER" ||
              (id == "DECIMAL" && value.at("type").at("type_info").at("scale").get<int>() <= 6));
    case FieldType::kDate:
      return target == "DATE" || (!cast && id == "VARCHAR");
    case FieldType::kTimestamp:
      return target == "TIMESTAMP" || target == "DATE" || (!cast && id == "VARCHAR");
    case FieldType::kBoolean:
      return target == "BOOLEAN";
  }
  return false;
}

bool IsConstant(const Json& raw) {
  return raw.at("class") == "CONSTANT" ||
         (raw.at("class") == "CAST" && raw.at("child").at("class") == "CONSTANT");
}

}  // namespace

bool Rewriter::IsLeakProof(const Json& raw, Scope& scope) const {
  const auto field_of = [&](const Json& node) -> const catalogue::Field* {
    if (node.at("class") != "COLUMN_REF") return nullptr;
    const auto found = Resolve(node, scope);
    return found ? found->column->field : nullptr;
  };
  const auto is_person = [&](const Json& node) {
    if (node.at("class") != "COLUMN_REF") return false;
    const auto found = Resolve(node, scope);
    return found && found->column->is_person;
  };
  const auto fits = [&](const Json& column, const Json& other) {
    const catalogue::Field* field = field_of(column);
    if (field == nullptr) return false;
    if (IsConstant(other)) return FitsConstant(field->type, other);
    const catalogue::Field* second = field_of(other);
    return second != nullptr && second->type == field->type;
  };

  const std::string node_class = raw.at("class").get<std::string>();
  const std::string type = raw.at("type").get<std::string>();
  if (node_class == "COMPARISON") {
    const Json& left = raw.at("left");
    const Json& right = raw.at("right");
    return fits(left, right) || fits(right, left) || (is_person(left) && is_person(right));
  }
  if (node_class == "BETWEEN") {
    return fits(raw.at("input"), raw.at("lower")) && fits(raw.at("input"), raw.at("upper"));
  }
  if (node_class == "COLUMN_REF") {
    const catalogue::Field* field = field_of(raw);
    return field != nullptr && field->type == FieldType::kBoolean;
  }
  if (node_class == "CONJUNCTION" || type == "OPERATOR_NOT") {
    return std::ranges::all_of(raw.at("children"),
                               [&](const Json& child) { return IsLeakProof(child, scope); });
  }
  if (type == "OPERATOR_IS_NULL" || type == "OPERATOR_IS_NOT_NULL") {
    return field_of(raw.at("children")[0]) != nullptr;
  }
  if (type == "COMPARE_IN" || type == "COMPARE_NOT_IN") {
    const Json& children = raw.at("children");
    return std::all_of(children.begin() + 1, children.end(), [&](const Json& item) {
      return IsConstant(item) && fits(children[0], item);
    });
  }
  return false;
}

std::vector<Json> Rewriter::OkOf(const std::set<const Relation*>& relations) const {
  std::vector<std::pair<std::string, Json>> found;
  for (const Relation* relation : relations) {
    if (relation->kind != Kind::kPersonRows) continue;
    Json ok = tree::Column(relation->internal, kOkColumn);
    // A row that an outer join made up belongs to nobody: there is nothing to hide in it.
    if (relation->nullable) ok = tree::Coalesce({std::move(ok), tree::Boolean(true)});
    found.emplace_back(relation->internal, std::move(ok));
  }
  // By name, not by address: the same statement is rewritten to the same text each time.
  std::ranges::sort(found, {}, &std::pair<std::string, Json>::first);
  std::vector<Json> oks;
  for (auto& [name, ok] : found) oks.push_back(std::move(ok));
  return oks;
}

Json Rewriter::Guard(Bound bound) const {
  const bool mixed = std::ranges::any_of(
      bound.relations, [](const Relation* relation) { return relation->kind == Kind::kMixed; });
  std::vector<Json> oks = OkOf(bound.relations);
  if (oks.empty() && !mixed) return std::move(bound.node);
  // In an aggregates use an error on a permitted row would tell its value; and rows of kMixed
  // relations no longer carry the predicate. There a failing expression is null.
  if (!bound.trivial() && !bound.has_subquery && (mixed || aggregates())) {
    bound.node = tree::Operator("OPERATOR_TRY", {std::move(bound.node)});
  }
  if (oks.empty()) return std::move(bound.node);
  return tree::Case(tree::And(std::move(oks)), std::move(bound.node), tree::Null());
}

Json Rewriter::GuardCondition(Bound bound, const std::vector<Json>& beside) const {
  const bool mixed = std::ranges::any_of(
      bound.relations, [](const Relation* relation) { return relation->kind == Kind::kMixed; });
  std::vector<Json> first = OkOf(bound.relations);
  if (first.empty() && !mixed) return std::move(bound.node);
  if (!bound.has_subquery && (mixed || aggregates())) {
    bound.node = tree::Operator("OPERATOR_TRY", {std::move(bound.node)});
  }
  if (first.empty()) return std::move(bound.node);
  // The harmless conditions are asked again in here: whether the engine skipped a block of rows by
  // its statistics, which know the hidden rows, must not change which rows meet the rest.
  first.insert(first.end(), beside.begin(), beside.end());
  return tree::Case(tree::And(std::move(first)), std::move(bound.node), tree::Boolean(false));
}

}  // namespace candour::gate
