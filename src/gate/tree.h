#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace candour::gate {

/// A syntax tree as the engine's own parser writes it (`json_serialize_sql`).
using Json = nlohmann::json;

/// Builders of syntax tree nodes, each complete in the way the engine writes them, so that what we
/// build equals what the engine reads back.
namespace tree {

Json Column(std::string_view relation, std::string_view column);
Json Output(std::string_view column);  ///< a column of the select list, by its alias
Json Integer(std::int64_t value);
Json Text(std::string_view value);
Json Null();
Json Boolean(bool value);
/// TRY_CAST(`value` AS `type`): null where it does not fit.
Json TryCast(Json value, std::string_view type);
Json And(std::vector<Json> conditions);  ///< at least one
Json Equal(Json left, Json right);
Json Operator(std::string_view type, std::vector<Json> children);
Json Coalesce(std::vector<Json> children);
Json Function(std::string_view name, std::vector<Json> arguments);
/// CASE WHEN `condition` THEN `value` ELSE `otherwise` END.
Json Case(Json condition, Json value, Json otherwise);
Json Aliased(Json expression, std::string_view alias);

Json EmptyFrom();
Json BaseTable(std::string_view catalog, std::string_view table, std::string_view alias);
Json SubqueryFrom(Json node, std::string_view alias);
Json Join(Json left, Json right, std::string_view type, Json condition);
Json CrossJoin(Json left, Json right);

/// A SELECT node with nothing but a list, a source and a condition (null: none).
Json Select(std::vector<Json> list, Json from, Json where);
Json Statement(Json node);

/// The children of an AND, flattened; any other condition alone; none for null.
std::vector<Json> Conjuncts(const Json& condition);

/// The tree without source locations and aliases: equal trees mean equal expressions.
Json Stripped(const Json& node);

/// Lower case, as the engine compares names.
std::string Lower(std::string_view name);

}  // namespace tree
}  // namespace candour::gate
