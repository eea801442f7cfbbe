#include "storage/sqlite.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace candour::storage {
namespace {

class SqliteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "candour-sqlite-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path File() const { return folder_ / "test.db"; }

  static std::int64_t CountOf(const Sqlite& store, std::string_view table) {
    Statement statement = store.Prepare("SELECT count(*) FROM " + std::string(table)).value();
    EXPECT_TRUE(statement.Step().value());
    return statement.Int64(0);
  }

  std::filesystem::path folder_;
};

TEST_F(SqliteTest, KeepsEveryKindOfValueOverReopening) {
  const std::string blob("\0\1\xff", 3);
  {
    Sqlite store = Sqlite::Open(File()).value();
    ASSERT_TRUE(store.Run("CREATE TABLE t(a INTEGER, b TEXT, c BLOB, d TEXT, e TEXT) STRICT"));
    Statement insert = store.Prepare("INSERT INTO t VALUES(?,?,?,?,?)").value();
    ASSERT_TRUE(insert.Bind(1, std::int64_t{-5'000'000'000}));
    ASSERT_TRUE(insert.Bind(2, "O'Brien \xe2\x82\xac"));
    ASSERT_TRUE(insert.BindBlob(3, blob));
    ASSERT_TRUE(insert.BindNull(4));
    ASSERT_TRUE(insert.Bind(5, std::string_view()));
    ASSERT_TRUE(insert.Run());
  }
  Sqlite store = Sqlite::Open(File()).value();
  Statement select = store.Prepare("SELECT * FROM t").value();
  ASSERT_TRUE(select.Step().value());
  EXPECT_EQ(select.Int64(0), -5'000'000'000);
  EXPECT_EQ(select.Text(1), "O'Brien \xe2\x82\xac");
  EXPECT_EQ(select.Blob(2), blob);
  EXPECT_TRUE(select.IsNull(3));
  EXPECT_FALSE(select.IsNull(4));
  EXPECT_EQ(select.TextView(4), "");
  EXPECT_FALSE(select.Step().value());
}

TEST_F(SqliteTest, OthersCannotReadItsFiles) {
  Sqlite store = Sqlite::Open(File()).value();
  ASSERT_TRUE(store.Run("CREATE TABLE t(a)"));
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    struct stat status{};
    ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST_F(SqliteTest, TransactionRollsBackUnlessCommitted) {
  Sqlite store = Sqlite::Open(File()).value();
  ASSERT_TRUE(store.Run("CREATE TABLE t(a)"));
  {
    Transaction dropped = Transaction::Begin(store).value();
    ASSERT_TRUE(store.Run("INSERT INTO t VALUES(1)"));
  }
  EXPECT_EQ(CountOf(store, "t"), 0);
  {
    Transaction kept = Transaction::Begin(store).value();
    EXPECT_FALSE(Transaction::Begin(store));
    ASSERT_TRUE(store.Run("INSERT INTO t VALUES(1)"));
    ASSERT_TRUE(kept.Commit());
    EXPECT_FALSE(kept.Commit());
  }
  EXPECT_EQ(CountOf(store, "t"), 1);
}

TEST_F(SqliteTest, ConstraintsAreConflictsAndNeverEchoValues) {
  Sqlite store = Sqlite::Open(File()).value();
  ASSERT_TRUE(store.Run("CREATE TABLE t(a TEXT PRIMARY KEY)"));
  Statement insert = store.Prepare("INSERT INTO t VALUES(?)").value();
  ASSERT_TRUE(insert.Bind(1, "secret-value"));
  ASSERT_TRUE(insert.Run());
  const Status again = insert.Run();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_EQ(again.error().ToString().find("secret-value"), std::string::npos);
  EXPECT_EQ(insert.Bind(2, std::int64_t{1}).error().code, ErrorCode::kInternal);
}

TEST_F(SqliteTest, ForeignKeysHold) {
  Sqlite store = Sqlite::Open(File()).value();
  ASSERT_TRUE(
      store.Run("CREATE TABLE a(id INTEGER PRIMARY KEY);"
                "CREATE TABLE b(a INTEGER NOT NULL REFERENCES a(id))"));
  EXPECT_EQ(store.Run("INSERT INTO b VALUES(7)").error().code, ErrorCode::kConflict);
}

TEST_F(SqliteTest, ACopyInAFileIsWholeWhileTheStoreIsInUse) {
  Sqlite store = Sqlite::Open(File()).value();
  ASSERT_TRUE(store.Run("CREATE TABLE t(a); INSERT INTO t VALUES(1); PRAGMA user_version=7"));
  const std::filesystem::path copy = folder_ / "copy.db";
  ASSERT_TRUE(store.CopyToFile(copy));
  ASSERT_TRUE(store.Run("INSERT INTO t VALUES(2)"));
  struct stat status{};
  ASSERT_EQ(::stat(copy.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "copy.db-wal"));
  EXPECT_EQ(store.CopyToFile(copy).error().code, ErrorCode::kConflict);
  const Sqlite opened = Sqlite::Open(copy).value();
  EXPECT_EQ(CountOf(opened, "t"), 1);
  EXPECT_EQ(opened.SchemaVersion().value(), 7);
}

TEST_F(SqliteTest, ReadsWhatWasCommittedWithoutWritingAnything) {
  const std::filesystem::path left = folder_ / "left.db";
  const std::filesystem::path log = folder_ / "left.db-wal";
  {
    Sqlite store = Sqlite::Open(File()).value();
    ASSERT_TRUE(store.Run("CREATE TABLE t(a); INSERT INTO t VALUES(1)"));
    // What a process leaves behind that ends without closing its store.
    std::filesystem::copy_file(File(), left);
    std::filesystem::copy_file(folder_ / "test.db-wal", log);
  }
  const auto log_bytes = std::filesystem::file_size(log);
  ASSERT_GT(log_bytes, 0u);
  {
    Sqlite read = Sqlite::Open(left, SqliteUse::kReadOnly).value();
    EXPECT_EQ(CountOf(read, "t"), 1);
    EXPECT_FALSE(read.Run("INSERT INTO t VALUES(2)"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "left.db-shm"));
  }
  EXPECT_EQ(std::filesystem::file_size(log), log_bytes);
  EXPECT_EQ(Sqlite::Open(folder_ / "none.db", SqliteUse::kReadOnly).error().code, ErrorCode::kIo);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.db"));
}

TEST_F(SqliteTest, RefusesAFileThatIsNotAStore) {
  std::ofstream(File()) << std::string(4096, 'x');
  EXPECT_EQ(Sqlite::Open(File()).error().code, ErrorCode::kCorruption);
}

TEST_F(SqliteTest, RefusesAFolderThatIsNotThere) {
  EXPECT_EQ(Sqlite::Open(folder_ / "none" / "test.db").error().code, ErrorCode::kIo);
}

TEST_F(SqliteTest, WrongSqlIsOurOwnFault) {
  Sqlite store = Sqlite::Open(":memory:").value();
  EXPECT_EQ(store.Run("CREATE NONSENSE").error().code, ErrorCode::kInternal);
  EXPECT_EQ(store.Prepare("SELECT nothing FROM nowhere").error().code, ErrorCode::kInternal);
  EXPECT_EQ(store.Prepare("").error().code, ErrorCode::kInternal);
}

TEST_F(SqliteTest, RemembersItsSchemaVersion) {
  Sqlite store = Sqlite::Open(File()).value();
  EXPECT_EQ(store.SchemaVersion().value(), 0);
  ASSERT_TRUE(store.SetSchemaVersion(3));
  EXPECT_EQ(Sqlite::Open(File()).value().SchemaVersion().value(), 3);
}

}  // namespace
}  // namespace candour::storage
