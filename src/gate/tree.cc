#include "gate/tree.h"

#include <algorithm>

namespace candour::gate::tree {
namespace {

Json Expression(std::string_view node_class, std::string_view type) {
  return {{"class", node_class}, {"type", type}, {"alias", ""}};
}

Json TypeOf(std::string_view id) { return {{"id", id}, {"type_info", nullptr}}; }

Json Constant(std::string_view type, Json value) {
  Json node = Expression("CONSTANT", "VALUE_CONSTANT");
  node["value"] = {{"type", TypeOf(type)}, {"is_null", value.is_null()}};
  if (!value.is_null()) node["value"]["value"] = std::move(value);
  return node;
}

Json From(std::string_view type, std::string_view alias) {
  return {{"type", type}, {"alias", alias}, {"sample", nullptr}};
}

}  // namespace

Json Column(std::string_view relation, std::string_view column) {
  Json node = Expression("COLUMN_REF", "COLUMN_REF");
  node["column_names"] = {relation, column};
  return node;
}

Json Output(std::string_view column) {
  Json node = Expression("COLUMN_REF", "COLUMN_REF");
  node["column_names"] = Json::array({column});
  return node;
}

Json Integer(std::int64_t value) {
  return Constant(value > INT32_MAX || value < INT32_MIN ? "BIGINT" : "INTEGER", value);
}

Json Text(std::string_view value) { return Constant("VARCHAR", value); }

Json Null() { return Constant("NULL", nullptr); }

Json Boolean(bool value) {
  Json node = Expression("CAST", "OPERATOR_CAST");
  node["child"] = Constant("VARCHAR", value ? "t" : "f");
  node["cast_type"] = TypeOf("BOOLEAN");
  node["try_cast"] = false;
  return node;
}

Json TryCast(Json value, std::string_view type) {
  Json node = Expression("CAST", "OPERATOR_CAST");
  node["child"] = std::move(value);
  node["cast_type"] = TypeOf(type);
  node["try_cast"] = true;
  return node;
}

Json And(std::vector<Json> conditions) {
  if (conditions.size() == 1) return std::move(conditions[0]);
  Json node = Expression("CONJUNCTION", "CONJUNCTION_AND");
  node["children"] = std::move(conditions);
  return node;
}

Json Equal(Json left, Json right) {
  Json node = Expression("COMPARISON", "COMPARE_EQUAL");
  node["left"] = std::move(left);
  node["right"] = std::move(right);
  return node;
}

Json Operator(std::string_view type, std::vector<Json> children) {
  Json node = Expression("OPERATOR", type);
  node["children"] = std::move(children);
  return node;
}

Json Coalesce(std::vector<Json> children) {
  if (children.size() == 1) return std::move(children[0]);
  return Operator("OPERATOR_COALESCE", std::move(children));
}

Json Function(std::string_view name, std::vector<Json> arguments) {
  Json node = Expression("FUNCTION", "FUNCTION");
  node["function_name"] = name;
  node["schema"] = "";
  node["catalog"] = "";
  node["children"] = std::move(arguments);
  node["filter"] = nullptr;
  node["order_bys"] = {{"type", "ORDER_MODIFIER"}, {"orders", Json::array()}};
  node["distinct"] = false;
  node["is_operator"] = false;
  node["export_state"] = false;
  return node;
}

Json Case(Json condition, Json value, Json otherwise) {
  Json node = Expression("CASE", "CASE_EXPR");
  node["case_checks"] =
      Json::array({{{"when_expr", std::move(condition)}, {"then_expr", std::move(value)}}});
  node["else_expr"] = std::move(otherwise);
  return node;
}

Json Aliased(Json expression, std::string_view alias) {
  expression["alias"] = alias;
  return expression;
}

Json EmptyFrom() { return From("EMPTY", ""); }

Json BaseTable(std::string_view catalog, std::string_view table, std::string_view alias) {
  Json node = From("BASE_TABLE", alias);
  node["catalog_name"] = catalog;
  node["schema_name"] = "main";
  node["table_name"] = table;
  node["column_name_alias"] = Json::array();
  node["at_clause"] = nullptr;
  return node;
}

Json SubqueryFrom(Json node, std::string_view alias) {
  Json from = From("SUBQUERY", alias);
  from["subquery"] = Statement(std::move(node));
  from["column_name_alias"] = Json::array();
  return from;
}

Json Join(Json left, Json right, std::string_view type, Json condition) {
  Json node = From("JOIN", "");
  node["left"] = std::move(left);
  node["right"] = std::move(right);
  node["condition"] = std::move(condition);
  node["join_type"] = type;
  node["ref_type"] = "REGULAR";
  node["using_columns"] = Json::array();
  node["delim_flipped"] = false;
  node["duplicate_eliminated_columns"] = Json::array();
  return node;
}

Json CrossJoin(Json left, Json right) {
  Json node = Join(std::move(left), std::move(right), "INNER", nullptr);
  node["ref_type"] = "CROSS";
  return node;
}

Json Select(std::vector<Json> list, Json from, Json where) {
  return {{"type", "SELECT_NODE"},
          {"modifiers", Json::array()},
          {"cte_map", {{"map", Json::array()}}},
          {"select_list", std::move(list)},
          {"from_table", std::move(from)},
          {"where_clause", std::move(where)},
          {"group_expressions", Json::array()},
          {"group_sets", Json::array()},
          {"aggregate_handling", "STANDARD_HANDLING"},
          {"having", nullptr},
          {"sample", nullptr},
          {"qualify", nullptr}};
}

Json Statement(Json node) {
  return {{"node", std::move(node)}, {"named_param_map", Json::array()}};
}

std::vector<Json> Conjuncts(const Json& condition) {
  if (condition.is_null()) return {};
  if (condition.at("type") != "CONJUNCTION_AND") return {condition};
  std::vector<Json> all;
  for (const Json& child : condition.at("children")) {
    for (Json& part : Conjuncts(child)) all.push_back(std::move(part));
  }
  return all;
}

Json Stripped(const Json& node) {
  if (node.is_array()) {
    Json out = Json::array();
    for (const Json& item : node) out.push_back(Stripped(item));
    return out;
  }
  if (!node.is_object()) return node;
  Json out = Json::object();
  for (const auto& [key, value] : node.items()) {
    if (key != "query_location" && key != "alias") out[key] = Stripped(value);
  }
  return out;
}

std::string Lower(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return lower;
}

}  // namespace candour::gate::tree
