#include "engine/database.h"

#include <fmt/format.h>

#include "engine/database_state.h"
#include "engine/read_vector.h"

namespace candour::engine {
namespace {

// The version the parser's tree, the guard and the leak tests were checked against.
constexpr std::string_view kEngineVersion = "v1.5.6";

// Settings that no statement of ours needs and that would widen what a statement can reach.
// Without a folder for what does not fit into memory the engine would put it, readable for all,
// into the folder that the process was started in.
constexpr std::string_view kQuietSettings =
    "SET autoinstall_known_extensions=false; SET autoload_known_extensions=false; "
    "SET preserve_insertion_order=true; SET temp_directory=''; "
    "SET enable_progress_bar=true; SET enable_progress_bar_print=false; SET errors_as_json=false";

std::string Doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) out += quote;
  }
  return out += quote;
}

/// Binds the text parameters of a prepared statement.
Status BindAll(duckdb_prepared_statement statement, const std::vector<std::string>& parameters) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    const std::string& text = parameters[i];
    if (duckdb_bind_varchar_length(statement, i + 1, text.data(), text.size()) == DuckDBError) {
      return Fail(ErrorCode::kInternal, "a statement's parameter could not be bound");
    }
  }
  return {};
}

Error CannotOpen(const std::filesystem::path& file) {
  const auto version = (file.parent_path().filename() / file.filename()).string();
  return Error{.code = ErrorCode::kCorruption,
               .message = "a dataset's version cannot be opened: " + version,
               .fix_by = "the operator",
               .next = "adopt the dataset again, or restore the file from a backup"};
}

/// Reads every row of a chunk into the sink.
Status DrainChunk(duckdb_data_chunk chunk, const std::vector<ResultColumn>& columns,
                  const RowSink& sink) {
  const idx_t count = duckdb_data_chunk_get_size(chunk);
  std::vector<duckdb_vector> vectors;
  for (idx_t c = 0; c < columns.size(); ++c) {
    vectors.push_back(duckdb_data_chunk_get_vector(chunk, c));
  }
  std::vector<Value> row(columns.size());
  for (idx_t r = 0; r < count; ++r) {
    for (size_t c = 0; c < columns.size(); ++c) {
      row[c] = ReadValue(vectors[c], columns[c].reader, r);
    }
    CANDOUR_TRY(sink(row));
  }
  return {};
}

Result<std::vector<ResultColumn>> DescribeAll(duckdb_result& result) {
  std::vector<ResultColumn> columns;
  for (idx_t c = 0; c < duckdb_column_count(&result); ++c) {
    CANDOUR_ASSIGN(ResultColumn column, DescribeColumn(result, c));
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace

std::string QuoteIdentifier(std::string_view name) { return Doubled(name, '"'); }
std::string QuoteLiteral(std::string_view text) { return Doubled(text, '\''); }

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::Open(const Limits& limits) {
  if (duckdb_library_version() != kEngineVersion) {
    return Fail(Error{.code = ErrorCode::kUnavailable,
                      .message = "the SQL engine is not the version Candour was tested with",
                      .expected = std::string(kEngineVersion),
                      .found = duckdb_library_version(),
                      .next = "run tools/bootstrap and build again"});
  }
  OwnedConfig config;
  duckdb_create_config(config.out());
  duckdb_set_config(config.get(), "threads", fmt::format("{}", limits.threads).c_str());
  duckdb_set_config(config.get(), "memory_limit", fmt::format("{}MB", limits.memory_mb).c_str());
  duckdb_set_config(config.get(), "allow_community_extensions", "false");

  auto state = std::make_unique<State>();
  char* error = nullptr;
  if (duckdb_open_ext(":memory:", state->database.out(), config.get(), &error) == DuckDBError) {
    std::string text = error == nullptr ? "" : error;
    duckdb_free(error);
    return Fail(ErrorCode::kUnavailable, "the SQL engine did not start: " + text);
  }
  duckdb_connect(state->database.get(), state->connection.out());
  Database database(std::move(state));
  CANDOUR_TRY(database.Run(kQuietSettings));
  return database;
}

Status Database::AttachReadOnly(const std::filesystem::path& file, std::string_view alias) {
  const Status attached = Run(fmt::format("ATTACH {} AS {} (READ_ONLY)",
                                          QuoteLiteral(file.string()), QuoteIdentifier(alias)));
  if (!attached) return Fail(CannotOpen(file));
  return {};
}

Status Database::AttachReadOnly(SealedFile file, std::string_view alias) {
  const std::filesystem::path path = file.path();
  state_->sealed.push_back(std::move(file));
  return AttachReadOnly(path, alias);
}

Status Database::AttachNew(const std::filesystem::path& file, std::string_view alias) {
  return Run(fmt::format("ATTACH {} AS {}", QuoteLiteral(file.string()), QuoteIdentifier(alias)));
}

Status Database::AttachNew(const SealedFile& file, std::string_view alias) {
  CANDOUR_TRY(Run(fmt::format("ATTACH {} AS {} (RECOVERY_MODE no_wal_writes)",
                              QuoteLiteral(file.path().string()), QuoteIdentifier(alias))));
  // The engine has written its headers by now, which hold nothing of anybody.
  if (file.HasContents()) return {};
  CANDOUR_TRY(Detach(alias));
  return Fail(ErrorCode::kUnavailable, "The engine's files cannot be encrypted on this machine.");
}

Error Database::EngineError(const char* text) const {
  for (const SealedFile& file : state_->sealed) {
    if (file.IsDamaged()) return CannotOpen(file.path());
  }
  return Error{.code = ErrorCode::kDataInvalid, .message = text == nullptr ? "engine" : text};
}

Status Database::Detach(std::string_view alias) {
  return Run(fmt::format("DETACH {}", QuoteIdentifier(alias)));
}

Status Database::HideStatistics() {
  return Run("SET disabled_optimizers='statistics_propagation'");
}

Status Database::Lock() {
  return Run("SET enable_external_access=false; SET lock_configuration=true");
}

Status Database::Run(std::string_view sql) {
  OwnedResult result;
  if (duckdb_query(state_->connection.get(), std::string(sql).c_str(), result.out()) ==
      DuckDBError) {
    return Fail(EngineError(duckdb_result_error(result.out())));
  }
  return {};
}

Result<Table> Database::Query(std::string_view sql, const std::vector<std::string>& parameters) {
  OwnedStatement statement;
  if (duckdb_prepare(state_->connection.get(), std::string(sql).c_str(), statement.out()) ==
      DuckDBError) {
    return Fail(EngineError(duckdb_prepare_error(statement.get())));
  }
  CANDOUR_TRY(BindAll(statement.get(), parameters));
  OwnedResult result;
  if (duckdb_execute_prepared(statement.get(), result.out()) == DuckDBError) {
    return Fail(EngineError(duckdb_result_error(result.out())));
  }
  CANDOUR_ASSIGN(const std::vector<ResultColumn> columns, DescribeAll(*result.out()));
  Table table;
  for (const ResultColumn& column : columns) table.columns.push_back(column.column);
  const RowSink keep = [&table](const std::vector<Value>& row) -> Status {
    table.rows.push_back(row);
    return {};
  };
  while (true) {
    const OwnedChunk chunk(duckdb_fetch_chunk(*result.out()));
    if (chunk.get() == nullptr) break;
    CANDOUR_TRY(DrainChunk(chunk.get(), columns, keep));
  }
  return table;
}

Status Database::Stream(std::string_view sql,
                        const std::function<Status(const std::vector<Column>&)>& columns,
                        const RowSink& row) {
  OwnedStatement statement;
  if (duckdb_prepare(state_->connection.get(), std::string(sql).c_str(), statement.out()) ==
      DuckDBError) {
    return Fail(EngineError(duckdb_prepare_error(statement.get())));
  }
  OwnedPending pending;
  OwnedResult result;
  if (duckdb_pending_prepared_streaming(statement.get(), pending.out()) == DuckDBError) {
    return Fail(EngineError(duckdb_pending_error(pending.get())));
  }
  if (duckdb_execute_pending(pending.get(), result.out()) == DuckDBError) {
    return Fail(EngineError(duckdb_result_error(result.out())));
  }
  CANDOUR_ASSIGN(const std::vector<ResultColumn> described, DescribeAll(*result.out()));
  std::vector<Column> names;
  for (const ResultColumn& column : described) names.push_back(column.column);
  CANDOUR_TRY(columns(names));
  while (true) {
    const OwnedChunk chunk(duckdb_fetch_chunk(*result.out()));
    if (chunk.get() == nullptr) break;
    CANDOUR_TRY(DrainChunk(chunk.get(), described, row));
  }
  // A stream that breaks off ends like one that is complete; only the error tells.
  if (const char* error = duckdb_result_error(result.out()); error != nullptr && *error != '\0') {
    return Fail(EngineError(error));
  }
  return {};
}

double Database::Progress() const {
  return duckdb_query_progress(state_->connection.get()).percentage / 100.0;
}

}  // namespace candour::engine
