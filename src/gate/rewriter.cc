#include "gate/rewriter.h"

#include <fmt/format.h>

namespace candour::gate {
namespace {

/// Whether a property of a node says nothing: the value it has when the user did not write it.
bool SaysNothing(const Json& value) {
  if (value.is_null() || value == false || value == "" || value.empty()) return true;
  if (!value.is_object()) return false;
  // An empty ORDER BY inside a function call, and an empty WITH.
  if (value.contains("orders")) return value.at("orders").empty();
  return value.contains("map") && value.size() == 1 && value.at("map").empty();
}

}  // namespace

std::string Rewriter::NextName(std::string_view prefix) {
  return fmt::format("{}_{}", prefix, ++next_name_);
}

Error Rewriter::Refusal(ErrorCode code, const Json& at, std::string message,
                        std::string next) const {
  Error error{.code = code, .message = std::move(message), .next = std::move(next)};
  error.rule = fmt::format("use {}: what the door admits for {}", decision_.use->id,
                           policy::ToString(decision_.use->output));
  error.where = PlaceOf(sql_, at);
  return error;
}

std::unexpected<Error> Rewriter::Refuse(ErrorCode code, const Json& at, std::string message,
                                        std::string next) const {
  return std::unexpected(Refusal(code, at, std::move(message), std::move(next)));
}

Status Rewriter::CheckShape(const Json& node,
                            std::initializer_list<std::string_view> handled) const {
  for (const auto& [key, value] : node.items()) {
    if (key == "class" || key == "type" || key == "alias" || key == "query_location") continue;
    const bool known = std::ranges::find(handled, std::string_view(key)) != handled.end();
    if (!known && !SaysNothing(value)) {
      return Refuse(ErrorCode::kDeniedConstruct, node,
                    fmt::format("the clause {} does not pass the door here", key));
    }
  }
  return {};
}

Result<Plan> Rewriter::Run(const Json& tree) {
  CANDOUR_ASSIGN(Query query, BindQuery(tree, {}, {.top = true}));
  if (aggregates() && query.kind != Kind::kPublic) {
    return Refuse(ErrorCode::kDeniedAggregate, tree,
                  "each row of this result would belong to one person",
                  "GROUP BY a groupable field and count, sum or average; or count(*) alone");
  }
  Plan plan;
  CANDOUR_ASSIGN(plan.sql, syntax_.Print(query.node));
  plan.stages = std::move(stages_);
  plan.computes = computes_;
  plan.datasets.assign(datasets_.begin(), datasets_.end());
  int next = static_cast<int>(query.columns.size());
  for (const Column& column : query.columns) {
    plan.columns.push_back({column.label, column.companion.empty() ? -1 : next++});
  }
  if (query.kind == Kind::kPersonRows) {
    next += 2;  // ok and p
    for (std::size_t i = 0; i < query.records.size(); ++i) plan.records.push_back(next++);
    plan.exact_records = true;
  }
  return plan;
}

Result<Plan> Rewrite(Syntax& syntax, std::string_view sql, const Json& tree,
                     const policy::Decision& decision) {
  // The tree comes from the engine's parser; a part that is not where that writes it means that
  // we do not understand the tree, and what is not understood does not pass.
  try {
    return Rewriter(syntax, sql, decision).Run(tree);
  } catch (const Json::exception&) {
    return Fail(ErrorCode::kDeniedConstruct,
                "the statement has a part that the door does not know");
  }
}

}  // namespace candour::gate
