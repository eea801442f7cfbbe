#include "tlog/witness.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "base/bytes.h"
#include "base/encoding.h"
#include "tlog/witness_fixture.h"

namespace candour::tlog {
namespace {

class WitnessTest : public WitnessFixture {
 protected:
  int StatusOf(const std::string& body) { return witness_->AddCheckpoint(body).status; }
  int StatusOf(const WitnessRequest& request) {
    return StatusOf(EncodeWitnessRequest(request).value());
  }

  /// Cosigns the log at `size`, from `old_size`.
  void Advance(std::uint64_t old_size, std::uint64_t size) {
    const TestLog log(size);
    ASSERT_EQ(CosignedAt(witness_->AddCheckpoint(log.Request(old_size)), log.Text()), kNowS);
  }

  /// What the witness says it cosigned last.
  std::string LastSize() { return witness_->AddCheckpoint(TestLog(1000).Request(999)).body; }
};

TEST_F(WitnessTest, CosignsALogThatGrows) {
  Advance(0, 1);
  Advance(1, 3);
  Advance(3, 8);
  Advance(8, 8);  // the same tree again: a later time, and nothing else
  Advance(8, 300);
}

TEST_F(WitnessTest, TakesALogThatItMeetsInTheMiddleOfItsLife) { Advance(0, 200); }

TEST_F(WitnessTest, TellsTheSizeItCosignedLast) {
  Advance(0, 5);
  for (const std::uint64_t old_size : {0, 3, 4, 6, 8}) {
    const WitnessReply reply = witness_->AddCheckpoint(TestLog(8).Request(old_size));
    EXPECT_EQ(SizeOf(reply), 5U) << old_size;
  }
}

TEST_F(WitnessTest, NeverCosignsASecondHistory) {
  Advance(0, 5);
  EXPECT_EQ(StatusOf(TestLog(5, 4).Request(5)), 422);
  EXPECT_EQ(StatusOf(TestLog(8, 4).Request(5)), 422);
  EXPECT_EQ(StatusOf(TestLog(8, 0).Request(5)), 422);
  // Its own history with a new end is no fork.
  EXPECT_EQ(StatusOf(TestLog(8, 5).Request(5)), 200);
  EXPECT_EQ(StatusOf(TestLog(8).Request(8)), 422);
}

TEST_F(WitnessTest, NeverGoesBack) {
  Advance(0, 8);
  EXPECT_EQ(StatusOf(TestLog(5).Request(0)), 409);
  EXPECT_EQ(StatusOf(TestLog(5).Request(5)), 409);
  EXPECT_EQ(StatusOf(WitnessRequest{.old_size = 8, .checkpoint = TestLog(5).Note()}), 400);
  EXPECT_EQ(LastSize(), "8\n");
}

TEST_F(WitnessTest, RefusesEveryChangedProof) {
  Advance(0, 3);
  const TestLog log(8);
  for (const auto& proof : merkle::MutationsOf(log.ProofFrom(3))) {
    ASSERT_EQ(StatusOf({.old_size = 3, .proof = proof, .checkpoint = log.Note()}), 422);
  }
  EXPECT_EQ(StatusOf({.old_size = 3, .checkpoint = log.Note()}), 422);
  EXPECT_EQ(LastSize(), "3\n");
  Advance(3, 8);
}

TEST_F(WitnessTest, NothingIsProvedFromNothingAndFromTheSameTree) {
  const TestLog log(8);
  EXPECT_EQ(StatusOf({.old_size = 0, .proof = {{}}, .checkpoint = log.Note()}), 422);
  EXPECT_EQ(StatusOf({.old_size = 0, .proof = log.ProofFrom(3), .checkpoint = log.Note()}), 422);
  Advance(0, 8);
  EXPECT_EQ(StatusOf({.old_size = 8, .proof = {{}}, .checkpoint = log.Note()}), 422);
}

TEST_F(WitnessTest, TheEmptyTreeHasOneRoot) {
  std::vector<Signer> signers;
  signers.push_back(TestSigner(std::string(kOrigin), kLogPhrase));
  const std::string text =
      FormatCheckpoint({.origin = std::string(kOrigin), .size = 0, .root = {1}}).value();
  const std::string other = SignNote(text, signers).value();
  EXPECT_EQ(StatusOf({.old_size = 0, .checkpoint = other}), 422);
  Advance(0, 0);
  EXPECT_EQ(StatusOf({.old_size = 0, .checkpoint = other}), 422);
  EXPECT_EQ(StatusOf({.old_size = 0, .proof = {{}}, .checkpoint = TestLog(0).Note()}), 422);
  Advance(0, 0);
  Advance(0, 5);
  EXPECT_EQ(StatusOf({.old_size = 0, .checkpoint = TestLog(0).Note()}), 409);
}

TEST_F(WitnessTest, RefusesASizeThatItCouldNotKeep) {
  std::vector<Signer> signers;
  signers.push_back(TestSigner(std::string(kOrigin), kLogPhrase));
  const std::string text =
      FormatCheckpoint({.origin = std::string(kOrigin), .size = std::uint64_t{1} << 63}).value();
  EXPECT_EQ(StatusOf({.old_size = 0, .checkpoint = SignNote(text, signers).value()}), 422);
}

TEST_F(WitnessTest, BelievesTheLogsOwnKeyOnly) {
  EXPECT_EQ(StatusOf(TestLog(5, TestLog::kNoFork, "a stranger's key").Request(0)), 403);
  EXPECT_EQ(StatusOf(TestLog(5, TestLog::kNoFork, kLogPhrase, "example.org/other").Request(0)),
            404);
  std::string changed = TestLog(5).Note();
  changed[changed.size() - 6] = changed[changed.size() - 6] == 'A' ? 'B' : 'A';
  EXPECT_EQ(StatusOf({.old_size = 0, .checkpoint = changed}), 403);
  // A cosignature of its own is no signature of the log.
  const std::string text = TestLog(5).Text();
  const Cosigner cosigner = TestCosigner(std::string(kOrigin), kLogPhrase);
  const std::string line =
      FormatSignatureLine(cosigner.verifier_key(), cosigner.Sign(text, 1).value());
  EXPECT_EQ(StatusOf({.old_size = 0, .checkpoint = text + "\n" + line}), 403);
}

TEST_F(WitnessTest, KnowsALogByMoreThanOneKeyAndAtOnce) {
  const TestLog log(5, TestLog::kNoFork, "the next key");
  EXPECT_EQ(StatusOf(log.Request(0)), 403);
  WitnessStore store = OpenWitnessStore(folder_).value();
  ASSERT_TRUE(
      store.AddLog(kOrigin, TestSigner(std::string(kOrigin), "the next key").verifier_key()));
  EXPECT_EQ(StatusOf(log.Request(0)), 200);
  Advance(5, 8);
}

TEST_F(WitnessTest, SaysWhatIsNoRequest) {
  EXPECT_EQ(StatusOf(std::string()), 400);
  EXPECT_EQ(StatusOf({.old_size = 0, .checkpoint = "no note\n"}), 400);
  EXPECT_EQ(StatusOf({.old_size = 0, .checkpoint = "no\ncheckpoint\n\n\u2014 a AAAAAAAA\n"}), 400);
  EXPECT_EQ(StatusOf({.old_size = 6, .checkpoint = TestLog(5).Note()}), 400);
}

TEST_F(WitnessTest, RemembersOverARestart) {
  Advance(0, 5);
  Reopen();
  EXPECT_EQ(LastSize(), "5\n");
  EXPECT_EQ(StatusOf(TestLog(8, 4).Request(5)), 422);
  Advance(5, 8);
}

TEST_F(WitnessTest, GivesOutNothingThatItCouldNotKeep) {
  Advance(0, 5);
  storage::Sqlite store = storage::Sqlite::Open(folder_ / "witness.sqlite").value();
  ASSERT_TRUE(
      store.Run("CREATE TRIGGER full BEFORE UPDATE ON cosigned "
                "BEGIN SELECT RAISE(ABORT, 'full'); END"));
  const WitnessReply reply = witness_->AddCheckpoint(TestLog(8).Request(5));
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body.find(witness_->verifier_key().name()), std::string::npos);
  ASSERT_TRUE(store.Run("DROP TRIGGER full"));
  EXPECT_EQ(LastSize(), "5\n");
}

TEST_F(WitnessTest, IsSilentForGoodAfterAnIoError) {
  Advance(0, 5);
  // A file may not grow: what a full disk does, for this process only.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit none{.rlim_cur = 1, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const int failed = StatusOf(TestLog(8).Request(5));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(failed, 500);
  EXPECT_EQ(StatusOf(TestLog(8).Request(5)), 503);
  Reopen();
  EXPECT_EQ(LastSize(), "5\n");
  Advance(5, 8);
}

TEST_F(WitnessTest, ItsTimeNeverGoesBack) {
  Advance(0, 5);
  clock_.Set(UtcTime{(kNowS - 1000) * 1'000'000});
  Reopen();
  Advance(5, 8);
  clock_.Set(UtcTime{(kNowS + 7) * 1'000'000});
  const TestLog log(9);
  EXPECT_EQ(CosignedAt(witness_->AddCheckpoint(log.Request(8)), log.Text()), kNowS + 7);
}

TEST_F(WitnessTest, ShowsWhatItCosignedLast) {
  const std::string hash = HexEncode(BytesOf(crypto::Sha256(kOrigin)));
  EXPECT_EQ(witness_->LatestCheckpoint(hash).value(), std::nullopt);
  Advance(0, 5);
  Advance(5, 8);
  const std::string note = witness_->LatestCheckpoint(hash).value().value();
  const LogTrust trust{.origin = std::string(kOrigin),
                       .log_keys = {TestSigner(std::string(kOrigin), kLogPhrase).verifier_key()},
                       .witnesses = {*key_}};
  const auto opened = OpenCheckpoint(note, trust);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->checkpoint.size, 8U);
  EXPECT_EQ(opened->cosignatures.size(), 1U);
  EXPECT_EQ(witness_->LatestCheckpoint("").value(), std::nullopt);
}

TEST_F(WitnessTest, KeepsNoStrangersSignatures) {
  const Signer stranger = TestSigner("stranger.example", "stranger");
  const std::string text = TestLog(5).Text();
  const std::string note =
      TestLog(5).Note() + FormatSignatureLine(stranger.verifier_key(), stranger.Sign(text));
  ASSERT_EQ(StatusOf({.old_size = 0, .checkpoint = note}), 200);
  const std::string hash = HexEncode(BytesOf(crypto::Sha256(kOrigin)));
  EXPECT_EQ(witness_->LatestCheckpoint(hash).value().value().find("stranger"), std::string::npos);
}

// Two processes are two witnesses over one folder: a look and a change apart would let both win.
TEST_F(WitnessTest, OfTwoThatRaceOneWins) {
  Advance(0, 1);
  const auto second = OpenWitness(folder_, clock_).value();
  for (std::uint64_t size = 2; size < 40; ++size) {
    const std::string bodies[] = {TestLog(size).Request(size - 1),
                                  TestLog(size, size - 1).Request(size - 1)};
    std::atomic<int> won = 0;
    std::atomic<bool> only_losers = true;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        Witness& witness = i < 2 ? *witness_ : *second;
        const int status = witness.AddCheckpoint(bodies[i % 2]).status;
        if (status == 200) ++won;
        if (status != 200 && status != 409) only_losers = false;
      });
    }
    threads.clear();
    ASSERT_EQ(won, 1) << size;
    ASSERT_TRUE(only_losers) << size;
    // Onwards from the first of the two histories: a new witness for each round would be slower.
    storage::Sqlite store = storage::Sqlite::Open(folder_ / "witness.sqlite").value();
    ASSERT_TRUE(store.Run("DELETE FROM cosigned"));
    Advance(0, size);
  }
}

TEST_F(WitnessTest, AKeyIsNeverUsedWithAnEmptyMemory) {
  EXPECT_EQ(CreateWitness(folder_, "witness.example").error().code, ErrorCode::kConflict);
  witness_.reset();
  std::filesystem::remove(folder_ / "witness.sqlite");
  EXPECT_EQ(CreateWitness(folder_, "witness.example").error().code, ErrorCode::kConflict);
  EXPECT_EQ(OpenWitness(folder_, clock_).error().code, ErrorCode::kNotFound);
}

TEST_F(WitnessTest, ItsFolderHoldsAKeyThatOnlyItsOwnerReads) {
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder_ / "witness.key").permissions(),
            perms::owner_read | perms::owner_write);
  std::filesystem::permissions(folder_ / "witness.key", perms::all);
  EXPECT_EQ(OpenWitness(folder_, clock_).error().code, ErrorCode::kHomePermissions);
}

TEST_F(WitnessTest, RefusesNamesKeysAndOriginsThatCannotBe) {
  EXPECT_EQ(CreateWitness(root_ / "other", "two words").error().code, ErrorCode::kKeyForm);
  WitnessStore store = OpenWitnessStore(folder_).value();
  const VerifierKey key = TestSigner("a", "a").verifier_key();
  EXPECT_EQ(store.AddLog("", key).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store.AddLog("two\nlines", key).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store.AddLog(std::string(1025, 'x'), key).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(store.AddLog("origin", TestCosigner("a", "a").verifier_key()).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(store.AddLog("an origin with spaces", key));
  EXPECT_TRUE(store.AddLog("an origin with spaces", key));
  EXPECT_EQ(store.KeysOf("an origin with spaces").value().size(), 1U);
}

}  // namespace
}  // namespace candour::tlog
