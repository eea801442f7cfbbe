#include "ledger/sequencer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <set>
#include <thread>

#include "ledger/commitment.h"
#include "ledger/ledger_fixture.h"
#include "ledger/receipt.h"
#include "ledger/reindex.h"
#include "ledger/vault.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

using SequencerTest = LedgerTest;

constexpr int kCallers = 8;
constexpr int kEach = 60;

/// Runs `call(caller)` in kCallers threads.
template <class Call>
void RunTogether(Call call) {
  std::vector<std::thread> threads;
  for (int caller = 0; caller < kCallers; ++caller) threads.emplace_back(call, caller);
  for (std::thread& thread : threads) thread.join();
}

/// A log in memory.
std::unique_ptr<Log> OpenLog(storage::Filesystem& files, CheckpointStore& store) {
  auto key = crypto::Ed25519Key::FromSeed(crypto::Secret(32)).value();
  return Log::Open("/log", {.files = files,
                            .checkpoints = store,
                            .signer = tlog::Signer::Create("o", std::move(key)).value()})
      .value();
}

TEST_F(SequencerTest, CallersTogetherGetEveryNumberOnceAndEachItsOwnInOrder) {
  Ledger ledger = Open().value();
  const SetId set = ledger.StoreSet(SetOf({1, 2, 3})).value();
  std::vector<std::vector<std::uint64_t>> numbers(kCallers);
  RunTogether([&](int caller) {
    for (int i = 0; i < kEach; ++i) {
      const auto started = ledger.Started(Access(set));
      ASSERT_TRUE(started) << started.error().ToString();
      // What it was told is there at once, for itself and for others.
      EXPECT_GT(ledger.size(LogName::kAccesses), *started);
      EXPECT_TRUE(ledger.Receipt(LogName::kAccesses, *started));
      ASSERT_TRUE(ledger.Finished(*started, set, i, "released"));
      numbers[static_cast<std::size_t>(caller)].push_back(*started);
    }
  });
  std::set<std::uint64_t> all;
  for (const auto& own : numbers) {
    EXPECT_TRUE(std::ranges::is_sorted(own));
    all.insert(own.begin(), own.end());
  }
  EXPECT_EQ(all.size(), std::size_t{kCallers * kEach});
  EXPECT_EQ(ledger.size(LogName::kAccesses), std::uint64_t{2 * kCallers * kEach});
  EXPECT_EQ(ledger.AccessesOf({2}).value().size(), all.size());
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(SequencerTest, OfManyOutcomesOfOneAccessOneIsTaken) {
  Ledger ledger = Open().value();
  const std::uint64_t started = ledger.Started(Access({})).value();
  std::atomic<int> taken = 0;
  std::atomic<int> refused = 0;
  RunTogether([&](int) {
    const Status done = ledger.Finished(started, std::nullopt, 1, "released");
    taken += done ? 1 : 0;
    refused += !done && done.error().code == ErrorCode::kConflict ? 1 : 0;
  });
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(refused, kCallers - 1);
  EXPECT_EQ(ledger.size(LogName::kAccesses), 2U);
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(SequencerTest, ReadingVerifyingAndPublishingBesideWritersIsSafe) {
  Ledger ledger = Open().value();
  std::atomic<bool> ended = false;
  std::thread reader([&] {
    while (!ended) {
      EXPECT_TRUE(ledger.Verify());
      EXPECT_TRUE(ledger.Publish());
      const auto entries = ledger.Read(LogName::kAccesses, 0, 1'000);
      EXPECT_TRUE(entries && (entries->empty() || entries->back().index + 1 == entries->size()));
      EXPECT_TRUE(ledger.Accesses(5));
    }
  });
  RunTogether([&](int caller) {
    for (int i = 0; i < kEach; ++i) {
      if (caller % 2 == 0) {
        EXPECT_TRUE(ledger.Started(Access({})));
      } else {
        EXPECT_TRUE(ledger.Append(EntryType::kChoices, {{"rows", 1}}));
      }
    }
  });
  ended = true;
  reader.join();
  EXPECT_EQ(ledger.size(LogName::kAccesses), std::uint64_t{kCallers / 2 * kEach});
  EXPECT_EQ(ledger.log(LogName::kChoices).size(), std::uint64_t{kCallers / 2 * kEach});
}

TEST_F(SequencerTest, AFullQueueIsRefusedAndLosesNothing) {
  storage::FaultyFilesystem files;
  const auto store = CheckpointStore::Open(root_ / "checkpoints.db").value();
  const auto log = OpenLog(files, *store);
  Vault vault = Vault::Open(root_ / "vault.db", crypto::Secret(32)).value();
  Sequencer sequencer(*log, vault, {.queue = 2});
  std::atomic<std::uint64_t> taken = 0;
  std::atomic<bool> exhausted = false;
  {
    auto paused = sequencer.Pause();
    std::vector<std::thread> threads;
    for (int caller = 0; caller < kCallers; ++caller) {
      threads.emplace_back([&] {
        const auto number = sequencer.Append({EntryType::kApplied, "{}", {}});
        taken += number ? 1 : 0;
        if (!number && number.error().code == ErrorCode::kExhausted) exhausted = true;
      });
    }
    while (!exhausted) std::this_thread::yield();
    paused.unlock();
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_GE(taken, 2U);
  EXPECT_EQ(log->size(), taken);
}

TEST_F(SequencerTest, EntriesOfVersion1StillFitTheirPrivateHalves) {
  storage::FaultyFilesystem files;
  const auto store = CheckpointStore::Open(root_ / "checkpoints.db").value();
  const auto log = OpenLog(files, *store);
  Vault vault = Vault::Open(root_ / "vault.db", crypto::Secret(32)).value();
  Sequencer sequencer(*log, vault);
  const std::string blinding(kBlindingSize, 'b');
  for (const int version : {1, kEntryVersion}) {
    const VaultAccess access{.detail = Access({}), .blindings = {blinding, blinding, blinding}};
    auto payload = EncodeStarted(access.detail, access.blindings, version).value();
    const std::uint64_t started =
        sequencer.Append({EntryType::kStarted, std::move(payload), access}).value();
    const Outcome outcome{
        .started = started, .rows = 7, .outcome = "released", .blinding = blinding};
    payload = EncodeFinished(outcome, version).value();
    ASSERT_TRUE(sequencer.Append({EntryType::kFinished, std::move(payload), outcome}));
  }
  const Status verified = VerifyVault(log->journal(), vault);
  EXPECT_TRUE(verified) << verified.error().ToString();
}

TEST_F(SequencerTest, AfterAnErrorEveryCallerIsToldAndNothingMoreIsTaken) {
  storage::FaultyFilesystem files;
  std::filesystem::create_directory(Folder());
  Ledger ledger = Open(files).value();
  ASSERT_TRUE(ledger.Started(Access({})));
  files.FailAt(files.operations(), storage::Fault::kIoError);
  std::atomic<int> refused = 0;
  RunTogether([&](int) { refused += ledger.Started(Access({})) ? 0 : 1; });
  EXPECT_EQ(refused, kCallers);
  EXPECT_EQ(ledger.Started(Access({})).error().code, ErrorCode::kLedgerReadOnly);
  EXPECT_EQ(ledger.size(LogName::kAccesses), 1U);
}

}  // namespace
}  // namespace candour::ledger
