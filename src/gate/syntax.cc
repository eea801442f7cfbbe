#include "gate/syntax.h"

#include <fmt/format.h>

#include <charconv>

namespace candour::gate {
namespace {

Where PlaceAt(std::string_view sql, std::size_t offset) {
  Where where{.file = "SQL", .line = 1, .column = 1};
  for (std::size_t i = 0; i < offset && i < sql.size(); ++i) {
    where.column = sql[i] == '\n' ? 1 : where.column + 1;
    where.line += sql[i] == '\n' ? 1 : 0;
  }
  return where;
}

Result<std::string> OneText(engine::Database& engine, std::string_view sql,
                            const std::string& parameter) {
  auto table = engine.Query(sql, {parameter});
  if (!table || table->rows.empty() || !std::holds_alternative<std::string>(table->rows[0][0])) {
    return Fail(ErrorCode::kSqlSyntax, "the statement could not be read");
  }
  return std::get<std::string>(std::move(table->rows[0][0]));
}

Result<Json> Serialize(engine::Database& engine, const std::string& sql) {
  CANDOUR_ASSIGN(const std::string text,
                 OneText(engine, "SELECT json_serialize_sql(?::VARCHAR)", sql));
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) {
    return Fail(ErrorCode::kSqlSyntax, "the statement could not be read");
  }
  return json;
}

std::size_t CountNodes(const Json& json) {
  std::size_t count = 1;
  if (json.is_structured()) {
    for (const Json& child : json) count += CountNodes(child);
  }
  return count;
}

/// What the parser says is wrong. Its message quotes only the statement, never data.
Error SyntaxError(std::string_view sql, const Json& json) {
  const std::string type = json.value("error_type", "");
  Error error{.code = ErrorCode::kSqlSyntax,
              .message = json.value("error_message", "the statement could not be read")};
  if (type == "not implemented") {
    error.code = ErrorCode::kDeniedConstruct;
    error.message = "only SELECT statements pass the door";
    error.expected = "one SELECT";
    return error;
  }
  if (error.message.contains("expression depth")) {
    // The parser's advice is a setting, and none may be changed here.
    error.message = "the statement is nested too deeply";
  }
  const std::string position = json.value("position", "");
  std::size_t offset = 0;
  std::from_chars(position.data(), position.data() + position.size(), offset);
  error.where = PlaceAt(sql, offset);
  return error;
}

}  // namespace

Where PlaceOf(std::string_view sql, const Json& node) {
  const auto it = node.find("query_location");
  if (it == node.end() || !it->is_number_unsigned() || it->get<std::size_t>() >= sql.size()) {
    return Where{.file = "SQL"};
  }
  return PlaceAt(sql, it->get<std::size_t>());
}

Result<Json> Syntax::Parse(std::string_view sql) {
  if (sql.size() > kMaxSqlBytes) {
    return Fail(ErrorCode::kSqlSyntax,
                fmt::format("the statement is longer than {} bytes", kMaxSqlBytes));
  }
  if (sql.find('\0') != std::string_view::npos) {
    return Fail(ErrorCode::kSqlSyntax, "the statement holds a zero byte");
  }
  CANDOUR_ASSIGN(Json json, Serialize(engine_, std::string(sql)));
  if (json.value("error", true)) return Fail(SyntaxError(sql, json));
  Json& statements = json["statements"];
  if (!statements.is_array() || statements.size() != 1) {
    return Fail(Error{.code = ErrorCode::kSqlSyntax,
                      .message = "the text holds more than one statement, or none",
                      .expected = "one SELECT"});
  }
  if (!statements[0]["named_param_map"].empty()) {
    return Fail(ErrorCode::kDeniedConstruct, "parameters have no value here; write the value");
  }
  if (CountNodes(statements[0]) > kMaxSqlNodes) {
    return Fail(ErrorCode::kSqlSyntax, "the statement has too many parts");
  }
  return std::move(statements[0]["node"]);
}

Result<std::string> Syntax::Print(const Json& node) {
  const Json document = {{"error", false}, {"statements", Json::array({tree::Statement(node)})}};
  const auto unfaithful = [] {
    return Fail(Error{.code = ErrorCode::kDeniedConstruct,
                      .message = "the rewritten statement would not read back as itself",
                      .next = "write the statement in a simpler form"});
  };
  const auto text = OneText(engine_, "SELECT json_deserialize_sql(?::JSON)", document.dump());
  if (!text) return unfaithful();
  const auto again = Serialize(engine_, *text);
  if (!again || again->value("error", true)) return unfaithful();
  // Aliases matter here (they name what leaves), so only the locations are set aside.
  const std::function<Json(const Json&)> without_places = [&](const Json& json) -> Json {
    if (!json.is_structured()) return json;
    Json out = json.is_array() ? Json::array() : Json::object();
    if (json.is_array()) {
      for (const Json& item : json) out.push_back(without_places(item));
      return out;
    }
    for (const auto& [key, value] : json.items()) {
      if (key != "query_location") out[key] = without_places(value);
    }
    return out;
  };
  if (without_places(*again) != without_places(document)) return unfaithful();
  return text;
}

}  // namespace candour::gate
