#include "ledger/break_glass_intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ledger/break_glass.h"
#include "ledger/break_glass_entry.h"
#include "ledger/ledger_fixture.h"
#include "ledger/log.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

using nlohmann::json;
using storage::FaultyFilesystem;

constexpr std::int64_t kMinuteUs = 60'000'000;
const RestoredBy kReviewer{.principal = "dpo", .os_user = "os", .reason = "right and needed"};

class BreakGlassIntakeTest : public LedgerTest {
 protected:
  std::filesystem::path Glass() const { return root_ / "test.break-glass"; }
  GlassFolder From(storage::Filesystem& files) const { return {Glass(), key_, clock_, files}; }
  GlassFolder From() const { return From(storage::MachineFilesystem()); }

  void Wait(std::int64_t us) { clock_.Set(UtcTime{clock_.Now().us + us}); }

  /// A record in which the glass is broken for frontline.
  BreakGlass OpenGlass(storage::Filesystem& files = storage::MachineFilesystem()) const {
    BreakGlass glass = BreakGlass::Open(files, Glass(), key_, clock_).value();
    EXPECT_TRUE(glass.Break("frontline", "os-of-frontline", "a caller is in danger"));
    EXPECT_TRUE(glass.EnterAs("frontline"));
    return glass;
  }

  /// An emergency with one access of persons 7 and 9 that released 7, one that was cut short, and
  /// one refusal.
  void LiveThroughAnEmergency(storage::Filesystem& files) {
    BreakGlass glass = OpenGlass(files);
    const SetId available = glass.StoreSet(SetOf({7, 9})).value();
    const SetId released = glass.StoreSet(SetOf({7})).value();
    AccessDetail detail = Access(available);
    detail.principal = "frontline";
    Wait(kMinuteUs);
    const std::uint64_t number = glass.Started(detail).value();
    Wait(kMinuteUs);
    ASSERT_TRUE(glass.Finished(number, released, 1, "released"));
    ASSERT_TRUE(glass.Started(detail));
    ASSERT_TRUE(glass.Append(EntryType::kDenied, {{"use", "member-offers"}, {"code", "denied"}}));
  }

  /// Entries by type.
  static std::map<EntryType, int> CountsOf(const Ledger& ledger) {
    std::map<EntryType, int> counts;
    const std::vector<Entry> entries = ledger.Read(LogName::kAccesses, 0, 1000).value();
    for (const Entry& entry : entries) {
      ++counts[entry.type];
    }
    return counts;
  }

  static void ExpectWhole(Ledger& ledger) {
    const std::map<EntryType, int> once = {{EntryType::kBreakGlass, 1},
                                           {EntryType::kStarted, 2},
                                           {EntryType::kFinished, 1},
                                           {EntryType::kDenied, 1}};
    EXPECT_EQ(CountsOf(ledger), once);
    EXPECT_EQ(ledger.AccessesOf({7}).value().size(), 2u);
    EXPECT_TRUE(ledger.Verify());
  }

  crypto::Secret key_ = crypto::Secret(32);
};

TEST_F(BreakGlassIntakeTest, PeopleSeeWhatWasDoneWithItsTrueTime) {
  const UtcTime broken = clock_.Now();
  LiveThroughAnEmergency(storage::MachineFilesystem());
  Wait(5 * 60 * kMinuteUs);
  Ledger ledger = Open().value();
  const GlassTaken taken = TakeInBreakGlass(ledger, From()).value();
  EXPECT_EQ(taken.grants, 1u);
  EXPECT_EQ(taken.accesses, 2u);
  EXPECT_EQ(taken.refused, 1u);
  ExpectWhole(ledger);

  const auto accesses = ledger.AccessesOf({7}).value();
  const AccessDetail& first = accesses.back();
  ASSERT_TRUE(first.emergency);
  EXPECT_EQ(first.emergency->at, UtcTime{broken.us + kMinuteUs});
  EXPECT_EQ(first.time, clock_.Now());
  EXPECT_EQ(first.principal, "frontline");
  EXPECT_EQ(first.outcome, "released");
  EXPECT_TRUE(ledger.LoadSet(*first.released).value() == SetOf({7}));
  EXPECT_EQ(accesses.front().outcome, "");
  EXPECT_TRUE(ledger.AccessesOf({8}).value().empty());

  const auto cases = GlassCases(ledger).value();
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(first.emergency->grant, cases[0].entry);
  EXPECT_EQ(cases[0].since, broken);
  EXPECT_EQ(cases[0].accesses, 2);
  EXPECT_EQ(cases[0].refused, 1);
  EXPECT_EQ(cases[0].principal, "frontline");
  EXPECT_EQ(cases[0].reason, "a caller is in danger");
}

TEST_F(BreakGlassIntakeTest, EntriesHoldNoNameAndNoReason) {
  LiveThroughAnEmergency(storage::MachineFilesystem());
  Ledger ledger = Open().value();
  ASSERT_TRUE(TakeInBreakGlass(ledger, From()));
  ASSERT_TRUE(ReviewGlass(ledger, GlassCases(ledger).value()[0].entry, kReviewer));
  const std::vector<Entry> entries = ledger.Read(LogName::kAccesses, 0, 1000).value();
  for (const Entry& entry : entries) {
    for (const char* word : {"frontline", "danger", "SELECT", "dpo", "right"}) {
      EXPECT_EQ(entry.payload.find(word), std::string::npos) << entry.payload;
    }
  }
}

TEST_F(BreakGlassIntakeTest, TheFileIsKeptAndComesInOnce) {
  LiveThroughAnEmergency(storage::MachineFilesystem());
  {
    Ledger ledger = Open().value();
    ASSERT_TRUE(TakeInBreakGlass(ledger, From()));
    EXPECT_EQ(TakeInBreakGlass(ledger, From()).value().accesses, 0u);
  }
  std::vector<std::filesystem::path> kept;
  for (const auto& file : std::filesystem::directory_iterator(Glass())) kept.push_back(file.path());
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].extension(), ".taken-in");
  // Even when its old name comes back, as a folder's may after a loss of power.
  std::filesystem::rename(kept[0], OpenGlassFile(Glass()));
  Ledger ledger = Open().value();
  ASSERT_TRUE(TakeInBreakGlass(ledger, From()));
  ExpectWhole(ledger);
}

TEST_F(BreakGlassIntakeTest, AnEmergencyDuringTheIntakeGoesIntoAFileOfItsOwn) {
  LiveThroughAnEmergency(storage::MachineFilesystem());
  std::filesystem::rename(OpenGlassFile(Glass()), Glass() / "taking-in");
  LiveThroughAnEmergency(storage::MachineFilesystem());
  Ledger ledger = Open().value();
  EXPECT_EQ(TakeInBreakGlass(ledger, From()).value().accesses, 4u);
  EXPECT_EQ(GlassCases(ledger).value().size(), 2u);
}

// The intake fails at each operation on the disk in turn, also with a loss of power, and is run
// again, once or after failing a second time. The ledger's journal and the break-glass file lie on
// that disk. At the end everything is in the ledger, and once.
TEST_F(BreakGlassIntakeTest, CutOffAnywhereNothingIsLostAndNothingComesTwice) {
  using storage::Fault;
  std::uint64_t operations = 0;
  const auto run = [&](FaultyFilesystem& files, std::optional<Fault> fault, std::uint64_t at) {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(Folder());
    LiveThroughAnEmergency(files);
    {
      Ledger ledger = Open(files).value();
      const std::uint64_t before = files.operations();
      if (fault) files.FailAt(before + at, *fault, 3);
      (void)TakeInBreakGlass(ledger, From(files));
      operations = files.operations() - before;
    }
    if (!fault) return;
    files.PowerCycle();
    Ledger ledger = Open(files).value();
    const auto taken = TakeInBreakGlass(ledger, From(files));
    ASSERT_TRUE(taken) << at << taken.error().ToString();
    ExpectWhole(ledger);
    EXPECT_FALSE(files.Exists(OpenGlassFile(Glass())).value()) << at;
    EXPECT_FALSE(files.Exists(Glass() / "taking-in").value()) << at;
  };
  FaultyFilesystem well;
  run(well, std::nullopt, 0);
  const std::uint64_t last = operations;
  ASSERT_GT(last, 20u);
  for (const Fault fault : {Fault::kIoError, Fault::kPowerCut}) {
    for (std::uint64_t at = 0; at < last; ++at) {
      FaultyFilesystem files;
      run(files, fault, at);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_F(BreakGlassIntakeTest, ASilenceOfAnEmergencyIsKept) {
  const UtcTime until{clock_.Now().us + 10 * kMinuteUs};
  {
    BreakGlass glass = OpenGlass();
    const SetId set = glass.StoreSet(SetOf({7})).value();
    for (const bool review : {false, true}) {
      AccessDetail detail = Access(set);
      detail.principal = "frontline";
      detail.silence = Silence{.ground = "crime", .until = until, .review = review};
      ASSERT_TRUE(glass.Started(detail));
    }
  }
  Wait(11 * kMinuteUs);
  Ledger ledger = Open().value();
  ASSERT_TRUE(TakeInBreakGlass(ledger, From()));
  // The one that was to end by itself has ended; the other waits for the reviewer.
  EXPECT_EQ(ledger.AccessesOf({7}).value().size(), 1u);
  ASSERT_EQ(ledger.SilentAccesses().value().size(), 1u);
  EXPECT_EQ(ledger.SilentAccesses().value()[0].detail.silence->ground, "crime");
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(BreakGlassIntakeTest, DamageIsNamedAndWaitsForSomebodyToDecide) {
  LiveThroughAnEmergency(storage::MachineFilesystem());
  {
    std::fstream file(OpenGlassFile(Glass()), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(BytesOfFile(OpenGlassFile(Glass())).size() * 3 / 4));
    file.put('\x55');
  }
  Ledger ledger = Open().value();
  for (int again = 0; again < 2; ++again) {
    const auto taken = TakeInBreakGlass(ledger, From());
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, ErrorCode::kLedgerCorrupt);
    EXPECT_THAT(taken.error().message, testing::HasSubstr("byte"));
    EXPECT_THAT(taken.error().next, testing::HasSubstr("set-aside"));
    // What is whole is in, once.
    EXPECT_EQ(CountsOf(ledger)[EntryType::kStarted], 1);
  }
  const std::uint64_t entry = SetAsideDamaged(ledger, From(), kReviewer).value();
  EXPECT_TRUE(TakeInBreakGlass(ledger, From()));
  EXPECT_EQ(SetAsideDamaged(ledger, From(), kReviewer).error().code, ErrorCode::kNotFound);
  const auto cases = GlassCases(ledger).value();
  ASSERT_EQ(cases.size(), 2u);
  EXPECT_EQ(cases[1].entry, entry);
  EXPECT_TRUE(cases[1].damaged);
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(BreakGlassIntakeTest, SomebodyElseReviewsWithinADay) {
  LiveThroughAnEmergency(storage::MachineFilesystem());
  Ledger ledger = Open().value();
  ASSERT_TRUE(TakeInBreakGlass(ledger, From()));
  const GlassCase before = GlassCases(ledger).value()[0];
  EXPECT_FALSE(before.overdue(UtcTime{before.since.us + kReviewUs - 1}));
  EXPECT_TRUE(before.overdue(UtcTime{before.since.us + kReviewUs}));
  RestoredBy self = kReviewer;
  self.principal = "frontline";
  EXPECT_EQ(ReviewGlass(ledger, before.entry, self).error().code, ErrorCode::kDeniedRole);
  RestoredBy silent = kReviewer;
  silent.reason = " ";
  EXPECT_EQ(ReviewGlass(ledger, before.entry, silent).error().code, ErrorCode::kUsage);
  EXPECT_EQ(ReviewGlass(ledger, 4711, kReviewer).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(ReviewGlass(ledger, before.entry, kReviewer));
  EXPECT_EQ(ReviewGlass(ledger, before.entry, kReviewer).error().code, ErrorCode::kConflict);
  const GlassCase after = GlassCases(ledger).value()[0];
  EXPECT_EQ(after.reviewer, "dpo");
  EXPECT_EQ(after.finding, "right and needed");
  EXPECT_FALSE(after.overdue(UtcTime{before.since.us + 2 * kReviewUs}));
  EXPECT_TRUE(ledger.Verify());
}

// What the vault lost is not told, and the entry still stands.
TEST_F(BreakGlassIntakeTest, AnAuditorOpensTheEntryOfAGrant) {
  LiveThroughAnEmergency(storage::MachineFilesystem());
  Ledger ledger = Open().value();
  ASSERT_TRUE(TakeInBreakGlass(ledger, From()));
  const std::uint64_t entry = GlassCases(ledger).value()[0].entry;
  const json copy = json::parse(ledger.Copy(LogName::kAccesses, entry).value());
  ASSERT_EQ(copy["openings"].size(), 2u);
  EXPECT_EQ(copy["openings"][1]["value"]["reason"], "a caller is in danger");
}

}  // namespace
}  // namespace candour::ledger
