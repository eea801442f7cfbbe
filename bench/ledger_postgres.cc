#include <fmt/format.h>
#include <libpq-fe.h>

#include <atomic>
#include <vector>

#include "ledger_contenders.h"

namespace candour::bench {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using PgResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr const char* kInsert = "record";

std::unexpected<Error> Refused(PGconn* connection) {
  return Fail(ErrorCode::kUnavailable, fmt::format("PostgreSQL: {}", PQerrorMessage(connection)));
}

Result<Connection> Connect(const std::string& to) {
  Connection connection(PQconnectdb(to.c_str()), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) return Refused(connection.get());
  return connection;
}

Status Run(PGconn* connection, const std::string& sql) {
  const PgResult result(PQexec(connection, sql.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
  return Refused(connection);
}

/// A figure for less than full durability would be no figure.
Status CheckDurable(PGconn* connection) {
  for (const char* setting : {"fsync", "synchronous_commit", "full_page_writes"}) {
    const PgResult result(PQexec(connection, fmt::format("SHOW {}", setting).c_str()), PQclear);
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return Refused(connection);
    if (std::string_view(PQgetvalue(result.get(), 0, 0)) != "on") {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("PostgreSQL has {} off.", setting));
    }
  }
  return {};
}

class InPostgres final : public Contender {
 public:
  InPostgres(std::string to, int commit_delay_us)
      : to_(std::move(to)), commit_delay_us_(commit_delay_us) {}

  std::string name() const override {
    return commit_delay_us_ == 0 ? "PostgreSQL, default"
                                 : fmt::format("PostgreSQL, commit_delay {} us", commit_delay_us_);
  }

  bool in_process() const override { return false; }

  Status Open(int callers) override {
    CANDOUR_ASSIGN(const Connection made, Connect(to_));
    CANDOUR_TRY(CheckDurable(made.get()));
    for (const char* sql : {"SET client_min_messages = warning", "DROP TABLE IF EXISTS entry",
                            "CREATE TABLE entry (number bigserial PRIMARY KEY, type smallint NOT "
                            "NULL, payload text NOT NULL)",
                            "CHECKPOINT"}) {
      CANDOUR_TRY(Run(made.get(), sql));
    }
    for (int i = 0; i < callers; ++i) {
      CANDOUR_ASSIGN(Connection connection, Connect(to_));
      CANDOUR_TRY(Run(connection.get(), fmt::format("SET commit_delay = {}", commit_delay_us_)));
      const PgResult prepared(
          PQprepare(connection.get(), kInsert,
                    "INSERT INTO entry (type, payload) VALUES (1, $1) RETURNING number", 1,
                    nullptr),
          PQclear);
      if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return Refused(connection.get());
      connections_.push_back(std::move(connection));
    }
    return {};
  }

  Status Record(int caller) override {
    PGconn* connection = connections_[static_cast<std::size_t>(caller)].get();
    const std::string entry = WholeEntry(next_++);
    const char* values[] = {entry.c_str()};
    const PgResult result(
        PQexecPrepared(connection, kInsert, 1, values, nullptr, nullptr, /*resultFormat=*/0),
        PQclear);
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return Refused(connection);
    return {};
  }

  Result<std::optional<double>> Close() override {
    connections_.clear();
    return std::nullopt;
  }

 private:
  std::string to_;
  int commit_delay_us_;
  std::vector<Connection> connections_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace

std::unique_ptr<Contender> PostgresContender(std::string connection, int commit_delay_us) {
  return std::make_unique<InPostgres>(std::move(connection), commit_delay_us);
}

}  // namespace candour::bench
