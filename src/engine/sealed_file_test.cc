#include "engine/sealed_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "crypto/random.h"
#include "engine/database.h"

namespace candour::engine {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// Found on a disk if nothing hides it; not compressible to something else.
constexpr std::string_view kMark = "MARKOFAPERSON";

std::string Contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void Put(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

crypto::Secret KeyOf(std::uint8_t byte) {
  crypto::Secret key(32);
  std::fill_n(key.Fill(), key.size(), byte);
  return key;
}

class SealedFileTest : public testing::Test {
 protected:
  SealedFileTest() {
    std::string folder = testing::TempDir() + "candour-sealed-XXXXXX";
    folder_ = ::mkdtemp(folder.data());
  }
  ~SealedFileTest() override { fs::remove_all(folder_); }
  fs::path File() const { return folder_ / "v000001.duckdb"; }

  /// Writes the table main.rows(record, text) with many rows, and gives the file's marks.
  std::string Write(int rows = 200000) {
    auto file = SealedFile::Create(File(), KeyOf(1));
    EXPECT_TRUE(file) << file.error().ToString();
    Database database = Database::Open().value();
    EXPECT_TRUE(database.AttachNew(*file, "out"));
    EXPECT_TRUE(database.Run(fmt::format(
        "CREATE TABLE out.main.rows AS SELECT i AS record, '{}' || hash(i) AS text FROM range({}) "
        "t(i); INSERT INTO out.main.rows SELECT 1000000 + i, '{}few' FROM range(3) t(i)",
        kMark, rows, kMark)));
    EXPECT_TRUE(database.Run("CHECKPOINT out"));
    EXPECT_TRUE(database.Detach("out"));
    return file->SealMarks("shop.orders 1");
  }

  Result<std::string> Sum(const std::string& marks, std::uint8_t key = 1) {
    CANDOUR_ASSIGN(SealedFile file, SealedFile::Open(File(), KeyOf(key), marks, "shop.orders 1"));
    Database database = Database::Open().value();
    CANDOUR_TRY(database.AttachReadOnly(std::move(file), "d"));
    CANDOUR_TRY(database.Lock());
    CANDOUR_ASSIGN(const Table table,
                   database.Query("SELECT sum(record), count(text) FROM d.main.rows "
                                  "WHERE text LIKE 'MARK%'"));
    return ToText(table.rows[0][0]) + " " + ToText(table.rows[0][1]);
  }

  fs::path folder_;
};

TEST_F(SealedFileTest, GivesBackWhatWasWritten) {
  const std::string marks = Write();
  const auto sum = Sum(marks);
  ASSERT_TRUE(sum) << sum.error().ToString();
  EXPECT_EQ(*sum, "20002900003 200003");
}

TEST_F(SealedFileTest, LeavesNothingReadableOnTheDisk) {
  Write();
  EXPECT_GT(fs::file_size(File()), 1000000U);
  for (const auto& entry : fs::directory_iterator(folder_)) {
    EXPECT_EQ(entry.path(), File()) << "nothing else is left";
    EXPECT_THAT(Contents(entry.path()), Not(HasSubstr(kMark)));
  }
}

TEST_F(SealedFileTest, IsNoDatabaseWithoutTheKey) {
  Write();
  Database database = Database::Open().value();
  EXPECT_EQ(database.AttachReadOnly(File(), "d").error().code, ErrorCode::kCorruption);
}

TEST_F(SealedFileTest, RefusesAnotherKeyOtherMarksAndAnotherPlace) {
  const std::string marks = Write();
  EXPECT_EQ(Sum(marks, 2).error().code, ErrorCode::kCorruption);
  EXPECT_EQ(Sum("").error().code, ErrorCode::kCorruption);
  EXPECT_EQ(SealedFile::Open(File(), KeyOf(1), marks, "shop.orders 2").error().code,
            ErrorCode::kCorruption);
  for (std::size_t at = 0; at < marks.size(); ++at) {
    std::string changed = marks;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_EQ(SealedFile::Open(File(), KeyOf(1), changed, "shop.orders 1").error().code,
              ErrorCode::kCorruption);
  }
}

// Every block is part of the database, so a changed byte anywhere is found by whoever reads it.
TEST_F(SealedFileTest, NamesTheFileWhenABlockWasChanged) {
  const std::string marks = Write();
  const std::string good = Contents(File());
  int found = 0;
  int tried = 0;
  for (std::size_t at = 0; at < good.size(); at += 100003, ++tried) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    Put(File(), changed);
    const auto sum = Sum(marks);
    if (sum) {
      EXPECT_EQ(*sum, "20002900003 200003") << "a block that nothing needs";
      continue;
    }
    ++found;
    EXPECT_EQ(sum.error().code, ErrorCode::kCorruption) << sum.error().ToString();
    EXPECT_THAT(sum.error().message, HasSubstr("v000001.duckdb"));
  }
  EXPECT_GT(found * 2, tried);
  Put(File(), good);
  EXPECT_TRUE(Sum(marks));
}

TEST_F(SealedFileTest, RefusesBlocksThatChangedPlacesAndFilesCutShort) {
  const std::string marks = Write();
  const std::string good = Contents(File());
  constexpr std::size_t kBlock = 262144;
  constexpr std::size_t kFirst = 12288;
  std::string swapped = good;
  swapped.replace(kFirst, kBlock, good.substr(kFirst + kBlock, kBlock));
  swapped.replace(kFirst + kBlock, kBlock, good.substr(kFirst, kBlock));
  Put(File(), swapped);
  EXPECT_EQ(Sum(marks).error().code, ErrorCode::kCorruption);
  for (const std::size_t size : {std::size_t{0}, std::size_t{4095}, kFirst, good.size() / 2}) {
    Put(File(), good.substr(0, size));
    EXPECT_EQ(Sum(marks).error().code, ErrorCode::kCorruption) << size;
  }
}

TEST_F(SealedFileTest, SeveralEnginesReadOneFileAtOnce) {
  const std::string marks = Write();
  std::vector<std::jthread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      for (int round = 0; round < 3; ++round) {
        const auto sum = Sum(marks);
        EXPECT_TRUE(sum && *sum == "20002900003 200003");
      }
    });
  }
}

TEST_F(SealedFileTest, WritesOverNoFile) {
  Put(File(), "kept");
  EXPECT_EQ(SealedFile::Create(File(), KeyOf(1)).error().code, ErrorCode::kConflict);
  EXPECT_EQ(SealedFile::Create(folder_ / "missing" / "x", KeyOf(1)).error().code, ErrorCode::kIo);
  EXPECT_EQ(SealedFile::Create(folder_ / "x", crypto::Secret(16)).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Contents(File()), "kept");
}

TEST_F(SealedFileTest, SealsWhatTheEngineSpills) {
  const fs::path spill = folder_ / "spill";
  fs::create_directory(spill);
  const auto sealed = SealedFile::CreateIn(spill, crypto::RandomSecret(32));
  ASSERT_TRUE(sealed);
  Database database = Database::Open({.memory_mb = 60, .threads = 1}).value();
  ASSERT_TRUE(database.Run(fmt::format("SET temp_directory='{}'", spill.string())));
  bool spilled = false;
  const Status done = database.Stream(
      fmt::format("SELECT '{}' || i AS text FROM range(3000000) t(i) ORDER BY hash(i)", kMark),
      [](const auto&) -> Status { return {}; },
      [&](const std::vector<Value>& row) -> Status {
        EXPECT_TRUE(ToText(row[0]).starts_with(kMark));
        if (spilled) return {};
        for (const auto& entry : fs::directory_iterator(spill)) {
          spilled = true;
          EXPECT_THAT(Contents(entry.path()), Not(HasSubstr(kMark))) << entry.path();
        }
        return {};
      });
  EXPECT_TRUE(done) << done.error().ToString();
  EXPECT_TRUE(spilled);
}

TEST_F(SealedFileTest, ALockedEngineSpillsNowhere) {
  Database database = Database::Open({.memory_mb = 60, .threads = 1}).value();
  ASSERT_TRUE(database.Lock());
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  const auto answer = database.Query(
      "SELECT count(t) FROM (SELECT 'text' || i AS t FROM range(5000000) t(i) ORDER BY hash(i) "
      "LIMIT 4000000)");
  fs::current_path(before);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("Out of Memory"));
  EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace candour::engine
