#include <atomic>
#include <mutex>
#include <vector>

#include "ledger_contenders.h"
#include "storage/sqlite.h"

namespace candour::bench {
namespace {

namespace fs = std::filesystem;
using storage::Sqlite;
using storage::Statement;

/// A connection with its one statement, taken by one caller at a time.
struct Connection {
  Sqlite store;
  Statement insert;
  std::mutex mutex;

  Connection(Sqlite opened, Statement prepared)
      : store(std::move(opened)), insert(std::move(prepared)) {}
};

class InSqlite final : public Contender {
 public:
  InSqlite(fs::path folder, bool many) : folder_(std::move(folder)), many_(many) {}

  std::string name() const override {
    return many_ ? "SQLite, a connection for each" : "SQLite, one connection";
  }

  Status Open(int callers) override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    const fs::path file = folder_ / "entries.db";
    CANDOUR_ASSIGN(Sqlite made, Sqlite::Open(file));
    CANDOUR_TRY(
        made.Run("CREATE TABLE entry (number INTEGER PRIMARY KEY, type INTEGER NOT NULL, "
                 "payload TEXT NOT NULL) STRICT"));
    for (int i = 0; i < (many_ ? callers : 1); ++i) {
      CANDOUR_ASSIGN(Sqlite store, Sqlite::Open(file));
      CANDOUR_ASSIGN(Statement insert,
                     store.Prepare("INSERT INTO entry (type, payload) VALUES (1, ?1)"));
      connections_.push_back(std::make_unique<Connection>(std::move(store), std::move(insert)));
    }
    return {};
  }

  Status Record(int caller) override {
    Connection& connection = *connections_[many_ ? static_cast<std::size_t>(caller) : 0];
    const std::string entry = WholeEntry(next_++);
    const std::lock_guard lock(connection.mutex);
    while (true) {
      CANDOUR_TRY(connection.insert.Bind(1, entry));
      const Status done = connection.insert.Run();
      // A caller that another kept waiting for too long tries again: it has not been answered yet.
      if (done || done.error().code != ErrorCode::kUnavailable) return done;
    }
  }

  Result<std::optional<double>> Close() override {
    connections_.clear();
    fs::remove_all(folder_);
    return 1.0;
  }

 private:
  fs::path folder_;
  bool many_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace

std::unique_ptr<Contender> SqliteContender(const fs::path& folder, bool many) {
  return std::make_unique<InSqlite>(folder / "sqlite", many);
}

}  // namespace candour::bench
