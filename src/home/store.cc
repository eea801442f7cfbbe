#include "home/store.h"

#include <fmt/format.h>

#include <system_error>

#include "home/read.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;
using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

constexpr int kSchemaVersion = 1;

constexpr std::string_view kTables = R"sql(
  CREATE TABLE applied (
    number  INTEGER PRIMARY KEY,
    time_us INTEGER NOT NULL,
    os_user TEXT NOT NULL
  ) STRICT;
  CREATE TABLE applied_file (
    number INTEGER NOT NULL REFERENCES applied (number),
    path   TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (number, path)
  ) STRICT, WITHOUT ROWID;
)sql";

Status CheckFolder(const fs::path& dir) {
  std::error_code failure;
  const fs::file_status status = fs::symlink_status(dir, failure);
  if (failure || status.type() != fs::file_type::directory) {
    return Fail(Error{.code = ErrorCode::kHomeMissing,
                      .message = "the home has no state folder: " + dir.string()}
                    .Next("candour init DIR makes a home"));
  }
  const fs::perms others = fs::perms::group_all | fs::perms::others_all;
  if ((status.permissions() & others) == fs::perms::none) return {};
  return Fail(Error{.code = ErrorCode::kHomePermissions,
                    .message = "the home's state folder is open to others: " + dir.string()}
                  .Expected("mode 0700")
                  .FixBy("the owner of the home")
                  .Next("chmod 700 " + dir.string()));
}

AppliedVersion VersionOf(const Statement& row) {
  return AppliedVersion{
      .number = row.Int64(0), .time = UtcTime{row.Int64(1)}, .os_user = row.Text(2)};
}

Status AddFiles(const Sqlite& database, std::int64_t number,
                const std::vector<DeclarationFile>& files) {
  CANDOUR_ASSIGN(
      Statement insert,
      database.Prepare("INSERT INTO applied_file (number, path, text) VALUES (?, ?, ?)"));
  for (const DeclarationFile& file : files) {
    CANDOUR_TRY(insert.Bind(1, number));
    CANDOUR_TRY(insert.Bind(2, file.path));
    CANDOUR_TRY(insert.Bind(3, file.text));
    CANDOUR_TRY(insert.Run());
  }
  return {};
}

}  // namespace

Result<Store> Store::Open(const fs::path& state_dir, storage::SqliteUse use) {
  CANDOUR_TRY(CheckFolder(state_dir));
  CANDOUR_ASSIGN(Sqlite database, Sqlite::Open(state_dir / "store.db", use));
  Store store(std::move(database));
  CANDOUR_TRY(store.MakeTables());
  return store;
}

Status Store::MakeTables() {
  CANDOUR_ASSIGN(const std::int64_t version, database_.SchemaVersion());
  if (version == kSchemaVersion) return {};
  if (version != 0) {
    return Fail(ErrorCode::kCorruption, "the store was written by another version of Candour");
  }
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(database_));
  CANDOUR_TRY(database_.Run(kTables));
  CANDOUR_TRY(database_.SetSchemaVersion(kSchemaVersion));
  return transaction.Commit();
}

Result<Declarations> Store::LoadInForce() const {
  CANDOUR_ASSIGN(const std::optional<AppliedVersion> current, Current());
  if (!current) return Declarations{};
  return Load(*current);
}

Result<Declarations> Store::LoadAt(UtcTime time) const {
  CANDOUR_ASSIGN(const std::vector<AppliedVersion> versions, History());
  for (const AppliedVersion& version : versions) {
    if (version.time <= time) return Load(version);
  }
  return Declarations{};
}

Result<Declarations> Store::Load(const AppliedVersion& version) const {
  CANDOUR_ASSIGN(std::vector<DeclarationFile> files, FilesOf(version.number));
  Reading reading = ReadDeclarations(std::move(files));
  if (reading.ok()) return std::move(reading.declarations);
  return Fail(Error{.code = ErrorCode::kCorruption,
                    .message = "the declarations in force cannot be read any more: " +
                               reading.errors.front().message}
                  .At(reading.errors.front().where.value_or(Where{}))
                  .FixBy("the data-governance lead")
                  .Next("repair the declarations in the home and run candour apply"));
}

Result<AppliedVersion> Store::Apply(const Declarations& declarations, const std::string& os_user,
                                    UtcTime time) {
  Reading reading = ReadDeclarations(declarations.files);
  if (!reading.ok()) return Fail(std::move(reading.errors.front()));
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(database_));
  CANDOUR_ASSIGN(const std::optional<AppliedVersion> current, Current());
  const AppliedVersion next{
      .number = current ? current->number + 1 : 1, .time = time, .os_user = os_user};
  {
    CANDOUR_ASSIGN(
        Statement insert,
        database_.Prepare("INSERT INTO applied (number, time_us, os_user) VALUES (?, ?, ?)"));
    CANDOUR_TRY(insert.Bind(1, next.number));
    CANDOUR_TRY(insert.Bind(2, next.time.us));
    CANDOUR_TRY(insert.Bind(3, next.os_user));
    CANDOUR_TRY(insert.Run());
  }
  CANDOUR_TRY(AddFiles(database_, next.number, reading.declarations.files));
  CANDOUR_TRY(transaction.Commit());
  return next;
}

Result<std::optional<AppliedVersion>> Store::Current() const {
  CANDOUR_ASSIGN(Statement select, database_.Prepare("SELECT number, time_us, os_user FROM applied "
                                                     "ORDER BY number DESC LIMIT 1"));
  CANDOUR_ASSIGN(const bool found, select.Step());
  return found ? std::optional(VersionOf(select)) : std::nullopt;
}

Result<std::vector<AppliedVersion>> Store::History() const {
  CANDOUR_ASSIGN(
      Statement select,
      database_.Prepare("SELECT number, time_us, os_user FROM applied ORDER BY number DESC"));
  std::vector<AppliedVersion> versions;
  while (true) {
    CANDOUR_ASSIGN(const bool more, select.Step());
    if (!more) return versions;
    versions.push_back(VersionOf(select));
  }
}

Result<std::vector<DeclarationFile>> Store::FilesOf(std::int64_t version) const {
  CANDOUR_ASSIGN(
      Statement select,
      database_.Prepare("SELECT path, text FROM applied_file WHERE number = ? ORDER BY path"));
  CANDOUR_TRY(select.Bind(1, version));
  std::vector<DeclarationFile> files;
  while (true) {
    CANDOUR_ASSIGN(const bool more, select.Step());
    if (!more) return files;
    files.push_back(DeclarationFile{.path = select.Text(0), .text = select.Text(1)});
  }
}

}  // namespace candour::home
