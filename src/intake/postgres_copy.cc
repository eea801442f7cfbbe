#include "intake/postgres_copy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libpq-fe.h>

#include <memory>
#include <system_error>

#include "intake/column_match.h"
#include "storage/filesystem.h"

namespace candour::intake {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using PgResult = std::unique_ptr<PGresult, decltype(&PQclear)>;
using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

constexpr std::string_view kCopyFile = "postgresql.csv";

std::unexpected<Error> Refused(const catalogue::Dataset& dataset, std::string found) {
  return Fail(Error{.code = ErrorCode::kSourceNotAllowed,
                    .message = "the PostgreSQL source of " + dataset.name + " is not allowed",
                    .where = dataset.where,
                    .expected = "one host, by name, listed under sources.allow as postgresql:HOST",
                    .found = std::move(found),
                    .fix_by = "whoever may change candour.yaml"});
}

std::unexpected<Error> TableError(const catalogue::Dataset& dataset, std::string_view step) {
  return Fail(Error{.code = ErrorCode::kDataInvalid,
                    .message = fmt::format("the PostgreSQL table of {} could not be read: {}",
                                           dataset.name, step),
                    .where = dataset.where,
                    .expected = "a table or view that the connection's user may select from"});
}

/// The one host the connection string names.
Result<std::string> HostOf(const catalogue::Dataset& dataset) {
  char* error = nullptr;
  const Options options(PQconninfoParse(dataset.source.location.c_str(), &error), PQconninfoFree);
  PQfreemem(error);
  if (options == nullptr) return Refused(dataset, "a connection string that libpq cannot read");
  std::string host;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view keyword = option->keyword;
    if (option->val == nullptr || *option->val == '\0') continue;
    if (keyword == "host") host = option->val;
    // Both would lead the connection somewhere else than the name that was allowed.
    if (keyword == "hostaddr" || keyword == "service") {
      return Refused(dataset, fmt::format("the option {}", keyword));
    }
  }
  return host;
}

bool IsLinkLocal(std::string_view address) {
  for (const std::string_view prefix :
       {"169.254.", "::ffff:169.254.", "fe8", "fe9", "fea", "feb"}) {
    if (address.starts_with(prefix)) return true;
  }
  return false;
}

Result<Connection> Connect(const catalogue::Dataset& dataset, const AllowedSources& allowed) {
  CANDOUR_ASSIGN(const std::string host, HostOf(dataset));
  if (host.empty() || !AllowsPostgresHost(allowed, host)) {
    return Refused(dataset, host.empty() ? "no host" : "the host " + host);
  }
  Connection connection(PQconnectdb(dataset.source.location.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return Fail(Error{.code = ErrorCode::kUnavailable,
                      .message = "the PostgreSQL server of " + dataset.name + " does not answer",
                      .where = dataset.where,
                      .found = "the host " + host,
                      .next = "look at the server's log, and at PGUSER and the password file"});
  }
  const char* address = PQhostaddr(connection.get());
  if (address != nullptr && IsLinkLocal(address)) {
    return Refused(dataset, "a host with a link-local address");
  }
  return connection;
}

Status Execute(PGconn* connection, const std::string& sql, ExecStatusType expected,
               const catalogue::Dataset& dataset, std::string_view step) {
  const PgResult result(PQexec(connection, sql.c_str()), PQclear);
  if (PQresultStatus(result.get()) != expected) return TableError(dataset, step);
  return {};
}

Result<std::string> Quoted(PGconn* connection, std::string_view name) {
  char* quoted = PQescapeIdentifier(connection, name.data(), name.size());
  if (quoted == nullptr) return Fail(ErrorCode::kDataInvalid, "a PostgreSQL name is not valid");
  std::string text = quoted;
  PQfreemem(quoted);
  return text;
}

Result<std::string> QuotedTable(PGconn* connection, std::string_view table) {
  const std::size_t dot = table.find('.');
  if (dot == std::string_view::npos) return Quoted(connection, table);
  CANDOUR_ASSIGN(const std::string schema, Quoted(connection, table.substr(0, dot)));
  CANDOUR_ASSIGN(const std::string name, Quoted(connection, table.substr(dot + 1)));
  return schema + "." + name;
}

Result<std::vector<std::string>> ColumnsOf(PGconn* connection, const std::string& table,
                                           const catalogue::Dataset& dataset) {
  const std::string sql = fmt::format("SELECT * FROM {} LIMIT 0", table);
  const PgResult result(PQexec(connection, sql.c_str()), PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return TableError(dataset, "its columns");
  std::vector<std::string> names;
  for (int i = 0; i < PQnfields(result.get()); ++i) names.emplace_back(PQfname(result.get(), i));
  return names;
}

Status DrainCopy(PGconn* connection, storage::AppendFile& file, const catalogue::Dataset& dataset) {
  while (true) {
    char* buffer = nullptr;
    const int length = PQgetCopyData(connection, &buffer, 0);
    if (length == -1) break;
    if (length < 0) return TableError(dataset, "the copy broke off");
    const Status written = file.Append({buffer, static_cast<std::size_t>(length)});
    PQfreemem(buffer);
    CANDOUR_TRY(written);
  }
  // Only the result after the last row tells whether the copy was whole.
  const PgResult result(PQgetResult(connection), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
    return TableError(dataset, "the copy broke off");
  }
  return {};
}

}  // namespace

TemporaryFile::~TemporaryFile() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

Result<PostgresCopy> CopyFromPostgres(const catalogue::Dataset& dataset,
                                      const AllowedSources& allowed,
                                      const std::filesystem::path& folder) {
  CANDOUR_ASSIGN(const Connection connection, Connect(dataset, allowed));
  PGconn* pg = connection.get();
  CANDOUR_TRY(Execute(pg, "SET client_encoding='UTF8'", PGRES_COMMAND_OK, dataset, "its encoding"));
  CANDOUR_TRY(Execute(pg, "SET datestyle='ISO'", PGRES_COMMAND_OK, dataset, "its dates"));
  CANDOUR_TRY(Execute(pg, "BEGIN TRANSACTION READ ONLY", PGRES_COMMAND_OK, dataset, "it"));
  CANDOUR_ASSIGN(const std::string table, QuotedTable(pg, dataset.source.table));
  CANDOUR_ASSIGN(const std::vector<std::string> columns, ColumnsOf(pg, table, dataset));
  CANDOUR_ASSIGN(ColumnMatch match, MatchColumns(dataset, columns));
  std::vector<std::string> select;
  for (const std::size_t column : match.column_of) {
    CANDOUR_ASSIGN(std::string quoted, Quoted(pg, columns[column]));
    select.push_back(std::move(quoted));
  }
  PostgresCopy copy{.csv = TemporaryFile(folder / kCopyFile), .ignored = std::move(match.ignored)};
  CANDOUR_ASSIGN(const auto file, storage::MachineFilesystem().Create(copy.csv.path()));
  CANDOUR_TRY(Execute(pg,
                      fmt::format("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv, HEADER true)",
                                  fmt::join(select, ", "), table),
                      PGRES_COPY_OUT, dataset, "its rows"));
  CANDOUR_TRY(DrainCopy(pg, *file, dataset));
  return copy;
}

}  // namespace candour::intake
