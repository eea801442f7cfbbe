#include "ledger/log.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "ledger/ledger_fixture.h"
#include "ledger/receipt.h"
#include "merkle/compact_range.h"
#include "merkle/hasher.h"
#include "storage/durable_file.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;
using storage::FaultyFilesystem;

/// Entries that are canonical JSON, as receipts ask of them.
std::string EntryText(std::uint64_t number) {
  return std::string("{\"n\":").append(std::to_string(number)).append("}");
}

class LogTest : public LedgerTest {
 protected:
  LogTest() { fs::create_directory(Folder()); }

  Result<std::unique_ptr<Log>> OpenLog(FaultyFilesystem& files, bool signs_first_time = false) {
    if (store_ == nullptr) store_ = CheckpointStore::Open(root_ / "checkpoints.db").value();
    auto key = crypto::Ed25519Key::FromSeed(crypto::Secret(32)).value();
    return Log::Open(Folder(),
                     {.files = files,
                      .checkpoints = *store_,
                      .signer = tlog::Signer::Create("example.org/log", std::move(key)).value(),
                      .signs_first_time = signs_first_time});
  }

  static Status AddTo(Log& log, std::uint64_t count) {
    while (count > 0) {
      const std::uint64_t some = std::min<std::uint64_t>(count, 1'000);
      std::vector<std::string> texts;
      for (std::uint64_t i = 0; i < some; ++i) texts.push_back(EntryText(log.size() + i));
      std::vector<storage::JournalRecord> batch;
      for (const std::string& text : texts) batch.push_back({7, text});
      CANDOUR_TRY(log.Commit(batch));
      count -= some;
    }
    return {};
  }

  static void CheckReceipts(const Log& log) {
    const tlog::LogTrust trust{.origin = "example.org/log", .log_keys = {log.key()}};
    for (std::uint64_t index = 0; index < log.size(); index += 1 + index / 7) {
      const auto receipt = log.Receipt(index);
      ASSERT_TRUE(receipt) << receipt.error().ToString();
      const auto checked = CheckReceipt(*receipt, trust);
      ASSERT_TRUE(checked) << checked.error().ToString();
      EXPECT_EQ(checked->index, index);
      EXPECT_EQ(checked->entry["n"], index);
    }
  }

  std::unique_ptr<CheckpointStore> store_;
};

TEST_F(LogTest, GivesAReceiptForEveryEntryBeforeAndAfterPublishingAndOpening) {
  FaultyFilesystem files;
  for (const std::uint64_t count : {1, 255, 1, 256, 70'000 - 513, 3}) {
    const auto log = OpenLog(files);
    ASSERT_TRUE(log) << log.error().ToString();
    ASSERT_TRUE(AddTo(**log, count));
    CheckReceipts(**log);
    ASSERT_TRUE((*log)->Publish());
    CheckReceipts(**log);
    EXPECT_TRUE((*log)->Verify());
  }
  CheckReceipts(**OpenLog(files));
}

TEST_F(LogTest, AnEmptyLogIsSignedForAndNotPublished) {
  FaultyFilesystem files;
  const auto log = OpenLog(files).value();
  EXPECT_EQ(log->last_signed()->checkpoint.size, 0U);
  EXPECT_EQ(log->last_signed()->checkpoint.root, merkle::EmptyRoot());
  EXPECT_TRUE(log->Publish());
  EXPECT_FALSE(files.Exists(Folder() / "public" / "checkpoint").value());
  EXPECT_EQ(log->Receipt(0).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(log->Verify());
}

TEST_F(LogTest, SignsOnOpeningWhatWasDurableAndNotSigned) {
  FaultyFilesystem files;
  {
    const auto log = OpenLog(files).value();
    ASSERT_TRUE(AddTo(*log, 3));
  }
  // The process died between the sync and the signature: the store still knows of two entries.
  const auto longer = store_->Find("example.org/log").value();
  merkle::CompactRange two;
  for (const int i : {0, 1}) two.Append(merkle::LeafHash(EntryText(i)));
  ASSERT_TRUE(
      store_->Swap(longer->checkpoint,
                   {.checkpoint = {.origin = "example.org/log", .size = 2, .root = two.Root()},
                    .note = "a note"}));
  const auto log = OpenLog(files);
  ASSERT_TRUE(log) << log.error().ToString();
  EXPECT_EQ(*store_->Find("example.org/log").value()->note.c_str(), *longer->note.c_str());
  EXPECT_EQ((*log)->last_signed()->checkpoint, longer->checkpoint);
}

TEST_F(LogTest, RefusesAnOlderJournal) {
  FaultyFilesystem files;
  const fs::path journal = Folder() / "journal" / "00000000000000000000.journal";
  {
    const auto log = OpenLog(files).value();
    ASSERT_TRUE(AddTo(*log, 3));
    const std::string older = files.Read(journal).value();
    ASSERT_TRUE(AddTo(*log, 1));
    ASSERT_TRUE(storage::WriteDurably(files, journal, older));
  }
  const auto log = OpenLog(files);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::kLedgerBehind);
  EXPECT_NE(log.error().next.find("restore"), std::string::npos);
}

TEST_F(LogTest, RefusesAnotherHistory) {
  FaultyFilesystem first;
  FaultyFilesystem second;
  ASSERT_TRUE(AddTo(*OpenLog(first).value(), 3));
  const auto other = OpenLog(second);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kLedgerBehind);
  // As long, and another: as when a copy of a home goes its own way.
  store_ = CheckpointStore::Open(root_ / "other.db").value();
  {
    const auto log = OpenLog(second).value();
    const std::string text = "{\"n\":\"other\"}";
    const std::vector<storage::JournalRecord> batch(4, {7, text});
    ASSERT_TRUE(log->Commit(batch));
  }
  store_ = nullptr;
  EXPECT_EQ(OpenLog(second).error().code, ErrorCode::kLedgerForked);
}

TEST_F(LogTest, OfTwoProcessesOnCopiesOneIsRefusedAndStops) {
  FaultyFilesystem one;
  FaultyFilesystem two;
  const auto first = OpenLog(one).value();
  const auto second = OpenLog(two).value();
  ASSERT_TRUE(AddTo(*first, 1));
  EXPECT_EQ(AddTo(*second, 1).error().code, ErrorCode::kLedgerForked);
  EXPECT_EQ(AddTo(*second, 1).error().code, ErrorCode::kLedgerReadOnly);
  EXPECT_EQ(second->stopped()->code, ErrorCode::kLedgerForked);
  EXPECT_TRUE(AddTo(*first, 1));
}

TEST_F(LogTest, EntriesThatNobodySignedAreTakenOnlyWhenAskedFor) {
  FaultyFilesystem files;
  ASSERT_TRUE(AddTo(*OpenLog(files).value(), 3));
  store_ = CheckpointStore::Open(root_ / "new.db").value();
  EXPECT_EQ(OpenLog(files).error().code, ErrorCode::kLedgerUnsigned);
  EXPECT_EQ(OpenLog(files, true).value()->last_signed()->checkpoint.size, 3U);
  EXPECT_TRUE(OpenLog(files));
}

TEST_F(LogTest, TilesThatAreLostOrDamagedAreFoundOrMadeAgain) {
  FaultyFilesystem files;
  const fs::path tiles = Folder() / "public";
  {
    const auto log = OpenLog(files).value();
    ASSERT_TRUE(AddTo(*log, 600));
    ASSERT_TRUE(log->Publish());
  }
  for (const std::string path : {"checkpoint", "tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2"}) {
    const auto log = OpenLog(files).value();
    const std::string right = files.Read(tiles / path).value();
    for (std::size_t at = 0; at < right.size(); at += 13) {
      std::string wrong = right;
      wrong[at] = static_cast<char>(wrong[at] ^ 0x04);
      ASSERT_TRUE(storage::WriteDurably(files, tiles / path, wrong));
      const Status verified = log->Verify();
      ASSERT_FALSE(verified) << path << " byte " << at;
      EXPECT_NE(verified.error().message.find(path), std::string::npos);
    }
    ASSERT_TRUE(storage::WriteDurably(files, tiles / path, right));
    EXPECT_TRUE(log->Verify());
  }
  ASSERT_TRUE(files.Remove(tiles / "checkpoint"));
  ASSERT_TRUE(files.Remove(tiles / "tile/0/000"));
  const auto log = OpenLog(files).value();
  ASSERT_TRUE(log->Publish());
  EXPECT_TRUE(log->Verify());
  CheckReceipts(*log);
}

}  // namespace
}  // namespace candour::ledger
