#include "rights/silence_review.h"

#include <gmock/gmock.h>

#include "gate/access.h"
#include "rights/rights_fixture.h"

namespace candour::rights {
namespace {

using ledger::EntryType;
using ledger::LogName;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// The recall of the co-operative, whose accesses people are told of later.
class SilenceReviewTest : public RightsTest {
 protected:
  SilenceReviewTest() {
    principals_.push_back({.id = "reviewer",
                           .name = "Independent reviewer",
                           .role = accounts::Role::kReviewer,
                           .organisation = "The Society"});
    Recall().silence = policy::Silence{.ground = policy::SilenceGround::kSafeguarding,
                                       .span = {.days = 90},
                                       .then = policy::SilenceEnd::kReview,
                                       .why = "Somebody could be warned."};
  }

  policy::Use& Recall() { return *std::ranges::find(uses_, "recall", &policy::Use::id); }

  /// A silent access through the door.
  std::uint64_t Ask() {
    const gate::AnswerSink sink{.columns = [](const auto&) { return Status(); },
                                .row = [](const auto&, const auto&) { return Status(); }};
    const auto report = gate::Access(Setting(), *ledger_,
                                     {.use = "recall",
                                      .principal = "marketer",
                                      .sql = "SELECT first_name FROM members.register",
                                      .os_user = "os-account"},
                                     sink);
    EXPECT_TRUE(report) << report.error().ToString();
    return report ? report->number : 0;
  }

  Result<SilenceReview> Review(std::string principal = "reviewer") {
    request_ = {
        .principal = std::move(principal), .os_user = "os-reviewer", .principals = principals_};
    return SilenceReview::Admit(*ledger_, request_);
  }

  /// The uses as they stand now, whenever that is asked.
  UseAt UsesNow() {
    return [this](const std::string& id, UtcTime) -> Result<std::optional<policy::Use>> {
      const auto use = std::ranges::find(uses_, id, &policy::Use::id);
      return use == uses_.end() ? std::nullopt : std::optional(*use);
    };
  }

  ReviewRequest request_;
};

TEST_F(SilenceReviewTest, TheDoorKeepsAnAccessSilentAsItsUseDeclares) {
  const std::uint64_t number = Ask();
  EXPECT_THAT(ledger_->AccessesOf(RecordsOf(Ada())).value(), IsEmpty());
  const auto accesses = Review()->List(false).value();
  ASSERT_THAT(accesses, SizeIs(1));
  EXPECT_EQ(accesses[0].detail.started, number);
  EXPECT_EQ(accesses[0].detail.silence->ground, "safeguarding");
  EXPECT_EQ(FormatTime(accesses[0].state.until), "2026-05-30T09:00:00Z");
  EXPECT_EQ(Review()->Show(number)->detail.statement, "SELECT first_name FROM members.register");
}

TEST_F(SilenceReviewTest, WhatIsFixedDoesNotChangeWithTheDeclaration) {
  const std::uint64_t number = Ask();
  Recall().silence.reset();
  EXPECT_EQ(Review()->List(false)->at(0).detail.started, number);
  RecordAccess("recall", "rows", {Ada()}, std::nullopt);
  EXPECT_THAT(Review()->List(false).value(), SizeIs(1));
}

TEST_F(SilenceReviewTest, NobodyElseReviewsAndTryingLeavesATrace) {
  Ask();
  const std::size_t before = Entries().size();
  for (const char* who : {"frontline", "dpo", "marketer", "member"}) {
    EXPECT_EQ(Review(who).error().code, ErrorCode::kDeniedRole) << who;
  }
  EXPECT_EQ(Review("nobody").error().code, ErrorCode::kDeniedUnknownPrincipal);
  EXPECT_EQ(Entries().size(), before + 5);
  EXPECT_EQ(Entries().back(), EntryType::kDenied);
}

TEST_F(SilenceReviewTest, EachLookIsAnAccessOfNobody) {
  const std::uint64_t number = Ask();
  const std::size_t before = Entries().size();
  ASSERT_TRUE(Review()->List(true));
  ASSERT_TRUE(Review()->Show(number));
  EXPECT_FALSE(Review()->Show(number + 1000));
  ASSERT_EQ(Entries().size(), before + 6);
  const auto looks = ledger_->Accesses(3).value();
  EXPECT_EQ(looks[0].use, kSilenceReview);
  EXPECT_EQ(looks[0].available.hex, "");
  EXPECT_EQ(looks[2].statement, "silent list --overdue");
  const auto entries = ledger_->Read(LogName::kAccesses, before, 6).value();
  for (const ledger::Entry& entry : entries) {
    EXPECT_THAT(entry.payload, Not(HasSubstr("os-reviewer")));
  }
}

TEST_F(SilenceReviewTest, OverdueOnesAreListedUntilTheyAreDecided) {
  const std::uint64_t number = Ask();
  EXPECT_THAT(Review()->List(true).value(), IsEmpty());
  clock_.Set(ParseTime("2026-06-01").value());
  EXPECT_THAT(Review()->List(true).value(), SizeIs(1));
  EXPECT_THAT(ledger_->AccessesOf(RecordsOf(Ada())).value(), IsEmpty()) << "nobody has decided";
  const UtcTime later = ParseTime("2026-09-01").value();
  ASSERT_TRUE(Review()->Extend(number, later, "the enquiry goes on"));
  EXPECT_THAT(Review()->List(true).value(), IsEmpty());
  EXPECT_EQ(Review()->Extend(number, later, "again").error().code, ErrorCode::kInvalidArgument);
  ASSERT_TRUE(Review()->Release(number, "it is over"));
  EXPECT_THAT(ledger_->AccessesOf(RecordsOf(Ada())).value(), SizeIs(1));
  EXPECT_EQ(Review()->Release(number, "again").error().code, ErrorCode::kConflict);
  EXPECT_THAT(Review()->Show(number)->decisions, SizeIs(2));
}

TEST_F(SilenceReviewTest, ACheckHoldsEachAgainstItsUse) {
  Ask();
  RecordAccess("offers", "rows", {Ada()}, std::nullopt);
  const auto tally = Review()->Check(UsesNow());
  ASSERT_TRUE(tally) << tally.error().ToString();
  EXPECT_EQ(tally->silent, 1U);
  const policy::Silence declared = *Recall().silence;
  const auto refused = [this] {
    const auto found = Review()->Check(UsesNow());
    return !found && found.error().code == ErrorCode::kLedgerCorrupt;
  };
  Recall().silence->ground = policy::SilenceGround::kCrime;
  EXPECT_TRUE(refused());
  Recall().silence = declared;
  Recall().silence->span = {.days = 89};
  EXPECT_TRUE(refused());
  Recall().silence = declared;
  Recall().silence->then = policy::SilenceEnd::kRelease;
  EXPECT_TRUE(refused());
  Recall().silence.reset();
  EXPECT_TRUE(refused());
  Recall().silence = declared;
  EXPECT_FALSE(refused());
  std::erase_if(uses_, [](const policy::Use& use) { return use.id == "recall"; });
  EXPECT_TRUE(refused());
}

}  // namespace
}  // namespace candour::rights
