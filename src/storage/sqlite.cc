#include "storage/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace candour::storage {
namespace {

constexpr int kBusyTimeoutMs = 10'000;
constexpr int kCacheKib = 16 * 1024;

ErrorCode CodeOf(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorruption;
    case SQLITE_CONSTRAINT:
      return ErrorCode::kConflict;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::kUnavailable;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return ErrorCode::kExhausted;
    case SQLITE_ERROR:
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
    case SQLITE_MISMATCH:
      return ErrorCode::kInternal;
    default:
      return ErrorCode::kIo;
  }
}

/// SQLite's own message may quote a value, so only the code's fixed text is shown.
std::unexpected<Error> FailSqlite(int sqlite_code, const std::string& store) {
  return Fail(CodeOf(sqlite_code), fmt::format("the store {} failed: {} (SQLite code {})", store,
                                               sqlite3_errstr(sqlite_code), sqlite_code));
}

/// Makes the file with the right mode before SQLite sees it: its -wal and -shm files copy the mode.
Status MakePrivate(const std::filesystem::path& path, const std::string& store) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const bool done = file >= 0 && ::fchmod(file, 0600) == 0;
  if (file >= 0) ::close(file);
  if (done) return {};
  return Fail(ErrorCode::kIo, fmt::format("cannot open the store {}", store));
}

}  // namespace

/// The statements of one connection that nobody uses at present.
///
/// Threads: those of the connection, which is used by one at a time.
class IdleStatements {
 public:
  explicit IdleStatements(std::string store) : store_(std::move(store)) {}
  ~IdleStatements() { Close(); }

  const std::string& store() const { return store_; }

  /// One of that text, or null.
  sqlite3_stmt* Take(std::string_view sql) {
    const auto found = std::ranges::find_if(
        idle_, [&](sqlite3_stmt* statement) { return sqlite3_sql(statement) == sql; });
    if (found == idle_.end()) return nullptr;
    sqlite3_stmt* const statement = *found;
    idle_.erase(found);
    return statement;
  }

  /// Keeps the statement, the newest first, or ends it.
  void Give(sqlite3_stmt* statement) {
    if (statement == nullptr) return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    idle_.insert(idle_.begin(), statement);
    if (!closed_ && idle_.size() <= kMostIdle) return;
    sqlite3_finalize(idle_.back());
    idle_.pop_back();
  }

  /// From now on nothing is kept.
  void Close() {
    closed_ = true;
    for (sqlite3_stmt* statement : idle_) sqlite3_finalize(statement);
    idle_.clear();
  }

 private:
  static constexpr std::size_t kMostIdle = 32;

  std::string store_;
  std::vector<sqlite3_stmt*> idle_;
  bool closed_ = false;
};

Statement::Statement(sqlite3_stmt* statement, std::shared_ptr<IdleStatements> idle)
    : statement_(statement), idle_(std::move(idle)) {}
Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), idle_(std::move(other.idle_)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  std::swap(idle_, other.idle_);
  return *this;
}
Statement::~Statement() {
  if (idle_ != nullptr) idle_->Give(statement_);
}

Status Statement::Check(int code) const {
  if (code == SQLITE_OK) return {};
  return FailSqlite(code, idle_->store());
}

Status Statement::Bind(int index, std::int64_t value) {
  return Check(sqlite3_bind_int64(statement_, index, value));
}

Status Statement::Bind(int index, std::string_view text) {
  // A null pointer would bind null; an empty text is a value.
  const char* data = text.data() == nullptr ? "" : text.data();
  return Check(
      sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Status Statement::BindBlob(int index, std::string_view bytes) {
  if (bytes.empty()) return Check(sqlite3_bind_zeroblob(statement_, index, 0));
  return Check(
      sqlite3_bind_blob64(statement_, index, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
}

Status Statement::BindNull(int index) { return Check(sqlite3_bind_null(statement_, index)); }

Result<bool> Statement::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return FailSqlite(sqlite3_extended_errcode(sqlite3_db_handle(statement_)), idle_->store());
}

Status Statement::Run() {
  const Result<bool> stepped = Step();
  Reset();
  if (!stepped) return std::unexpected(stepped.error());
  return {};
}

// The code reset returns repeats the last step's error, which Step has reported.
void Statement::Reset() { sqlite3_reset(statement_); }

std::int64_t Statement::Int64(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Statement::TextView(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string Statement::Text(int column) const { return std::string(TextView(column)); }

std::string Statement::Blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Sqlite::Sqlite(sqlite3* database, std::string store)
    : database_(database),
      store_(std::move(store)),
      idle_(std::make_shared<IdleStatements>(store_)) {}
Sqlite::Sqlite(Sqlite&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)),
      store_(std::move(other.store_)),
      idle_(std::move(other.idle_)) {}
Sqlite& Sqlite::operator=(Sqlite&& other) noexcept {
  std::swap(database_, other.database_);
  std::swap(store_, other.store_);
  std::swap(idle_, other.idle_);
  return *this;
}
Sqlite::~Sqlite() {
  if (idle_ != nullptr) idle_->Close();
  sqlite3_close_v2(database_);
}

Result<Sqlite> Sqlite::Connect(const std::string& path, const std::string& store, int flags) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Sqlite opened(database, store);  // closes it on every way out
  if (code != SQLITE_OK) return FailSqlite(code, store);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kBusyTimeoutMs);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return opened;
}

Result<Sqlite> Sqlite::Open(const std::filesystem::path& path, SqliteUse use) {
  if (use == SqliteUse::kReadOnly) return OpenToRead(path);
  const bool in_memory = path == ":memory:";
  const std::string store = path.filename().string();
  if (!in_memory) CANDOUR_TRY(MakePrivate(path, store));
  CANDOUR_ASSIGN(Sqlite opened,
                 Connect(path.string(), store, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  CANDOUR_TRY(opened.Configure());
  return opened;
}

/// Alone on a store, SQLite keeps the index of the write-ahead log in memory, so that what was
/// committed is seen without a file that needs room. Where not even that log can be opened, the
/// file by itself is the store, but only if no log holds more.
Result<Sqlite> Sqlite::OpenToRead(const std::filesystem::path& path) {
  const std::string store = path.filename().string();
  auto opened = Connect(path.string(), store, SQLITE_OPEN_READWRITE);
  Status ready = opened ? opened->ConfigureToRead() : std::unexpected(opened.error());
  if (ready) return opened;
  std::filesystem::path log = path;
  log += "-wal";
  std::error_code failure;
  const auto log_bytes = std::filesystem::file_size(log, failure);
  const bool no_log = failure == std::errc::no_such_file_or_directory;
  if (!no_log && (failure || log_bytes > 0)) return std::unexpected(std::move(ready).error());
  std::string uri = "file:";
  for (const char c : path.string()) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  CANDOUR_ASSIGN(Sqlite alone,
                 Connect(uri + "?immutable=1", store, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI));
  CANDOUR_TRY(alone.ConfigureToRead());
  return alone;
}

Status Sqlite::ConfigureToRead() {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  CANDOUR_TRY(
      Run(fmt::format("PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF;"
                      "PRAGMA query_only=ON; PRAGMA cache_size=-{};",
                      kCacheKib)));
  CANDOUR_ASSIGN(Statement look, Prepare("SELECT count(*) FROM sqlite_schema"));
  CANDOUR_TRY(look.Step());
  return {};
}

Status Sqlite::Configure() {
  return Run(
      fmt::format("PRAGMA trusted_schema=OFF; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                  "PRAGMA foreign_keys=ON; PRAGMA cache_size=-{};",
                  kCacheKib));
}

Result<Sqlite> Sqlite::CopyToMemory() const {
  CANDOUR_ASSIGN(Sqlite copy, Open(":memory:"));
  CANDOUR_TRY(CopyInto(copy.database_));
  return copy;
}

Status Sqlite::CopyToFile(const std::filesystem::path& file) const {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    return Fail(ErrorCode::kConflict, fmt::format("a copy of the store {} is there", store_));
  }
  CANDOUR_TRY(MakePrivate(file, file.filename().string()));
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  const Sqlite copy(database, store_);  // closes it on every way out
  if (code != SQLITE_OK) return FailSqlite(code, store_);
  return CopyInto(database);
}

/// Page by page, so that row numbers stay what they are, which VACUUM does not promise.
Status Sqlite::CopyInto(sqlite3* copy) const {
  sqlite3_backup* backup = sqlite3_backup_init(copy, "main", database_, "main");
  if (backup == nullptr) return FailSqlite(sqlite3_extended_errcode(copy), store_);
  sqlite3_backup_step(backup, -1);
  const int code = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK) return FailSqlite(code, store_);
  return {};
}

Status Sqlite::Run(std::string_view sql) {
  const std::string text(sql);
  const int code = sqlite3_exec(database_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return FailSqlite(sqlite3_extended_errcode(database_), store_);
  return {};
}

Result<Statement> Sqlite::Prepare(std::string_view sql) const {
  if (sqlite3_stmt* idle = idle_->Take(sql)) return Statement(idle, idle_);
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return FailSqlite(sqlite3_extended_errcode(database_), store_);
  if (statement == nullptr) return FailSqlite(SQLITE_MISUSE, store_);
  return Statement(statement, idle_);
}

std::int64_t Sqlite::LastInsertId() const { return sqlite3_last_insert_rowid(database_); }

std::int64_t Sqlite::Changes() const { return sqlite3_changes64(database_); }

Result<std::int64_t> Sqlite::SchemaVersion() const {
  CANDOUR_ASSIGN(Statement statement, Prepare("PRAGMA user_version"));
  CANDOUR_TRY(statement.Step());
  return statement.Int64(0);
}

Status Sqlite::SetSchemaVersion(int version) {
  return Run(fmt::format("PRAGMA user_version={}", version));
}

Result<Transaction> Transaction::Begin(Sqlite& store) {
  CANDOUR_TRY(store.Run("BEGIN IMMEDIATE"));
  return Transaction(store);
}

Transaction::Transaction(Transaction&& other) noexcept
    : store_(std::exchange(other.store_, nullptr)) {}

Transaction::~Transaction() {
  // Some failures have rolled back already; then this one has nothing to do.
  if (store_ != nullptr) (void)store_->Run("ROLLBACK");
}

Status Transaction::Commit() {
  if (store_ == nullptr) return Fail(ErrorCode::kInternal, "the transaction is over already");
  CANDOUR_TRY(store_->Run("COMMIT"));
  store_ = nullptr;
  return {};
}

}  // namespace candour::storage
