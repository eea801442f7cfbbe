#include "ledger/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "ledger/ledger_fixture.h"
#include "ledger/log.h"
#include "ledger/receipt.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RestoreTest : public LedgerTest {
 protected:
  /// Records so many accesses, closes the ledger again, and gives the last receipt and its key.
  std::pair<std::string, tlog::VerifierKey> Record(int accesses) {
    auto ledger = Open();
    EXPECT_TRUE(ledger) << ledger.error().ToString();
    std::uint64_t last = 0;  // accesses without people have no tree that would follow
    for (int i = 0; i < accesses; ++i) last = ledger->Started(Access(SetId{})).value();
    return {ledger->Receipt(LogName::kAccesses, last).value(),
            ledger->log(LogName::kAccesses).key()};
  }

  void CopyTo(const std::string& name) {
    fs::remove_all(root_ / name);
    fs::copy(Folder(), root_ / name, fs::copy_options::recursive);
  }
  void PutBack(const std::string& name) {
    fs::remove_all(Folder());
    fs::copy(root_ / name, Folder(), fs::copy_options::recursive);
  }
  fs::path Checkpoints() const { return TestSettings(Folder()).checkpoint_file; }
  void LoseCheckpoints() {
    for (const char* end : {"", "-wal", "-shm"}) fs::remove(Checkpoints().string() + end);
  }

  std::vector<LogStanding> Standings() const {
    return ReadStandings(TestSettings(Folder())).value();
  }
  static RestoreTerms Terms() {
    return {.by = {.principal = "governance", .os_user = "root", .reason = "the disk broke"}};
  }
  static RestoreTerms Loss() {
    RestoreTerms terms = Terms();
    terms.loss = true;
    return terms;
  }
  static RestoreTerms LostCheckpoints() {
    RestoreTerms terms = Terms();
    terms.lost_checkpoints = true;
    return terms;
  }
  std::vector<Continued> Continue(const RestoreTerms& terms) const {
    const auto standings = Standings();
    const Status allowed = CheckTerms(standings, terms);
    EXPECT_TRUE(allowed) << allowed.error().ToString();
    auto continued = ContinueLogs(TestSettings(Folder()), standings, terms, clock_);
    EXPECT_TRUE(continued) << continued.error().ToString();
    return continued.value_or(std::vector<Continued>());
  }

  static void ExpectReceiptHolds(const std::pair<std::string, tlog::VerifierKey>& receipt) {
    const tlog::LogTrust trust{.origin = receipt.second.name(), .log_keys = {receipt.second}};
    const auto checked = CheckReceipt(receipt.first, trust);
    EXPECT_TRUE(checked) << checked.error().ToString();
  }
};

TEST_F(RestoreTest, WhatIsWholeIsLeftAsItIs) {
  Record(3);
  for (const LogStanding& log : Standings()) {
    EXPECT_EQ(log.standing, Standing::kWhole);
    EXPECT_EQ(log.lost(), 0U);
  }
  EXPECT_TRUE(Continue(Terms()).empty());
  Record(1);
}

TEST_F(RestoreTest, ALossIsRefusedUntilItIsAccepted) {
  Record(3);
  CopyTo("backup");
  Record(2);
  PutBack("backup");
  EXPECT_EQ(Open().error().code, ErrorCode::kLedgerBehind);
  const Status refused = CheckTerms(Standings(), Terms());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLedgerBehind);
  EXPECT_THAT(refused.error().message, HasSubstr("2 entries of accesses"));
  RestoreTerms without_reason = Loss();
  without_reason.by.reason.clear();
  EXPECT_EQ(CheckTerms(Standings(), without_reason).error().code, ErrorCode::kUsage);
  EXPECT_EQ(CheckTerms(Standings(), LostCheckpoints()).error().code, ErrorCode::kUsage);
}

TEST_F(RestoreTest, AnAcceptedLossClosesTheLogAndGoesOn) {
  const auto kept = Record(3);
  CopyTo("backup");
  const auto lost = Record(2);
  CopyTo("newest");
  PutBack("backup");
  const auto continued = Continue(Loss());
  ASSERT_EQ(continued.size(), 1U);
  EXPECT_EQ(continued[0].name, LogName::kAccesses);
  EXPECT_THAT(continued[0].entry.origin, HasSubstr("example.org/test/accesses/2-"));
  {
    const auto ledger = Open();
    ASSERT_TRUE(ledger) << ledger.error().ToString();
    EXPECT_TRUE(ledger->Verify());
    const Entry entry = ledger->Read(LogName::kAccesses, 3, 1)->at(0);
    EXPECT_EQ(entry.type, EntryType::kRestored);
    const auto body = nlohmann::json::parse(entry.payload)["body"];
    EXPECT_EQ(body["lost"], 2);
    EXPECT_EQ(body["kept"], 3);
    EXPECT_EQ(body["closed"]["origin"], "example.org/test/accesses");
    EXPECT_THAT(body["closed"]["checkpoint"], HasSubstr("example.org/test/accesses\n5\n"));
    EXPECT_THAT(entry.payload, Not(HasSubstr("the disk broke")));
    EXPECT_THAT(entry.payload, Not(HasSubstr("governance")));
    EXPECT_THAT(ledger->Copy(LogName::kAccesses, 3).value(), HasSubstr("the disk broke"));
  }
  const auto next = Record(1);
  EXPECT_EQ(next.second.name(), continued[0].entry.origin);
  EXPECT_NE(next.second.key(), kept.second.key());
  for (const auto& receipt : {kept, lost, next}) ExpectReceiptHolds(receipt);
  // Not even the newest copy of what was closed is signed for again.
  PutBack("newest");
  EXPECT_FALSE(Open());
}

TEST_F(RestoreTest, ABackupOfAnEarlierLifeCountsWhatWasLostSince) {
  Record(3);
  CopyTo("three");
  Record(2);
  CopyTo("five");
  PutBack("three");
  Continue(Loss());
  Record(4);
  // Now 3 kept, 1 restored, 4 more. The older backups lack all that came after the first 3.
  for (const char* backup : {"three", "five"}) {
    PutBack(backup);
    const LogStanding log = Standings()[0];
    EXPECT_EQ(log.standing, Standing::kBehind);
    EXPECT_EQ(log.kept, 3U);
    EXPECT_EQ(log.lost(), 5U);
  }
  const auto continued = Continue(Loss());
  EXPECT_THAT(continued.at(0).entry.origin, HasSubstr("/accesses/3-"));
  const auto next = Record(1);
  ExpectReceiptHolds(next);
  EXPECT_TRUE(Open()->Verify());
}

TEST_F(RestoreTest, WithoutItsCheckpointStoreAHomeGoesOnUnderANewName) {
  const auto before = Record(3);
  LoseCheckpoints();
  EXPECT_EQ(Open().error().code, ErrorCode::kLedgerUnsigned);
  LoseCheckpoints();
  EXPECT_EQ(CheckTerms(Standings(), Loss()).error().code, ErrorCode::kLedgerUnsigned);
  const auto first = Continue(LostCheckpoints());
  ASSERT_EQ(first.size(), 2U);
  ExpectReceiptHolds(Record(1));
  LoseCheckpoints();
  const auto second = Continue(LostCheckpoints());
  EXPECT_EQ(second.at(0).entry.closed, first.at(0).entry.origin);
  EXPECT_THAT(second.at(0).entry.origin, HasSubstr("/accesses/3-"));
  EXPECT_FALSE(second.at(0).entry.last.has_value());
  ExpectReceiptHolds(Record(1));
  ExpectReceiptHolds(before);
}

TEST_F(RestoreTest, AnOldCopyOfTheCheckpointStoreSignsNoClosedLog) {
  Record(3);
  fs::copy_file(Checkpoints(), root_ / "old-store");
  Record(1);
  CopyTo("backup");
  Record(1);
  PutBack("backup");
  Continue(Loss());
  Record(2);
  LoseCheckpoints();
  fs::copy_file(root_ / "old-store", Checkpoints());
  EXPECT_EQ(Open().error().code, ErrorCode::kLedgerUnsigned);
  EXPECT_EQ(CheckTerms(Standings(), Terms()).error().code, ErrorCode::kLedgerUnsigned);
  Continue(LostCheckpoints());
  ExpectReceiptHolds(Record(1));
}

TEST_F(RestoreTest, ARestoreThatWasCutOffCountsRightWhenItIsDoneAgain) {
  Record(3);
  CopyTo("backup");
  Record(1);
  PutBack("backup");
  fs::copy_file(Checkpoints(), root_ / "store");
  Continue(Loss());
  // The journal went on, and the store never heard of it.
  LoseCheckpoints();
  fs::copy_file(root_ / "store", Checkpoints());
  EXPECT_FALSE(Open());
  const LogStanding log = Standings()[0];
  EXPECT_EQ(log.standing, Standing::kBehind);
  EXPECT_EQ(log.kept, 3U);
  EXPECT_EQ(log.lost(), 1U);
  Continue(Loss());
  ExpectReceiptHolds(Record(1));
  EXPECT_TRUE(Open()->Verify());
}

TEST_F(RestoreTest, AnotherHistoryIsRefusedWhateverIsAccepted) {
  Record(3);
  fs::remove_all(Folder());
  fs::rename(Checkpoints(), root_ / "kept-store");
  LoseCheckpoints();
  Record(3);
  LoseCheckpoints();
  fs::rename(root_ / "kept-store", Checkpoints());
  const auto standings = ReadStandings(TestSettings(Folder()));
  ASSERT_FALSE(standings);
  EXPECT_EQ(standings.error().code, ErrorCode::kLedgerForked);
}

TEST_F(RestoreTest, AChangedReasonIsFound) {
  Record(3);
  LoseCheckpoints();
  Continue(LostCheckpoints());
  const fs::path file = OpeningsFile(Folder() / "accesses", 3);
  std::string text = BytesOfFile(file);
  text.replace(text.find("broke"), 5, "burnt");
  std::ofstream(file) << text;
  const Status verified = Open()->Verify();
  ASSERT_FALSE(verified);
  EXPECT_EQ(verified.error().code, ErrorCode::kLedgerCorrupt);
  EXPECT_THAT(verified.error().message, HasSubstr("number 3"));
}

}  // namespace
}  // namespace candour::ledger
