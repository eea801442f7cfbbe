#include "ledger/witness_panel.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "ledger/ledger_fixture.h"
#include "ledger/log.h"

namespace candour::ledger {
namespace {

/// Nobody answers, and the asking is counted.
class DeadTransport final : public tlog::WitnessTransport {
 public:
  Result<tlog::WitnessReply> Post(const std::string&, const std::string&) override {
    ++asked;
    return Fail(ErrorCode::kUnavailable, "Nobody answers.");
  }
  std::atomic<int> asked = 0;
};

class WitnessPanelTest : public LedgerTest {
 protected:
  /// One witness, and how many must cosign: "witness" or "none".
  std::shared_ptr<const Witnesses> Asked(const std::string& quorum) {
    const std::string key =
        "neighbour.example/1+3f82d7b6+BMhQYa75UZbbdNoFljM7yJB/tnS8hW0F35xk3rypQSbT";
    const std::string text =
        fmt::format("witness witness {} http://127.0.0.1:1\nquorum {}\n", key, quorum);
    return std::make_shared<const Witnesses>(tlog::Policy::Parse(text, "witnesses.policy").value(),
                                             transport_);
  }

  Result<Ledger> OpenWith(std::shared_ptr<const Witnesses> witnesses) const {
    LedgerSettings settings = TestSettings(Folder());
    settings.witnesses = std::move(witnesses);
    return Ledger::Open(settings, clock_);
  }

  std::shared_ptr<DeadTransport> transport_ = std::make_shared<DeadTransport>();
};

TEST_F(WitnessPanelTest, TheLogGoesOnWithoutThemAndPublishesNothing) {
  Ledger ledger = OpenWith(Asked("witness")).value();
  ASSERT_TRUE(ledger.Append(EntryType::kApplied, {{"version", 1}}));
  EXPECT_TRUE(ledger.Publish());
  ASSERT_TRUE(ledger.Append(EntryType::kApplied, {{"version", 2}}));
  EXPECT_TRUE(ledger.Publish());
  const Log& log = ledger.log(LogName::kAccesses);
  EXPECT_EQ(log.size(), 2u);
  EXPECT_EQ(log.published(), 0u);
  ASSERT_TRUE(log.witnesses().Problem());
  EXPECT_EQ(log.witnesses().Problem()->code, ErrorCode::kWitnessQuorum);
  EXPECT_NE(log.witnesses().Problem()->found.find("witness (unavailable)"), std::string::npos);
  EXPECT_TRUE(ledger.Receipt(LogName::kAccesses, 1));
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(WitnessPanelTest, OneThatIsDownIsNotAskedAboutTheSameAgainAndAgain) {
  Ledger ledger = OpenWith(Asked("witness")).value();
  ASSERT_TRUE(ledger.Append(EntryType::kApplied, {{"version", 1}}));
  ASSERT_TRUE(ledger.Publish());
  const int asked = transport_->asked;
  EXPECT_GT(asked, 0);
  ASSERT_TRUE(ledger.Publish());
  EXPECT_EQ(transport_->asked, asked);
}

TEST_F(WitnessPanelTest, WhereNobodyHasToTheCheckpointIsPublished) {
  Ledger ledger = OpenWith(Asked("none")).value();
  ASSERT_TRUE(ledger.Append(EntryType::kApplied, {{"version", 1}}));
  ASSERT_TRUE(ledger.Publish());
  EXPECT_EQ(ledger.log(LogName::kAccesses).published(), 1u);
  EXPECT_FALSE(ledger.log(LogName::kAccesses).witnesses().Problem());
}

TEST_F(WitnessPanelTest, WithoutAWayToThemNothingIsPublished) {
  auto unreachable = std::make_shared<const Witnesses>(Asked("witness")->policy, nullptr);
  Ledger ledger = OpenWith(unreachable).value();
  ASSERT_TRUE(ledger.Append(EntryType::kApplied, {{"version", 1}}));
  ASSERT_TRUE(ledger.Publish());
  EXPECT_EQ(ledger.log(LogName::kAccesses).published(), 0u);
  EXPECT_EQ(transport_->asked, 0);
}

}  // namespace
}  // namespace candour::ledger
