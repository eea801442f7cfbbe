#include "storage/journal.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/crc32c.h"
#include "storage/faulty_filesystem.h"

namespace candour::storage {
namespace {

namespace fs = std::filesystem;
using Payloads = std::vector<std::string>;

/// Stands for the Merkle tree: a checksum over all payloads in their order.
class ChainTree final : public JournalTree {
 public:
  void Add(std::string_view payload) override { state_ += std::string(payload) + "\n"; }
  TreeRoot Root() const override {
    TreeRoot root = {};
    const std::uint32_t crc = Crc32c(state_);
    for (std::size_t i = 0; i < 4; ++i) root[i] = static_cast<std::uint8_t>(crc >> (8 * i));
    return root;
  }
  std::string Save() const override { return state_; }
  Status Restore(std::string_view bytes) override {
    state_ = bytes;
    return {};
  }

 private:
  std::string state_;
};

const fs::path kFolder = "/journal";

JournalOptions Options(std::uint64_t segment_bytes = 1 << 20) {
  return {.make_tree = [] { return std::make_unique<ChainTree>(); },
          .segment_bytes = segment_bytes};
}

Result<std::uint64_t> AppendAll(Journal& journal, const Payloads& payloads) {
  std::vector<JournalRecord> batch;
  for (const std::string& payload : payloads) batch.push_back({.type = 7, .payload = payload});
  return journal.Append(batch);
}

Payloads ReadAll(const Journal& journal) {
  Payloads payloads;
  const auto entries = journal.Read(0, ~std::uint64_t{0});
  EXPECT_TRUE(entries);
  for (const JournalEntry& entry : entries.value()) {
    EXPECT_EQ(entry.index, payloads.size());
    EXPECT_EQ(entry.type, 7);
    EXPECT_EQ(journal.TypeOf(entry.index), 7);
    payloads.push_back(entry.payload);
  }
  return payloads;
}

/// Four batches of one to three entries.
const std::vector<Payloads> kBatches = {
    {"alpha"}, {"beta", "", "gamma gamma"}, {"delta"}, {"epsilon", "zeta"}};

/// All payloads of the first `batches` batches.
Payloads Prefix(std::size_t batches) {
  Payloads all;
  for (std::size_t i = 0; i < batches; ++i) {
    all.insert(all.end(), kBatches[i].begin(), kBatches[i].end());
  }
  return all;
}

bool IsWholeBatches(const Payloads& payloads, std::size_t at_least) {
  for (std::size_t n = at_least; n <= kBatches.size(); ++n) {
    if (payloads == Prefix(n)) return true;
  }
  return false;
}

std::string WriteBatches(FaultyFilesystem& files) {
  Journal journal = Journal::Open(files, kFolder, Options()).value();
  for (const Payloads& batch : kBatches) EXPECT_TRUE(AppendAll(journal, batch));
  return files.Read(kFolder / "00000000000000000000.journal").value();
}

/// A disk that holds one segment of these bytes.
void PutSegment(FaultyFilesystem& files, std::string_view bytes) {
  auto file = files.Create(kFolder / "00000000000000000000.journal").value();
  ASSERT_TRUE(file->Append(bytes));
  ASSERT_TRUE(file->Sync());
  ASSERT_TRUE(files.SyncDirectory(kFolder));
}

TEST(Journal, GivesBackWhatWasAppendedNowAndAfterOpening) {
  FaultyFilesystem files;
  {
    Journal journal = Journal::Open(files, kFolder, Options()).value();
    EXPECT_EQ(journal.size(), 0U);
    for (const Payloads& batch : kBatches) {
      const std::uint64_t before = journal.size();
      EXPECT_EQ(AppendAll(journal, batch).value(), before);
    }
    EXPECT_EQ(ReadAll(journal), Prefix(4));
    EXPECT_TRUE(journal.Verify());
  }
  const Journal journal = Journal::Open(files, kFolder, Options()).value();
  EXPECT_EQ(ReadAll(journal), Prefix(4));
  EXPECT_EQ(journal.Read(5, 1).value().at(0).payload, "epsilon");
  EXPECT_TRUE(journal.Read(7, 9).value().empty());
  EXPECT_TRUE(journal.Read(99, 1).value().empty());
  EXPECT_TRUE(journal.Verify());
}

TEST(Journal, RefusesBatchesOutsideItsLimitsAndGoesOn) {
  FaultyFilesystem files;
  Journal journal = Journal::Open(files, kFolder, Options()).value();
  const std::string longest(kMaxPayloadSize, 'x');
  const std::string longer(kMaxPayloadSize + 1, 'x');
  EXPECT_EQ(journal.Append({}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(AppendAll(journal, {longer}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(AppendAll(journal, Payloads(4097, "x")).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(AppendAll(journal, {longest}));
  EXPECT_EQ(ReadAll(journal), Payloads{longest});
}

TEST(Journal, GoesOnInNewSegments) {
  FaultyFilesystem files;
  Payloads all;
  for (int opening = 0; opening < 3; ++opening) {
    Journal journal = Journal::Open(files, kFolder, Options(200)).value();
    for (int i = 0; i < 10; ++i) {
      all.push_back("entry " + std::to_string(all.size()));
      ASSERT_TRUE(AppendAll(journal, {all.back()}));
    }
    EXPECT_EQ(ReadAll(journal), all);
    EXPECT_TRUE(journal.Verify());
  }
  EXPECT_GT(files.List(kFolder).value().size(), 5U);
}

TEST(Journal, AMissingSegmentIsDamage) {
  FaultyFilesystem files;
  {
    Journal journal = Journal::Open(files, kFolder, Options(200)).value();
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(AppendAll(journal, {std::to_string(i)}));
  }
  std::vector<std::string> names = files.List(kFolder).value();
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".journal"); });
  ASSERT_TRUE(files.Remove(kFolder / names[1]));
  EXPECT_EQ(Journal::Open(files, kFolder, Options(200)).error().code, ErrorCode::kLedgerCorrupt);
}

/// Twenty entries in several segments; their names.
std::vector<std::string> WriteSegments(FaultyFilesystem& files) {
  Journal journal = Journal::Open(files, kFolder, Options(200)).value();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(AppendAll(journal, {std::to_string(i)}));
  EXPECT_TRUE(journal.Verify());
  return files.List(kFolder).value();
}

void Put(FaultyFilesystem& files, const std::string& name, std::string_view bytes) {
  ASSERT_TRUE(files.Create(kFolder / name).value()->Append(bytes));
}

TEST(Journal, EveryIndexLostOrWithAFlippedByteIsFoundAndMadeAgain) {
  FaultyFilesystem files;
  for (const std::string& name : WriteSegments(files)) {
    if (!name.ends_with(".index")) continue;
    const std::string right = files.Read(kFolder / name).value();
    for (std::size_t at = 0; at <= right.size(); ++at) {
      std::string wrong = at == right.size() ? right.substr(0, at / 2) : right;
      if (at < right.size()) wrong[at] = static_cast<char>(wrong[at] ^ 0x10);
      Journal running = Journal::Open(files, kFolder, Options(200)).value();
      Put(files, name, wrong);
      EXPECT_NE(running.Verify().error().message.find(name), std::string::npos);
      const Journal journal = Journal::Open(files, kFolder, Options(200)).value();
      EXPECT_EQ(ReadAll(journal).size(), 20U);
      EXPECT_EQ(files.Read(kFolder / name).value(), right);
    }
    ASSERT_TRUE(files.Remove(kFolder / name));
    EXPECT_EQ(ReadAll(Journal::Open(files, kFolder, Options(200)).value()).size(), 20U);
    EXPECT_EQ(files.Read(kFolder / name).value(), right);
  }
}

TEST(Journal, ASegmentOfAnotherHistoryIsFoundBehindARightIndex) {
  FaultyFilesystem files;
  const std::vector<std::string> names = WriteSegments(files);
  const std::string second = files.Read(kFolder / names[3]).value();
  ASSERT_TRUE(names[3].ends_with(".journal"));
  std::string forged;
  PutFrame({GetFrame(second, 0)->index, kHeaderType, PutHeader(TreeRoot{1})}, forged);
  Put(files, names[3], forged + second.substr(forged.size()));
  EXPECT_EQ(Journal::Open(files, kFolder, Options(200)).error().code, ErrorCode::kLedgerCorrupt);
}

TEST(Journal, CutAtEveryByteKeepsWholeBatchesAndTakesNewOnes) {
  FaultyFilesystem whole;
  const std::string bytes = WriteBatches(whole);
  std::size_t most = 0;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    FaultyFilesystem files;
    PutSegment(files, std::string_view(bytes).substr(0, size));
    auto journal = Journal::Open(files, kFolder, Options());
    ASSERT_TRUE(journal) << size << journal.error().ToString();
    Payloads kept = ReadAll(*journal);
    ASSERT_TRUE(IsWholeBatches(kept, 0)) << size;
    ASSERT_GE(kept.size(), most) << "a longer file kept less";
    most = kept.size();
    ASSERT_TRUE(AppendAll(*journal, {"after"}));
    kept.push_back("after");
    journal = Fail(ErrorCode::kInternal, "closed");
    files.PowerCycle();
    const auto again = Journal::Open(files, kFolder, Options());
    ASSERT_TRUE(again) << size;
    EXPECT_EQ(ReadAll(*again), kept) << size;
    EXPECT_TRUE(again->Verify());
  }
  EXPECT_EQ(most, Prefix(4).size());
}

TEST(Journal, EveryFlippedByteIsNamedOrTouchesNothingAcknowledged) {
  FaultyFilesystem whole;
  const std::string bytes = WriteBatches(whole);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int mask : {0x01, 0x80, 0xFF}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ mask);
      FaultyFilesystem files;
      PutSegment(files, damaged);
      const auto journal = Journal::Open(files, kFolder, Options());
      if (journal) {
        EXPECT_EQ(ReadAll(*journal), Prefix(4)) << at;
        EXPECT_GE(at, bytes.size() - kFrameHeadSize) << "only the last seal is not needed";
      } else {
        EXPECT_EQ(journal.error().code, ErrorCode::kLedgerCorrupt);
        EXPECT_NE(journal.error().message.find("00000000000000000000.journal"), std::string::npos);
      }
    }
  }
}

// After one start the last batch is known to be acknowledged, also over a loss of power.
TEST(Journal, OpeningSavesTheSealOfAKilledProcess) {
  FaultyFilesystem files;
  const std::string bytes = WriteBatches(files);
  files.Kill();
  ASSERT_TRUE(Journal::Open(files, kFolder, Options()));
  files.PowerCycle();
  EXPECT_EQ(files.Read(kFolder / "00000000000000000000.journal").value(), bytes);
}

/// A segment of one batch whose frames are whole and whose content is as given.
std::string Forged(std::uint64_t header_index, std::uint64_t entry_index, std::uint8_t type,
                   BatchTrailer trailer) {
  std::string bytes;
  PutFrame({header_index, kHeaderType, PutHeader(ChainTree().Root())}, bytes);
  PutFrame({entry_index, type, "alpha"}, bytes);
  PutFrame({1, kTrailerType, PutTrailer(trailer)}, bytes);
  return bytes;
}

TEST(Journal, WholeFramesThatDoNotFitAreDamage) {
  ChainTree tree;
  tree.Add("alpha");
  const BatchTrailer right{.entries = 1, .root = tree.Root()};
  FaultyFilesystem files;
  const auto open = [&files](const std::string& bytes) {
    PutSegment(files, bytes);
    return Journal::Open(files, kFolder, Options());
  };
  EXPECT_EQ(ReadAll(open(Forged(0, 0, 7, right)).value()), Payloads{"alpha"});
  for (const std::string& bytes :
       {Forged(0, 0, 7, {.entries = 1, .root = ChainTree().Root()}),
        Forged(0, 0, 7, {.entries = 2, .root = right.root}), Forged(1, 0, 7, right),
        Forged(0, 1, 7, right), Forged(0, 0, kHeaderType, right), Forged(0, 0, 0xF1, right)}) {
    EXPECT_EQ(open(bytes).error().code, ErrorCode::kLedgerCorrupt);
  }
}

TEST(Journal, VerifyAndReadNameWhatChangedUnderARunningJournal) {
  FaultyFilesystem files;
  const std::string bytes = WriteBatches(files);
  const Journal journal = Journal::Open(files, kFolder, Options()).value();
  std::string damaged = bytes;
  damaged[damaged.find("epsilon")] = 'E';
  PutSegment(files, damaged);
  EXPECT_EQ(journal.Verify().error().code, ErrorCode::kLedgerCorrupt);
  EXPECT_EQ(journal.Read(0, 100).error().code, ErrorCode::kLedgerCorrupt);
  PutSegment(files, std::string_view(bytes).substr(0, bytes.size() / 2));
  EXPECT_EQ(journal.Verify().error().code, ErrorCode::kLedgerCorrupt);
}

struct Outcome {
  std::size_t acknowledged = 0;  ///< batches
  bool opened = false;
};

/// Appends the batches one by one until one fails; checks that nothing is taken after an error.
Outcome AppendUntilAnError(FaultyFilesystem& files, std::uint64_t segment_bytes) {
  Outcome run;
  auto journal = Journal::Open(files, kFolder, Options(segment_bytes));
  run.opened = journal.has_value();
  for (const Payloads& batch : kBatches) {
    if (!journal || !AppendAll(*journal, batch)) break;
    ++run.acknowledged;
  }
  if (journal && run.acknowledged < kBatches.size()) {
    EXPECT_EQ(AppendAll(*journal, {"late"}).error().code, ErrorCode::kLedgerReadOnly);
    EXPECT_TRUE(journal->read_only());
  }
  return run;
}

void ExpectRecovery(FaultyFilesystem& files, std::uint64_t segment_bytes, const Outcome& run) {
  auto journal = Journal::Open(files, kFolder, Options(segment_bytes));
  ASSERT_TRUE(journal) << journal.error().ToString();
  Payloads kept = ReadAll(*journal);
  EXPECT_TRUE(IsWholeBatches(kept, run.acknowledged));
  ASSERT_TRUE(AppendAll(*journal, {"after"}));
  kept.push_back("after");
  journal = Fail(ErrorCode::kInternal, "closed");
  // What one start has served must be there after the next loss of power.
  files.PowerCycle();
  const auto again = Journal::Open(files, kFolder, Options(segment_bytes));
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(ReadAll(*again), kept);
}

// Every operation of a short workload fails in every way, writes torn at several bytes; then the
// process dies, or the power goes with any part of the unsynced bytes surviving.
TEST(Journal, KeepsWhatItAcknowledgedWhateverFails) {
  constexpr Survivors kSurvivors[] = {{}, {0, 9}, {0, 100}, {30, 1000}, {0, 1000}};
  for (const std::uint64_t segment_bytes : {150U, 100'000U}) {
    FaultyFilesystem count;
    AppendUntilAnError(count, segment_bytes);
    for (const Fault fault : {Fault::kIoError, Fault::kDiskFull, Fault::kPowerCut}) {
      for (std::uint64_t operation = 0; operation < count.operations(); ++operation) {
        for (const std::size_t torn : {0U, 1U, 16U, 40U, 100U}) {
          for (const Survivors& survivors : kSurvivors) {
            FaultyFilesystem files;
            files.FailAt(operation, fault, torn);
            const Outcome run = AppendUntilAnError(files, segment_bytes);
            files.PowerCycle(survivors);
            ExpectRecovery(files, segment_bytes, run);
          }
          FaultyFilesystem files;
          files.FailAt(operation, fault, torn);
          const Outcome run = AppendUntilAnError(files, segment_bytes);
          files.Kill();
          ExpectRecovery(files, segment_bytes, run);
          ASSERT_FALSE(HasFailure()) << "operation " << operation << " torn " << torn;
        }
      }
    }
  }
}

// The same for the recovery itself: it can be struck and begun again.
TEST(Journal, RecoversFromAFailedRecovery) {
  FaultyFilesystem whole;
  const std::string bytes = WriteBatches(whole);
  for (const std::size_t cut : {std::size_t{10}, bytes.size() - 1, bytes.size() - 20}) {
    for (std::uint64_t operation = 0; operation < 12; ++operation) {
      for (const Fault fault : {Fault::kIoError, Fault::kPowerCut}) {
        FaultyFilesystem files;
        PutSegment(files, std::string_view(bytes).substr(0, cut));
        const std::size_t batches = cut == 10 ? 0 : cut == bytes.size() - 1 ? 4 : 3;
        files.FailAt(files.operations() + operation, fault, 5);
        static_cast<void>(Journal::Open(files, kFolder, Options()));
        files.PowerCycle();
        ExpectRecovery(files, 1 << 20, {.acknowledged = batches, .opened = true});
      }
    }
  }
}

}  // namespace
}  // namespace candour::storage
