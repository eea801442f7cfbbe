#include "ledger/key_rotation.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ledger/ledger_fixture.h"
#include "ledger/log.h"
#include "ledger/receipt.h"
#include "ledger/restore.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

constexpr auto kScheduled = RotationReason::kScheduled;

class KeyRotationTest : public LedgerTest {
 protected:
  Result<std::vector<RotatedLog>> Rotate(Ledger& ledger) const {
    return ledger.RotateKeys(TestSettings(Folder()).signing_key, kScheduled);
  }

  static tlog::VerifierKey KeyOf(const Ledger& ledger) {
    return ledger.log(LogName::kAccesses).key();
  }

  static bool Verifies(const std::string& receipt, const tlog::VerifierKey& key) {
    return CheckReceipt(receipt, {.origin = key.name(), .log_keys = {key}}).has_value();
  }
};

TEST_F(KeyRotationTest, EarlierReceiptsKeepTheirKeyAndLaterOnesHaveTheNew) {
  std::string earlier;
  std::optional<tlog::VerifierKey> before;
  std::optional<tlog::VerifierKey> after;
  {
    Ledger ledger = Open().value();
    before = KeyOf(ledger);
    const std::uint64_t access = ledger.Started(Access({})).value();
    earlier = ledger.Receipt(LogName::kAccesses, access).value();
    const tlog::VerifierKey statements = ledger.statement_key();
    const auto rotated = Rotate(ledger);
    ASSERT_TRUE(rotated) << rotated.error().ToString();
    ASSERT_EQ(rotated->size(), 2U);
    after = KeyOf(ledger);
    EXPECT_NE(before->ToString(), after->ToString());
    EXPECT_NE(ledger.statement_key().ToString(), statements.ToString());
    // Whoever trusts the old key learns the new one from the receipt of the change.
    const auto change =
        CheckReceipt(rotated->front().receipt, {.origin = before->name(), .log_keys = {*before}});
    ASSERT_TRUE(change) << change.error().ToString();
    EXPECT_EQ(change->entry["body"]["key"], after->ToString());
    EXPECT_TRUE(Verifies(rotated->front().receipt, *after));
  }
  Ledger ledger = Open().value();
  EXPECT_EQ(KeyOf(ledger).ToString(), after->ToString());
  const std::uint64_t access = ledger.Started(Access({})).value();
  const std::string later = ledger.Receipt(LogName::kAccesses, access).value();
  EXPECT_TRUE(Verifies(earlier, *before));
  EXPECT_FALSE(Verifies(earlier, *after));
  EXPECT_TRUE(Verifies(later, *after));
  EXPECT_FALSE(Verifies(later, *before)) << "the old key signs no more";
  const Status verified = ledger.Verify();
  EXPECT_TRUE(verified) << verified.error().ToString();
}

TEST_F(KeyRotationTest, KeysCanBeChangedAgainAndAgain) {
  std::set<std::string> keys;
  for (int generation = 1; generation <= 4; ++generation) {
    Ledger ledger = Open().value();
    EXPECT_EQ(ledger.log(LogName::kChoices).generation(), generation);
    keys.insert(KeyOf(ledger).ToString());
    ASSERT_TRUE(ledger.Started(Access({})));
    ASSERT_TRUE(Rotate(ledger));
  }
  EXPECT_EQ(keys.size(), 4U);
}

TEST_F(KeyRotationTest, AChangeThatIsCutOffIsFinishedOrNeverBegan) {
  std::filesystem::create_directory(Folder());
  for (std::uint64_t after = 0; after < 40; ++after) {
    storage::FaultyFilesystem files;
    bool cut = false;
    {
      Ledger ledger = Open(files).value();
      ASSERT_TRUE(ledger.Started(Access({})));
      files.FailAt(files.operations() + after, storage::Fault::kPowerCut);
      cut = !Rotate(ledger);
    }
    files.PowerCycle();
    auto ledger = Open(files);
    ASSERT_TRUE(ledger) << after << ": " << ledger.error().ToString();
    ASSERT_TRUE(ledger->Started(Access({})));
    ASSERT_TRUE(Rotate(*ledger)) << "the log that was left behind catches up";
    const int accesses = ledger->log(LogName::kAccesses).generation();
    EXPECT_EQ(accesses, ledger->log(LogName::kChoices).generation());
    EXPECT_TRUE(accesses == 2 || accesses == 3) << accesses;
    const Status verified = ledger->Verify();
    EXPECT_TRUE(verified) << after << ": " << verified.error().ToString();
    ledger = Fail(ErrorCode::kInternal, "closed");
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(Folder());
    if (!cut) return;
  }
  FAIL() << "a change takes fewer operations";
}

TEST_F(KeyRotationTest, AnEntryWithoutItsSignatureIsSignedByBothOnOpening) {
  storage::FaultyFilesystem files;
  const auto store = CheckpointStore::Open(root_ / "checkpoints.db").value();
  const LogSigners signers = SignersOf(TestSettings(Folder()).signing_key, "example.org/test",
                                       "example.org/test/accesses");
  const auto open = [&] {
    const int generation = store->GenerationOf("example.org/test/accesses").value();
    return Log::Open("/log", {.files = files,
                              .checkpoints = *store,
                              .signer = signers(generation).value(),
                              .generation = generation,
                              .signer_of = signers})
        .value();
  };
  const std::string old_key = open()->key().ToString();
  const std::string payload =
      EncodeKeyRotated(clock_.Now(), {.key = signers(2)->verifier_key().ToString()}).value();
  {
    const storage::JournalRecord record{13, payload};
    ASSERT_TRUE(open()->Commit({&record, 1}));
  }
  const auto log = open();
  EXPECT_EQ(log->generation(), 2);
  const auto old = tlog::VerifierKey::Parse(old_key, tlog::SignatureType::kNote).value();
  EXPECT_TRUE(Verifies(log->Receipt(0).value(), old));
  EXPECT_TRUE(Verifies(log->Receipt(0).value(), log->key()));
  EXPECT_EQ(open()->generation(), 2);
}

TEST_F(KeyRotationTest, AKeyThatIsNotOursIsRefused) {
  storage::FaultyFilesystem files;
  const auto store = CheckpointStore::Open(root_ / "checkpoints.db").value();
  const LogSigners signers = SignersOf(TestSettings(Folder()).signing_key, "example.org/test",
                                       "example.org/test/accesses");
  const auto open = [&] {
    return Log::Open("/log", {.files = files,
                              .checkpoints = *store,
                              .signer = signers(1).value(),
                              .signer_of = signers});
  };
  const std::string payload =
      EncodeKeyRotated(clock_.Now(), {.key = signers(3)->verifier_key().ToString()}).value();
  {
    const storage::JournalRecord record{13, payload};
    ASSERT_TRUE(open().value()->Commit({&record, 1}));
  }
  EXPECT_EQ(open().error().code, ErrorCode::kLedgerCorrupt);
}

TEST_F(KeyRotationTest, AKeyThatWasGivenUpDoesNotSignAfterARestore) {
  {
    Ledger ledger = Open().value();
    ASSERT_TRUE(ledger.Started(Access({})));
    ASSERT_TRUE(Rotate(ledger));
  }
  const LedgerSettings settings = TestSettings(Folder());
  std::filesystem::remove(settings.checkpoint_file);
  const auto standings = ReadStandings(settings).value();
  const RestoreTerms terms{.lost_checkpoints = true,
                           .by = {.principal = "p", .os_user = "u", .reason = "lost"}};
  ASSERT_TRUE(ContinueLogs(settings, standings, terms, clock_));
  Ledger ledger = Open().value();
  EXPECT_EQ(ledger.log(LogName::kAccesses).generation(), 2);
  EXPECT_TRUE(ledger.Started(Access({})));
}

}  // namespace
}  // namespace candour::ledger
