#include "ledger/checkpoint_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/sqlite.h"

namespace candour::ledger {
namespace {

constexpr const char* kFirst = "example.org/log";
constexpr const char* kSecond = "example.org/log/2-aaaaaaaa";
constexpr const char* kThird = "example.org/log/3-bbbbbbbb";

SignedNote NoteOf(const std::string& origin, std::uint64_t size) {
  SignedNote note{.checkpoint = {.origin = origin, .size = size}, .note = "a note"};
  note.checkpoint.root.fill(static_cast<std::uint8_t>(size));
  return note;
}

class CheckpointStoreTest : public testing::Test {
 protected:
  std::unique_ptr<CheckpointStore> store_ = CheckpointStore::Open(":memory:").value();
};

TEST_F(CheckpointStoreTest, ALogThatWasNeverClosedHasOneLife) {
  const auto lives = store_->LivesOf(kFirst);
  ASSERT_TRUE(lives);
  ASSERT_EQ(lives->size(), 1U);
  EXPECT_EQ(lives->front().origin, kFirst);
}

TEST_F(CheckpointStoreTest, AClosedLogGoesOnUnderItsSuccessorAndIsNeverSignedAgain) {
  const SignedNote last = NoteOf(kFirst, 9);
  ASSERT_TRUE(store_->Swap(std::nullopt, last));
  ASSERT_TRUE(store_->Close({{kFirst, 5}}, last.checkpoint, NoteOf(kSecond, 6)));
  ASSERT_TRUE(store_->Close({{kSecond, 6}}, NoteOf(kSecond, 6).checkpoint, NoteOf(kThird, 7)));

  const auto lives = store_->LivesOf(kFirst);
  ASSERT_TRUE(lives);
  ASSERT_EQ(lives->size(), 3U);
  EXPECT_EQ(lives->at(0).kept, 5U);
  EXPECT_EQ(lives->at(1).origin, kSecond);
  EXPECT_EQ(lives->at(1).kept, 6U);
  EXPECT_EQ(lives->at(2).origin, kThird);
  EXPECT_EQ(store_->Find(kThird).value()->checkpoint.size, 7U);

  // Whoever still holds the old log open stops.
  const Status again = store_->Swap(last.checkpoint, NoteOf(kFirst, 10));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kLedgerForked);
  EXPECT_EQ(store_->Find(kFirst).value()->checkpoint.size, 9U);
  EXPECT_TRUE(store_->Swap(NoteOf(kThird, 7).checkpoint, NoteOf(kThird, 8)));
}

TEST_F(CheckpointStoreTest, ALogThatWentOnMeanwhileIsNotClosed) {
  const SignedNote seen = NoteOf(kFirst, 9);
  ASSERT_TRUE(store_->Swap(std::nullopt, seen));
  ASSERT_TRUE(store_->Swap(seen.checkpoint, NoteOf(kFirst, 10)));
  const Status closed = store_->Close({{kFirst, 5}}, seen.checkpoint, NoteOf(kSecond, 6));
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, ErrorCode::kLedgerForked);
  EXPECT_EQ(store_->LivesOf(kFirst)->size(), 1U);
  EXPECT_FALSE(store_->Find(kSecond).value().has_value());
}

TEST_F(CheckpointStoreTest, ALogIsClosedOnceOnly) {
  ASSERT_TRUE(store_->Close({{kFirst, 5}}, std::nullopt, NoteOf(kSecond, 6)));
  EXPECT_EQ(store_->Close({{kFirst, 5}}, std::nullopt, NoteOf(kThird, 6)).error().code,
            ErrorCode::kLedgerForked);
  EXPECT_EQ(store_->LivesOf(kFirst)->back().origin, kSecond);
}

TEST_F(CheckpointStoreTest, AStoreOfTheFirstVersionGetsTheNewTable) {
  const std::filesystem::path file = testing::TempDir() + "candour-first-version.checkpoints";
  std::filesystem::remove(file);
  {
    auto first = storage::Sqlite::Open(file);
    ASSERT_TRUE(first);
    ASSERT_TRUE(
        first->Run("CREATE TABLE checkpoint (origin TEXT PRIMARY KEY, size INTEGER NOT "
                   "NULL, root BLOB NOT NULL, note TEXT NOT NULL) STRICT, WITHOUT ROWID"));
    ASSERT_TRUE(first->SetSchemaVersion(1));
  }
  const auto store = CheckpointStore::Open(file);
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->Swap(std::nullopt, NoteOf(kFirst, 1)));
  EXPECT_TRUE((*store)->Close({{kFirst, 1}}, NoteOf(kFirst, 1).checkpoint, NoteOf(kSecond, 2)));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace candour::ledger
