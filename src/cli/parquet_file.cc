#include "cli/parquet_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/database.h"

namespace candour::cli {
namespace {

namespace fs = std::filesystem;
using engine::Value;

constexpr std::size_t kRowsPerInsert = 500;

std::string Literal(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return "NULL";
  if (std::holds_alternative<double>(value)) return fmt::format("'{}'", engine::ToText(value));
  if (const auto* text = std::get_if<std::string>(&value)) return engine::QuoteLiteral(*text);
  return engine::ToText(value);
}

Status Fill(engine::Database& engine, const std::vector<std::vector<Value>>& rows) {
  for (std::size_t from = 0; from < rows.size(); from += kRowsPerInsert) {
    std::vector<std::string> tuples;
    for (std::size_t r = from; r < std::min(rows.size(), from + kRowsPerInsert); ++r) {
      std::vector<std::string> literals;
      for (const Value& value : rows[r]) literals.push_back(Literal(value));
      tuples.push_back(fmt::format("({})", fmt::join(literals, ", ")));
    }
    CANDOUR_TRY(engine.Run(fmt::format("INSERT INTO answer VALUES {}", fmt::join(tuples, ", "))));
  }
  return {};
}

}  // namespace

Status CheckNew(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(file, error))) return {};
  return Fail(ErrorCode::kConflict, fmt::format("{} is there already", file.string()));
}

Status WriteParquet(const fs::path& file, const std::vector<engine::Column>& columns,
                    const std::vector<std::vector<Value>>& rows) {
  CANDOUR_TRY(CheckNew(file));
  CANDOUR_ASSIGN(engine::Database engine, engine::Database::Open());
  std::vector<std::string> definitions;
  for (const engine::Column& column : columns) {
    const std::string type = column.type == "NULL" ? "INTEGER" : column.type;
    definitions.push_back(fmt::format("{} {}", engine::QuoteIdentifier(column.name), type));
  }
  Status status = engine.Run(fmt::format("CREATE TABLE answer ({})", fmt::join(definitions, ", ")));
  if (status) status = Fill(engine, rows);
  if (status) {
    status = engine.Run(
        fmt::format("COPY answer TO {} (FORMAT parquet)", engine::QuoteLiteral(file.string())));
  }
  std::error_code error;
  if (!status) {
    fs::remove(file, error);
    return Fail(ErrorCode::kIo, fmt::format("cannot write {}", file.string()));
  }
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
  return {};
}

}  // namespace candour::cli
