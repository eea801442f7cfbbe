#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace candour::storage {

class IdleStatements;

/// One prepared statement. Parameters and columns are numbered as SQLite does: parameters from 1,
/// columns from 0. At its end it is kept for the next who prepares the same text, without values.
///
/// Errors name the store and SQLite's own code, never the SQL's values. It must not outlive its
/// `Sqlite`. Threads: one at a time.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  /// Gives parameter `index` a value, which is copied. It keeps it over Reset().
  /// Errors: kInternal (no such parameter), kExhausted (too big).
  Status Bind(int index, std::int64_t value);
  Status Bind(int index, std::string_view text);
  Status BindBlob(int index, std::string_view bytes);
  Status BindNull(int index);

  /// Goes to the next row; false when there is none.
  /// Errors: kIo, kCorruption, kConflict (a constraint), kUnavailable (locked too long).
  Result<bool> Step();

  /// Step() for a statement that gives no rows, then Reset().
  Status Run();

  /// Back to before the first row.
  void Reset();

  /// Column `column` of the present row. Texts and blobs are copies; null reads as 0 or "".
  std::int64_t Int64(int column) const;
  std::string Text(int column) const;
  std::string Blob(int column) const;
  bool IsNull(int column) const;

  /// The same without a copy: valid until the next Step, Reset or the end of the statement.
  std::string_view TextView(int column) const;

 private:
  friend class Sqlite;
  Statement(sqlite3_stmt* statement, std::shared_ptr<IdleStatements> idle);
  Status Check(int code) const;

  sqlite3_stmt* statement_ = nullptr;
  std::shared_ptr<IdleStatements> idle_;
};

/// How a store is opened.
enum class SqliteUse {
  kWrite,
  /// A store that is there is read and never written, not even when it is closed, and needs no room
  /// on its disk, which may be full, failing or read-only. One connection at a time.
  kReadOnly,
};

/// A store in one SQLite file: write-ahead log, `synchronous=FULL` (durable when a commit returns),
/// foreign keys on, the schema not trusted to run functions, file mode 0600.
///
/// Threads: one at a time. Source: sqlite.org/pragma.html, SQLite 3.40.
class Sqlite {
 public:
  /// Opens or makes the store. `path` is its file; ":memory:" gives one without a file, for tests.
  /// Errors: kIo, kCorruption (not a SQLite file, or a damaged one).
  static Result<Sqlite> Open(const std::filesystem::path& path, SqliteUse use = SqliteUse::kWrite);
  Sqlite(Sqlite&& other) noexcept;
  Sqlite& operator=(Sqlite&& other) noexcept;
  ~Sqlite();

  /// A copy in memory, which what is done to it leaves no trace of. Errors: kIo. Cost: its size.
  Result<Sqlite> CopyToMemory() const;

  /// The same in a file that is not there yet, whole in itself: nothing of it lies in a write-ahead
  /// log. Not durable until the caller syncs it. Errors: kConflict (the file is there), kIo.
  Status CopyToFile(const std::filesystem::path& file) const;

  /// Runs one or more statements that give no rows and need no parameters.
  /// Errors: kIo, kCorruption, kConflict, kUnavailable, kInternal (SQL that is wrong).
  Status Run(std::string_view sql);

  /// Prepares the one statement in `sql`, or takes one of that text that is idle.
  /// Errors: as Run. Cost: parsing, the first time.
  Result<Statement> Prepare(std::string_view sql) const;

  /// The number that the last insert gave its row.
  std::int64_t LastInsertId() const;

  /// How many rows the last insert, update or delete changed.
  std::int64_t Changes() const;

  /// The number the owner of the store keeps in it for its schema (`user_version`); 0 when new.
  Result<std::int64_t> SchemaVersion() const;
  Status SetSchemaVersion(int version);

 private:
  Sqlite(sqlite3* database, std::string store);
  static Result<Sqlite> OpenToRead(const std::filesystem::path& path);
  static Result<Sqlite> Connect(const std::string& path, const std::string& store, int flags);
  Status Configure();
  Status ConfigureToRead();
  Status CopyInto(sqlite3* copy) const;

  sqlite3* database_ = nullptr;
  std::string store_;  ///< the file's name, for messages
  std::shared_ptr<IdleStatements> idle_;
};

/// A transaction that rolls back at the end of its scope unless it was committed.
class Transaction {
 public:
  /// Takes the write lock at once. Errors: kUnavailable (locked too long), kIo, kInternal (nested).
  static Result<Transaction> Begin(Sqlite& store);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  /// Makes the changes durable. On an error nothing is changed. Call it once.
  Status Commit();

 private:
  explicit Transaction(Sqlite& store) : store_(&store) {}
  Sqlite* store_ = nullptr;  ///< null once it is over
};

}  // namespace candour::storage
