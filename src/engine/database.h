#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bitmap.h"
#include "base/ids.h"
#include "base/result.h"
#include "engine/sealed_file.h"
#include "engine/value.h"

namespace candour::engine {

/// Receives rows while a statement runs; returning an error stops it.
using RowSink = std::function<Status(const std::vector<Value>& row)>;

/// How much of the machine a database may take.
struct Limits {
  std::int64_t memory_mb = 4096;
  int threads = 2;
};

/// A private, in-memory instance of the SQL engine (DuckDB through its C API).
///
/// It starts able to read and write files. `Lock` ends that for good: no files, no extensions, no
/// settings. Statements given here are our own text, or text that the door has rewritten; nothing a
/// user wrote may reach `Run` unchanged.
///
/// Errors carry the engine's text in `message` under kInternal or kDataInvalid, and that text may
/// quote data: the caller decides what of it may leave. Threads: one at a time.
/// It never spills to the disk of its own accord: a statement that needs more memory than `Limits`
/// give fails.
class Database {
 public:
  /// Errors: kUnavailable when the library is not the version Candour was tested with.
  static Result<Database> Open(const Limits& limits = {});

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// Makes the file's tables readable as `alias`.main.…; the file is opened read-only.
  /// Errors: kCorruption (missing, damaged, or not one of ours); never in the engine's own words.
  Status AttachReadOnly(const std::filesystem::path& file, std::string_view alias);

  /// The same for a file that lies encrypted on the disk. A block that was changed there fails the
  /// statement that reads it with kCorruption.
  Status AttachReadOnly(SealedFile file, std::string_view alias);

  /// Creates the file and makes it writable as `alias`. `Detach` closes it.
  Status AttachNew(const std::filesystem::path& file, std::string_view alias);

  /// The same, encrypted on its way to the disk, and without a journal beside it: what was not
  /// written by CHECKPOINT is not there. `file` came from SealedFile::Create and outlives the
  /// alias. Errors: kUnavailable (the engine's writes do not pass through it; nothing was written).
  Status AttachNew(const SealedFile& file, std::string_view alias);
  Status Detach(std::string_view alias);

  /// Keeps the planner from working with the least and greatest stored values of columns, to which
  /// every row of a file contributes: it computes expressions on them, and such an expression may
  /// fail although no row that the statement may see makes it fail. Blocks of rows are still
  /// skipped by comparisons. Before Lock. Cost: grouping by a whole number takes up to 1.3
  /// times as long behind the consent predicate, and 1.8 times without it.
  Status HideStatistics();

  /// Turns off files, network, extensions and settings. Attached files stay readable.
  Status Lock();

  /// Runs one statement and throws its rows away.
  Status Run(std::string_view sql);

  /// Runs one statement; its text parameters take the places of ?. The result is kept in memory.
  Result<Table> Query(std::string_view sql, const std::vector<std::string>& parameters = {});

  /// Runs one statement and hands over each row as it comes, without keeping them.
  /// `columns` is called once, before the first row.
  Status Stream(std::string_view sql,
                const std::function<Status(const std::vector<Column>&)>& columns,
                const RowSink& row);

  /// Fraction done of the statement now running, 0 to 1, or -1 when unknown. Threads: any.
  double Progress() const;

  /// Adds the SQL function `name`(record) -> BOOLEAN: whether the record is in `set`.
  /// A null record gives false. Cost per row: one load and a shift.
  Status AddMembership(std::string_view name, std::shared_ptr<const Bitmap> set);

  /// Adds the SQL function `name`(record) -> VARCHAR. A null record gives null.
  Status AddRecordText(std::string_view name, std::function<std::string(RecordNo)> text);

  /// Adds the SQL function `name`(record) -> UINTEGER: the person number of each record.
  Status AddPersonOf(std::string_view name, std::shared_ptr<const std::vector<PersonNo>> person_of);

  /// Adds the SQL aggregate `name`(record, counts) -> UINTEGER[]: up to `limit` different people
  /// (person numbers) among the records whose `counts` is true. It stops looking once it has seen
  /// `limit`, which makes "at least limit people" cheap. `limit`: 1 to 100.
  Status AddPeople(std::string_view name, std::shared_ptr<const std::vector<PersonNo>> person_of,
                   int limit);

  /// Adds the SQL function `name`(key VARCHAR) -> UINTEGER, called once per row in row order
  /// within a chunk: gives record numbers to keys when data is adopted. 0 comes back as null.
  Status AddKeyLookup(std::string_view name,
                      std::function<Result<RecordNo>(std::string_view)> find);

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  Error EngineError(const char* text) const;
  std::unique_ptr<State> state_;
};

/// `name` as a quoted SQL identifier.
std::string QuoteIdentifier(std::string_view name);

/// `text` as a SQL string literal.
std::string QuoteLiteral(std::string_view text);

}  // namespace candour::engine
