#include <gmock/gmock.h>

#include <set>

#include "ledger/copy.h"
#include "ledger/ledger_fixture.h"
#include "storage/sqlite.h"

namespace candour::ledger {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

UtcTime At(std::string_view time) { return ParseTime(time).value(); }

SilenceDecision Released(std::string_view time) { return {.time = At(time)}; }
SilenceDecision Extended(std::string_view time, std::string_view until) {
  return {.time = At(time), .until = At(until)};
}

TEST(SilenceStateTest, EndsByItselfOrWaitsForAReviewer) {
  Silence silence{.ground = "crime", .until = At("2026-06-01"), .review = false};
  EXPECT_TRUE(StateOf(silence, {}, At("2026-05-31T23:59:59Z")).silent);
  EXPECT_FALSE(StateOf(silence, {}, At("2026-06-01")).silent);
  silence.review = true;
  EXPECT_FALSE(StateOf(silence, {}, At("2026-05-31")).overdue);
  EXPECT_TRUE(StateOf(silence, {}, At("2026-06-01")).silent);
  EXPECT_TRUE(StateOf(silence, {}, At("2026-06-01")).overdue);
}

TEST(SilenceStateTest, TheLastDecisionCounts) {
  const Silence silence{.ground = "crime", .until = At("2026-06-01"), .review = false};
  const std::vector<SilenceDecision> longer = {Extended("2026-05-01", "2026-07-01"),
                                               Extended("2026-06-30", "2026-08-01")};
  EXPECT_TRUE(StateOf(silence, longer, At("2026-07-31")).silent);
  EXPECT_EQ(StateOf(silence, longer, At("2026-07-31")).until, At("2026-08-01"));
  EXPECT_FALSE(StateOf(silence, longer, At("2026-08-01")).silent);
  const std::vector<SilenceDecision> over = {Extended("2026-05-01", "2026-07-01"),
                                             Released("2026-05-02")};
  EXPECT_FALSE(StateOf(silence, over, At("2026-05-03")).silent);
}

class SilenceTest : public LedgerTest {
 protected:
  static Silence ForCrime(bool review = true) {
    return {.ground = "crime", .until = At("2026-06-01"), .review = review};
  }
  static std::uint64_t Silent(Ledger& ledger, bool review = true) {
    AccessDetail detail = Access(ledger.StoreSet(SetOf({3, 9})).value());
    detail.silence = ForCrime(review);
    const std::uint64_t number = ledger.Started(std::move(detail)).value();
    EXPECT_TRUE(ledger.Finished(number, ledger.StoreSet(SetOf({3})).value(), 1, "released"));
    return number;
  }
  static std::uint64_t Plain(Ledger& ledger) {
    const SetId set = ledger.StoreSet(SetOf({3, 9})).value();
    const std::uint64_t number = ledger.Started(Access(set)).value();
    EXPECT_TRUE(ledger.Finished(number, set, 1, "released"));
    return number;
  }
  static SilenceDecision Decision(std::uint64_t number, std::optional<UtcTime> until = {}) {
    return {.started = number,
            .until = until,
            .principal = "reviewer",
            .os_user = "os-reviewer",
            .reason = "the enquiry goes on"};
  }
  Status RunSql(std::string_view sql) const {
    CANDOUR_ASSIGN(storage::Sqlite vault, storage::Sqlite::Open(Folder() / "vault.db"));
    return vault.Run(std::string(sql).c_str());
  }
};

TEST_F(SilenceTest, ASilentAccessIsShownToReviewersAlone) {
  Ledger ledger = Open().value();
  const std::uint64_t plain = Plain(ledger);
  const std::uint64_t silent = Silent(ledger);
  const auto shown = ledger.AccessesOf({3}).value();
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].started, plain);
  const auto kept = ledger.SilentAccesses().value();
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].detail.started, silent);
  EXPECT_EQ(kept[0].detail.silence, ForCrime());
  EXPECT_THAT(ledger.Accesses(10).value(), SizeIs(2)) << "governance sees all";
}

TEST_F(SilenceTest, SharesNoSetWithAnotherAccess) {
  Ledger ledger = Open().value();
  Plain(ledger);
  Silent(ledger);
  Silent(ledger);
  std::set<std::string> ids;
  const std::vector<AccessDetail> accesses = ledger.Accesses(10).value();
  for (const AccessDetail& access : accesses) {
    EXPECT_TRUE(ids.insert(access.available.hex).second);
    if (access.silence) {
      EXPECT_TRUE(ids.insert(access.released->hex).second);
    }
    EXPECT_TRUE(ledger.LoadSet(access.available)->Contains(9));
  }
}

TEST_F(SilenceTest, ItsEntryCommitsAndTellsNeitherGroundNorDate) {
  Ledger ledger = Open().value();
  const std::uint64_t silent = Silent(ledger);
  const std::string payload = ledger.Read(LogName::kAccesses, silent, 1)->at(0).payload;
  EXPECT_THAT(payload, HasSubstr("\"silence\":\""));
  EXPECT_THAT(payload, Not(HasSubstr("crime")));
  EXPECT_THAT(payload, Not(HasSubstr("2026-06-01")));
  const Opening opening = ledger.OpeningOfSilence(silent).value().value();
  EXPECT_EQ(opening.value, R"({"ground":"crime","then":"review","until":"2026-06-01T00:00:00Z"})");
  const std::string plain = ledger.Read(LogName::kAccesses, Plain(ledger), 1)->at(0).payload;
  EXPECT_THAT(plain, Not(HasSubstr("silence")));
}

TEST_F(SilenceTest, OutlivesAReopeningUntilItIsReleased) {
  std::uint64_t timed = 0;
  std::uint64_t reviewed = 0;
  {
    Ledger ledger = Open().value();
    timed = Silent(ledger, false);
    reviewed = Silent(ledger);
    ASSERT_TRUE(ledger.DecideSilence(Decision(timed, At("2026-07-01"))));
  }
  clock_.Set(At("2026-06-15"));
  Ledger ledger = Open().value();
  EXPECT_THAT(ledger.AccessesOf({3}).value(), IsEmpty());
  clock_.Set(At("2026-07-01"));
  ASSERT_THAT(ledger.AccessesOf({3}).value(), SizeIs(1));
  EXPECT_EQ(ledger.AccessesOf({3}).value()[0].started, timed);
  EXPECT_EQ(ledger.CheckSilence()->overdue, 1U);
  ASSERT_TRUE(ledger.DecideSilence(Decision(reviewed)));
  EXPECT_THAT(ledger.AccessesOf({3}).value(), SizeIs(2));
  const SilenceTally tally = ledger.CheckSilence().value();
  EXPECT_EQ(tally.accesses, 2U);
  EXPECT_EQ(tally.silent, 0U);
  EXPECT_EQ(tally.told, 2U);
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(SilenceTest, OnlyWhatIsSilentIsDecidedWithinBounds) {
  Ledger ledger = Open().value();
  const std::uint64_t plain = Plain(ledger);
  const std::uint64_t silent = Silent(ledger);
  const auto refused = [&](const SilenceDecision& decision) {
    return ledger.DecideSilence(decision).error().code;
  };
  EXPECT_EQ(refused(Decision(plain)), ErrorCode::kNotFound);
  EXPECT_EQ(refused(Decision(12345)), ErrorCode::kNotFound);
  SilenceDecision no_reason = Decision(silent);
  no_reason.reason = " ";
  EXPECT_EQ(refused(no_reason), ErrorCode::kInvalidArgument);
  EXPECT_EQ(refused(Decision(silent, At("2026-01-01"))), ErrorCode::kInvalidArgument) << "past";
  EXPECT_EQ(refused(Decision(silent, At("2028-03-03"))), ErrorCode::kInvalidArgument) << "too far";
  EXPECT_TRUE(ledger.DecideSilence(Decision(silent, At("2028-03-01"))));
  EXPECT_TRUE(ledger.DecideSilence(Decision(silent)));
  EXPECT_EQ(refused(Decision(silent)), ErrorCode::kConflict);
  EXPECT_EQ(refused(Decision(silent, At("2027-01-01"))), ErrorCode::kConflict);
  AccessDetail for_ever = Access(ledger.StoreSet(SetOf({3})).value());
  for_ever.silence = Silence{.ground = "crime", .until = At("2030-01-01")};
  EXPECT_EQ(ledger.Started(for_ever).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(SilenceTest, ADecisionsEntryHoldsNoWordOfTheReviewers) {
  Ledger ledger = Open().value();
  const std::uint64_t entry = ledger.DecideSilence(Decision(Silent(ledger))).value();
  const std::string payload = ledger.Read(LogName::kAccesses, entry, 1)->at(0).payload;
  EXPECT_THAT(payload, HasSubstr("silence-decided"));
  EXPECT_THAT(payload, Not(HasSubstr("enquiry")));
  EXPECT_THAT(payload, Not(HasSubstr("os-reviewer")));
  EXPECT_THAT(ledger.Copy(LogName::kAccesses, entry).value(), HasSubstr("the enquiry goes on"));
}

TEST_F(SilenceTest, AVaultThatLostItKeepsTheAccessSilentAndOverdue) {
  {
    Ledger ledger = Open().value();
    Silent(ledger, false);
    ASSERT_TRUE(ledger.DecideSilence(Decision(Silent(ledger))));
  }
  std::filesystem::remove(Folder() / "vault.db");
  Ledger ledger = Open().value();
  EXPECT_THAT(ledger.SilentAccesses().value(), SizeIs(2));
  EXPECT_TRUE(ledger.SilentAccesses().value()[1].state.overdue);
  EXPECT_FALSE(ledger.SilentAccesses().value()[0].state.silent)
      << "a release stands in the journal";
}

TEST_F(SilenceTest, HidingAnythingElseIsFound) {
  std::uint64_t plain = 0;
  std::uint64_t silent = 0;
  {
    Ledger ledger = Open().value();
    plain = Plain(ledger);
    silent = Silent(ledger);
    Plain(ledger);
    ASSERT_TRUE(ledger.CheckSilence());
  }
  const std::string first = std::to_string(plain);
  const std::string second = std::to_string(silent);
  const std::vector<std::pair<std::string, std::string>> lies = {
      {"INSERT INTO silence VALUES (" + first + ", NULL)",
       "DELETE FROM silence WHERE started = " + first},
      {"UPDATE access SET available = 0 WHERE started = " + first,
       "UPDATE access SET available = 1 WHERE started = " + first},
      {"INSERT INTO silence_decision (entry, started, time_us) VALUES (1, " + second + ", 0)",
       "DELETE FROM silence_decision"},
  };
  for (const auto& [lie, truth] : lies) {
    ASSERT_TRUE(RunSql(lie)) << lie;
    {
      const auto ledger = Open();
      // What is plainly another journal's vault is refused at once.
      if (ledger) {
        const auto found = ledger->CheckSilence();
        ASSERT_FALSE(found) << lie;
        EXPECT_EQ(found.error().code, ErrorCode::kLedgerCorrupt);
      }
    }
    ASSERT_TRUE(RunSql(truth)) << truth;
    EXPECT_TRUE(Open()->CheckSilence()) << lie;
  }
}

}  // namespace
}  // namespace candour::ledger
