#include "rights/person_statement.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "ledger/entry.h"
#include "ledger/log.h"
#include "ledger/receipt.h"
#include "ledger/statement_check.h"
#include "ledger/test_settings.h"
#include "rights/person_accesses.h"
#include "rights/person_json.h"
#include "rights/person_text.h"
#include "rights/person_view.h"
#include "rights/rights_fixture.h"
#include "rights/statement_text.h"

namespace candour::rights {
namespace {

using ledger::CheckedStatement;
using ledger::LogName;
using ledger::Silence;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

UtcTime At(std::string_view time) { return ParseTime(time).value(); }

/// The co-operative with the trees of sets, as a home has them.
class StatementTest : public RightsTest {
 protected:
  StatementTest() {
    ledger_.reset();
    ledger::LedgerSettings settings = ledger::TestSettings(dir_ / "state" / "ledger");
    settings.prove_sets = true;
    ledger_ = ledger::Ledger::Open(settings, clock_).value();
  }

  /// A rows access to these people, silent or not.
  std::uint64_t Use(const std::vector<PersonId>& available, std::optional<Silence> silence = {},
                    std::optional<std::vector<PersonId>> released = {}) {
    const auto set = [this](const std::vector<PersonId>& people) {
      Bitmap records;
      for (const PersonId& person : people) {
        for (const RecordNo record : RecordsOf(person)) records.Add(record);
      }
      return ledger_->StoreSet(records).value();
    };
    const auto number = ledger_->Started({.principal = "marketer",
                                          .use = silence ? "recall" : "offers",
                                          .purpose = "offers",
                                          .recipient = "the shop's team",
                                          .output = "rows",
                                          .datasets = "members.register",
                                          .statement = "SELECT secret_search",
                                          .os_user = "os-account",
                                          .available = set(available),
                                          .silence = std::move(silence)});
    EXPECT_TRUE(number) << number.error().ToString();
    EXPECT_TRUE(ledger_->Finished(*number, set(released.value_or(available)), 1, "released"));
    return *number;
  }

  Result<std::string> Make(const PersonRequest& request, std::string_view from = "1970-01-01",
                           std::string_view to = "") {
    clock_.Set(UtcTime{clock_.Now().us + 1'000'000});
    CANDOUR_ASSIGN(const StatementPeriod period,
                   ReadPeriod(std::string(from), std::string(to), clock_.Now()));
    return MakeStatement(Setting(), *ledger_, *people_, request, period);
  }

  ledger::StatementTrust Trust() const {
    const std::vector<tlog::VerifierKey> keys = {ledger_->log(LogName::kChoices).key(),
                                                 ledger_->statement_key(),
                                                 ledger_->log(LogName::kAccesses).key()};
    return ledger::MakeStatementTrust(keys).value();
  }

  CheckedStatement Checked(const Result<std::string>& file) const {
    EXPECT_TRUE(file) << file.error().ToString();
    auto checked = ledger::CheckStatement(file.value_or(""), Trust());
    EXPECT_TRUE(checked) << checked.error().ToString();
    return checked ? *std::move(checked) : CheckedStatement{};
  }

  Silence Quarter(bool review) const {
    return {.ground = "crime", .until = At("2026-06-01"), .review = review};
  }
};

/// Homes that can stand beside each other in one test.
class Twin final : public StatementTest {
 public:
  void TestBody() override {}

  void Live(bool silently) {
    if (silently) Use({Ada(), Bea()}, Quarter(true));
    Use({Ada(), Bea()});
    if (silently) Use({Ada()}, Quarter(false), std::vector<PersonId>{});
    Use({Bea()});
    clock_.Set(UtcTime{clock_.Now().us + 60'000'000});
    Use({Ada(), Bea()}, {}, std::vector{Bea()});
    if (silently) Use({Ada(), Bea()}, Quarter(true));
  }

  /// All that Ada is ever shown, without what differs between any two homes.
  std::string ShownToAda() {
    std::string shown;
    const auto lines = ShowAccesses(Setting(), *ledger_, *people_, RequestOf(Ada())).value();
    shown += AccessesText(lines, 100) + AccessesJson(lines).dump(1);
    const PersonView view = ShowPerson(Setting(), *ledger_, *people_, RequestOf(Ada())).value();
    shown += PersonText(view) + PersonJson(view).dump(1);
    const CheckedStatement statement = Checked(Make(RequestOf(Ada())));
    nlohmann::json json = StatementJson(statement);
    json.erase("logs");
    shown += StatementText(statement) + json.dump(1);
    for (std::size_t at; (at = shown.find(Ada().text)) != std::string::npos;) {
      shown.replace(at, Ada().text.size(), "ADA");
    }
    return shown;
  }

  /// The statement's sets, each with where its tree stands among the shown accesses, and proofs.
  nlohmann::json Body() { return nlohmann::json::parse(Make(RequestOf(Ada())).value())["body"]; }
};

TEST(SilenceTwinTest, NothingShownToAPersonTellsOfASilentAccess) {
  Twin with;
  Twin without;
  with.Live(true);
  without.Live(false);
  EXPECT_EQ(with.ShownToAda(), without.ShownToAda());
}

TEST(SilenceTwinTest, ProofsTellNothingEither) {
  Twin with;
  Twin without;
  with.Live(true);
  without.Live(false);
  const nlohmann::json a = with.Body();
  const nlohmann::json b = without.Body();
  ASSERT_EQ(a["accesses"].size(), b["accesses"].size());
  ASSERT_EQ(a["sets"].size(), b["sets"].size());
  const auto index = [](const nlohmann::json& receipt) {
    const auto text = receipt.get<std::string>();
    const auto at = text.find("\nindex ") + 7;
    return std::stoull(text.substr(at, text.find('\n', at) - at));
  };
  // A set that a silent access had too would have its tree before the first access that is shown.
  for (const nlohmann::json& set : a["sets"]) {
    EXPECT_GT(index(set["receipt"]), index(a["accesses"][0]["started"]));
  }
}

TEST_F(StatementTest, HoldsEachAccessWithWhatLeft) {
  Use({Ada(), Bea()});
  Use({Ada(), Bea()}, {}, std::vector{Bea()});
  Use({Bea()});
  const CheckedStatement statement = Checked(Make(RequestOf(Ada())));
  EXPECT_EQ(statement.person, Ada().text);
  ASSERT_THAT(statement.accesses, SizeIs(2));
  EXPECT_EQ(LineOf(statement.accesses[0]).left, Left::kRow);
  EXPECT_EQ(LineOf(statement.accesses[1]).left, Left::kNoRow);
  const std::string text = StatementText(statement);
  EXPECT_THAT(text, HasSubstr("Offers from Food"));
  EXPECT_THAT(text, HasSubstr("Your row was not among those handed over."));
}

TEST_F(StatementTest, NamesNoStaffNoSearchAndNobodyElse) {
  Use({Ada(), Bea()});
  const std::string file = Make(RequestOf(Ada())).value();
  const std::string shown = StatementJson(Checked(file)).dump() + StatementText(Checked(file));
  for (const std::string& text : {file, shown}) {
    for (const std::string& secret : {std::string("secret_search"), std::string("os-account"),
                                      std::string("marketer"), Bea().text}) {
      EXPECT_THAT(text, Not(HasSubstr(secret)));
    }
  }
}

TEST_F(StatementTest, KeepsToItsPeriod) {
  Use({Ada()});
  clock_.Set(At("2026-03-02T10:00:00Z"));
  Use({Ada()});
  clock_.Set(At("2026-03-05T10:00:00Z"));
  EXPECT_THAT(Checked(Make(RequestOf(Ada()), "2026-03-02", "2026-03-02")).accesses, SizeIs(1));
  EXPECT_THAT(Checked(Make(RequestOf(Ada()), "2026-03-02")).accesses, SizeIs(2)) << "a look-up too";
  EXPECT_THAT(Checked(Make(RequestOf(Ada()), "2026-03-03", "2026-03-04")).accesses, SizeIs(0));
  EXPECT_EQ(Make(RequestOf(Ada()), "2026-03-04", "2026-03-03").error().code, ErrorCode::kUsage);
  EXPECT_EQ(Make(RequestOf(Ada()), "2027-01-01").error().code, ErrorCode::kUsage);
  EXPECT_EQ(Make(RequestOf(Ada()), "last week").error().code, ErrorCode::kUsage);
  EXPECT_EQ(Make(RequestOf(Ada()), "", "2026-02-30").error().code, ErrorCode::kUsage);
}

TEST_F(StatementTest, IsForWhomeverMayLookOnly) {
  EXPECT_EQ(Make(RequestOf({"p-0000000000000"})).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Make(RequestOf(Ada(), "marketer")).error().code, ErrorCode::kDeniedRole);
  PersonRequest own = RequestOf(Ada(), "member");
  own.self = Ada();
  EXPECT_TRUE(Make(own));
  own.person = Bea();
  EXPECT_EQ(Make(own).error().code, ErrorCode::kDeniedRole);
}

TEST_F(StatementTest, HoldsTheChoicesOfThatPerson) {
  ASSERT_TRUE(ledger_->Chosen(Ada().text, {{"person", Ada().text}, {"evidence", "objection"}}));
  ASSERT_TRUE(ledger_->Chosen(Bea().text, {{"person", Bea().text}, {"evidence", "consent"}}));
  const CheckedStatement statement = Checked(Make(RequestOf(Ada())));
  ASSERT_THAT(statement.choices, SizeIs(1));
  EXPECT_EQ(statement.choices[0].value["evidence"], "objection");
  EXPECT_THAT(StatementText(statement), HasSubstr("you said no"));
}

TEST_F(StatementTest, FollowsAPersonThroughAMerge) {
  Use({Bea()});
  ASSERT_TRUE(people_->Merge(RecordsOf(Ada())[0], RecordsOf(Bea())[0], "test", clock_.Now()));
  EXPECT_THAT(Checked(Make(RequestOf(Ada()))).accesses, SizeIs(1));
}

TEST_F(StatementTest, WhatWasReleasedAppearsAndSaysThatItWasSilent) {
  const std::uint64_t timed = Use({Ada()}, Quarter(false));
  const std::uint64_t reviewed = Use({Ada()}, Quarter(true));
  EXPECT_THAT(ledger_->AccessesOf(RecordsOf(Ada())).value(), SizeIs(0));
  clock_.Set(At("2026-06-01T00:00:01Z"));
  CheckedStatement statement = Checked(Make(RequestOf(Ada()), "1970-01-01", "2026-03-01"));
  ASSERT_THAT(statement.accesses, SizeIs(1));
  EXPECT_EQ(statement.accesses[0].index, timed);
  EXPECT_EQ(statement.accesses[0].silence->ground, "crime");
  EXPECT_EQ(statement.accesses[0].silence->until, At("2026-06-01"));
  EXPECT_THAT(StatementText(statement), HasSubstr("You were not told of this before"));
  ASSERT_TRUE(ledger_->DecideSilence({.started = reviewed, .reason = "the case is closed"}));
  statement = Checked(Make(RequestOf(Ada()), "1970-01-01", "2026-03-01"));
  ASSERT_THAT(statement.accesses, SizeIs(2));
  EXPECT_EQ(statement.accesses[1].index, reviewed);
  EXPECT_THAT(StatementText(statement), Not(HasSubstr("the case is closed")));
  const auto lines = ShowAccesses(Setting(), *ledger_, *people_, RequestOf(Ada())).value();
  EXPECT_THAT(AccessesText(lines, 100), HasSubstr("You were not told of this before"));
}

}  // namespace
}  // namespace candour::rights
