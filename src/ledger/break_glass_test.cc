#include "ledger/break_glass.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ledger/ledger_fixture.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

using storage::FaultyFilesystem;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kMinuteUs = 60'000'000;

class BreakGlassTest : public LedgerTest {
 protected:
  Result<BreakGlass> OpenGlass(storage::Filesystem& files) const {
    return BreakGlass::Open(files, Glass(), key_, clock_);
  }
  Result<BreakGlass> OpenGlass() const { return OpenGlass(storage::MachineFilesystem()); }
  std::filesystem::path Glass() const { return root_ / "test.break-glass"; }

  void Wait(std::int64_t us) { clock_.Set(UtcTime{clock_.Now().us + us}); }

  static AccessDetail LookUp(const SetId& set) {
    AccessDetail detail = Access(set);
    detail.principal = "frontline";
    return detail;
  }

  crypto::Secret key_ = crypto::Secret(32);
};

TEST_F(BreakGlassTest, NothingIsRecordedUnlessTheGlassIsBroken) {
  BreakGlass glass = OpenGlass().value();
  EXPECT_EQ(glass.EnterAs("frontline").error().code, ErrorCode::kBreakGlassRefused);
  const SetId set = glass.StoreSet(SetOf({7})).value();
  EXPECT_EQ(glass.Started(LookUp(set)).error().code, ErrorCode::kBreakGlassRefused);
  EXPECT_EQ(glass.Append(EntryType::kDenied, {{"use", "x"}}).error().code,
            ErrorCode::kBreakGlassRefused);
}

TEST_F(BreakGlassTest, AReasonIsNeeded) {
  BreakGlass glass = OpenGlass().value();
  EXPECT_EQ(glass.Break("frontline", "os", " \n").error().code, ErrorCode::kUsage);
  EXPECT_EQ(glass.Break("frontline", "os", std::string(kMaxReasonSize + 1, 'x')).error().code,
            ErrorCode::kUsage);
  EXPECT_TRUE(glass.grants().empty());
}

TEST_F(BreakGlassTest, ItLastsSixtyMinutesForThatPrincipalOnly) {
  {
    BreakGlass glass = OpenGlass().value();
    const GlassGrant grant = glass.Break("frontline", "os", "a caller is in danger").value();
    EXPECT_EQ(grant.until.us - grant.since.us, 60 * kMinuteUs);
    EXPECT_EQ(glass.Break("frontline", "os", "again").error().code, ErrorCode::kBreakGlassRefused);
  }
  BreakGlass glass = OpenGlass().value();
  EXPECT_EQ(glass.EnterAs("steward").error().code, ErrorCode::kBreakGlassRefused);
  ASSERT_TRUE(glass.EnterAs("frontline"));
  const SetId set = glass.StoreSet(SetOf({7})).value();
  AccessDetail other = LookUp(set);
  other.principal = "steward";
  EXPECT_EQ(glass.Started(other).error().code, ErrorCode::kBreakGlassRefused);
  const std::uint64_t number = glass.Started(LookUp(set)).value();
  Wait(59 * kMinuteUs);
  ASSERT_TRUE(glass.EnterAs("frontline"));
  Wait(kMinuteUs);
  // What began in time is finished on record; nothing new begins.
  EXPECT_TRUE(glass.Finished(number, set, 1, "released"));
  EXPECT_EQ(glass.Started(LookUp(set)).error().code, ErrorCode::kBreakGlassRefused);
  EXPECT_EQ(glass.EnterAs("frontline").error().code, ErrorCode::kBreakGlassRefused);
  EXPECT_TRUE(glass.Break("frontline", "os", "still in danger"));
  EXPECT_EQ(glass.grants().size(), 2u);
}

TEST_F(BreakGlassTest, AClockThatGoesBackBuysNoTime) {
  BreakGlass glass = OpenGlass().value();
  ASSERT_TRUE(glass.Break("frontline", "os", "a caller is in danger"));
  ASSERT_TRUE(glass.EnterAs("frontline"));
  const SetId set = glass.StoreSet(SetOf({7})).value();
  Wait(30 * kMinuteUs);
  ASSERT_TRUE(glass.Started(LookUp(set)));
  Wait(-kMinuteUs);
  EXPECT_EQ(glass.Started(LookUp(set)).error().code, ErrorCode::kBreakGlassRefused);
  EXPECT_EQ(glass.EnterAs("frontline").error().code, ErrorCode::kBreakGlassRefused);
  Wait(-40 * kMinuteUs);
  EXPECT_EQ(glass.Break("steward", "os", "a recall").error().code, ErrorCode::kBreakGlassRefused);
}

TEST_F(BreakGlassTest, OnlyAccessesAndRefusalsAreTaken) {
  BreakGlass glass = OpenGlass().value();
  ASSERT_TRUE(glass.Break("frontline", "os", "a caller is in danger"));
  ASSERT_TRUE(glass.EnterAs("frontline"));
  EXPECT_TRUE(glass.Append(EntryType::kDenied, {{"use", "x"}}));
  EXPECT_EQ(glass.Append(EntryType::kApplied, {{"version", 2}}).error().code,
            ErrorCode::kBreakGlassRefused);
  EXPECT_EQ(glass.Started(LookUp(SetId{std::string(64, '0')})).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(glass.Finished(1, std::nullopt, 0, "failed").error().code, ErrorCode::kNotFound);
}

TEST_F(BreakGlassTest, TheFileTellsNothingWithoutTheKeyAndOpensWithNoOther) {
  {
    BreakGlass glass = OpenGlass().value();
    ASSERT_TRUE(glass.Break("frontline", "os-account", "a caller is in danger"));
    ASSERT_TRUE(glass.EnterAs("frontline"));
    const SetId set = glass.StoreSet(SetOf({7})).value();
    ASSERT_TRUE(glass.Started(LookUp(set)));
  }
  const std::string bytes = BytesOfFile(OpenGlassFile(Glass()));
  for (const char* word : {"frontline", "os-account", "danger", "SELECT", "member-offers"}) {
    EXPECT_THAT(bytes, Not(HasSubstr(word)));
  }
  key_.Fill()[0] = 1;
  EXPECT_EQ(OpenGlass().error().code, ErrorCode::kCorruption);
}

TEST_F(BreakGlassTest, ASetThatIsLargerThanAFrameIsKeptWhole) {
  Bitmap large;
  for (std::size_t i = 0; i < 2'000'000; i += 3) large.Add(i);
  {
    BreakGlass glass = OpenGlass().value();
    ASSERT_TRUE(glass.StoreSet(large));
    ASSERT_TRUE(glass.StoreSet(large));
  }
  const auto seal = crypto::Aead::Create(key_.Copy()).value();
  const GlassReading reading =
      ReadGlassFile(storage::MachineFilesystem(), OpenGlassFile(Glass()), seal).value();
  ASSERT_EQ(reading.records.size(), 1u);
  const GlassContent content = DecodeGlass(reading.records[0]).value();
  EXPECT_TRUE(std::get<GlassSet>(content).people == large);
}

// What was acknowledged is there after any fault and a loss of power; what was not may be missing.
TEST_F(BreakGlassTest, WhatWasAcknowledgedSurvivesEveryFault) {
  const auto live = [this](FaultyFilesystem& files) {
    std::size_t acknowledged = 0;
    auto glass = OpenGlass(files);
    if (!glass || !glass->Break("frontline", "os", "danger")) return acknowledged;
    ++acknowledged;
    if (!glass->EnterAs("frontline")) return acknowledged;
    const auto set = glass->StoreSet(SetOf({7}));
    if (!set) return acknowledged;
    ++acknowledged;
    const auto number = glass->Started(LookUp(*set));
    if (!number) return acknowledged;
    ++acknowledged;
    if (glass->Finished(*number, *set, 1, "released")) ++acknowledged;
    return acknowledged;
  };
  const auto seal = crypto::Aead::Create(key_.Copy()).value();
  FaultyFilesystem well;
  EXPECT_EQ(live(well), 4u);
  for (const auto fault :
       {storage::Fault::kIoError, storage::Fault::kDiskFull, storage::Fault::kPowerCut}) {
    for (std::uint64_t operation = 0; operation < well.operations(); ++operation) {
      FaultyFilesystem files;
      files.FailAt(operation, fault, 5);
      const std::size_t acknowledged = live(files);
      files.PowerCycle();
      const auto reading = ReadGlassFile(files, OpenGlassFile(Glass()), seal);
      if (!reading) {
        EXPECT_EQ(acknowledged, 0u) << operation;
        continue;
      }
      EXPECT_FALSE(reading->damage) << operation;
      EXPECT_GE(reading->records.size(), acknowledged) << operation;
    }
  }
}

TEST_F(BreakGlassTest, DamageIsNamedAndWhatIsBeforeItIsGiven) {
  FaultyFilesystem files;
  {
    BreakGlass glass = OpenGlass(files).value();
    ASSERT_TRUE(glass.Break("frontline", "os", "a caller is in danger"));
    ASSERT_TRUE(glass.EnterAs("frontline"));
    const SetId set = glass.StoreSet(SetOf({7})).value();
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(glass.Started(LookUp(set)));
  }
  const auto seal = crypto::Aead::Create(key_.Copy()).value();
  const std::string bytes = files.Read(OpenGlassFile(Glass())).value();
  ASSERT_TRUE(files.Damage(OpenGlassFile(Glass()), bytes.size() * 2 / 3, 1));
  const GlassReading reading = ReadGlassFile(files, OpenGlassFile(Glass()), seal).value();
  ASSERT_TRUE(reading.damage);
  EXPECT_EQ(reading.damage->code, ErrorCode::kLedgerCorrupt);
  EXPECT_THAT(reading.damage->message, HasSubstr("byte"));
  EXPECT_GT(reading.records.size(), 1u);
  EXPECT_LT(reading.records.size(), 6u);
  EXPECT_EQ(OpenGlass(files).error().code, ErrorCode::kLedgerCorrupt);
}

}  // namespace
}  // namespace candour::ledger
