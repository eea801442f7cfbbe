// The guard: no expression of a user may meet the values of a row that the person did not permit.
//
// The engine is free to evaluate a user's condition before the consent predicate, and a condition
// that raises an error then tells that a hidden row exists, and what it holds. So conditions that
// can fail stand inside CASE WHEN ok THEN … END, where `ok` is the consent predicate of the rows
// they read. Only what cannot fail may stand beside it: comparisons of an unmasked column with a
// constant or a column of its own type.

#include "gate/rewriter.h"

#include <algorithm>

#include "base/time.h"

namespace candour::gate {
namespace {

using catalogue::FieldType;

/// Whether the text is one that its type reads: a constant that fails would fail only where there
/// are rows to compare it with, and so tell that there are.
bool IsReadable(std::string_view text, FieldType type) {
  if (type == FieldType::kBoolean) {
    return text == "t" || text == "f" || text == "true" || text == "false";
  }
  const std::string iso = std::string(text.substr(0, 10)) + "T" +
                          (text.size() > 10 ? std::string(text.substr(11)) : "00:00:00") + "Z";
  const bool date = text.size() == 10;
  const bool moment =
      type == FieldType::kTimestamp && text.size() == 19 && (text[10] == ' ' || text[10] == 'T');
  return (date || moment) && ParseTime(iso).has_value();
}

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
  const bool readable = id == "VARCHAR" && IsReadable(value.at("value").get<std::string>(), type);
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
              (id == "DECIMAL" && value.at("type").at("type_info").at("scale").get<int>() <= 6 &&
               value.at("type").at("type_info").at("width").get<int>() <= 20));
    case FieldType::kDate:
      return readable && (!cast || target == "DATE");
    case FieldType::kTimestamp:
      return readable && (!cast || target == "TIMESTAMP" || target == "DATE");
    case FieldType::kBoolean:
      return cast ? readable && target == "BOOLEAN" : id == "BOOLEAN";
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

void Rewriter::GuardByScope(const Scope& scope, std::size_t from, Bound& condition) {
  const auto own = [&](const Relation& relation) {
    return condition.relations.contains(&relation);
  };
  for (std::size_t i = from; i < scope.relations.size(); ++i) {
    if (scope.relations[i].kind != Kind::kPublic && own(scope.relations[i])) return;
  }
  for (std::size_t i = from; i < scope.relations.size(); ++i) {
    condition.relations.insert(&scope.relations[i]);
  }
}

Status Rewriter::CheckGuard(const Json& raw, const Bound& bound) const {
  // TRY, which makes null of an error, takes no subquery and no window.
  if (bound.trivial() || bound.cannot_fail || bound.is_window) return {};
  const auto any_of_kind = [&](Kind kind) {
    return std::ranges::any_of(bound.relations,
                               [kind](const Relation* used) { return used->kind == kind; });
  };
  const bool people = aggregates() && any_of_kind(Kind::kPersonRows);
  if (bound.has_window && people) {
    return Refuse(ErrorCode::kDeniedConstruct, raw,
                  "nothing can be computed around a window function here",
                  "name the window in a subquery, and compute with its name");
  }
  if (!bound.has_subquery) return {};
  if (any_of_kind(Kind::kMixed)) {
    return Refuse(ErrorCode::kDeniedConstruct, raw,
                  "a subquery beside columns of a DISTINCT, UNION or GROUP BY does not pass",
                  "put the subquery inside, before the rows are put together");
  }
  if (people && !bound.compares_figure) {
    return Refuse(ErrorCode::kDeniedAggregate, raw,
                  "an expression over people's rows cannot hold a subquery in an aggregates use",
                  "compute the figure in a WITH query, and join it or compare a number with it");
  }
  return {};
}

Json Rewriter::Guard(Bound bound) const {
  const bool mixed = std::ranges::any_of(
      bound.relations, [](const Relation* relation) { return relation->kind == Kind::kMixed; });
  std::vector<Json> oks = OkOf(bound.relations);
  // In an aggregates use an error on a permitted row would tell its value; and rows of kMixed
  // relations no longer carry the predicate. There a failing expression is null.
  // That a constant expression fails where there is a row tells that there is one.
  const bool takes_try = !bound.has_subquery && !bound.has_window;
  if (!bound.trivial() && takes_try && (mixed || aggregates())) {
    bound.node = tree::Operator("OPERATOR_TRY", {std::move(bound.node)});
  }
  if (oks.empty()) return std::move(bound.node);
  return tree::Case(tree::And(std::move(oks)), std::move(bound.node), tree::Null());
}

Json Rewriter::GuardCondition(Bound bound, const std::vector<Json>& beside) const {
  const bool mixed = std::ranges::any_of(
      bound.relations, [](const Relation* relation) { return relation->kind == Kind::kMixed; });
  std::vector<Json> first = OkOf(bound.relations);
  if (!bound.has_subquery && !bound.has_window && (mixed || aggregates())) {
    bound.node = tree::Operator("OPERATOR_TRY", {std::move(bound.node)});
  }
  if (first.empty()) return std::move(bound.node);
  // The harmless conditions are asked again in here: whether the engine skipped a block of rows by
  // its statistics, which know the hidden rows, must not change which rows meet the rest.
  first.insert(first.end(), beside.begin(), beside.end());
  return tree::Case(tree::And(std::move(first)), std::move(bound.node), tree::Boolean(false));
}

}  // namespace candour::gate
