#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/canonical_json.h"
#include "ledger/ledger_fixture.h"
#include "ledger/log.h"
#include "ledger/set_prover.h"
#include "ledger/statement_check.h"
#include "tlog/test_keys.h"

namespace candour::ledger {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

/// A ledger with its statements, in which records 3 and 7 are the person's.
class StatementFileTest : public LedgerTest {
 protected:
  StatementFileTest() {
    LedgerSettings settings = TestSettings(Folder());
    settings.prove_sets = true;
    ledger_ = Ledger::Open(settings, clock_).value();
  }

  std::uint64_t Use(const Bitmap& available, const std::optional<Bitmap>& released) {
    const SetId set = ledger_->StoreSet(available).value();
    const std::uint64_t number = ledger_->Started(Access(set)).value();
    const auto left = released ? std::optional(ledger_->StoreSet(*released).value()) : std::nullopt;
    EXPECT_TRUE(ledger_->Finished(number, left, 1, "released"));
    return number;
  }

  std::string ReceiptOf(std::uint64_t entry) const {
    return ledger_->Receipt(LogName::kAccesses, entry).value();
  }

  StatementSet SetOfRecords(const SetId& set) {
    auto proofs = ledger_->ProveMemberships(set, records_).value();
    std::ranges::sort(proofs, {}, &Membership::member_key);
    StatementSet stated{.receipt = ReceiptOf(proofs.at(0).tree.entry)};
    for (Membership& one : proofs) stated.proofs.push_back(std::move(one.proof));
    return stated;
  }

  /// A statement of one access that released a row of the person's, and of one choice.
  PersonStatement Small() {
    const std::uint64_t number = Use(SetOf({3, 9}), SetOf({3}));
    const std::uint64_t choice =
        ledger_->Chosen("p-ada", {{"person", "p-ada"}, {"evidence", "objection"}}).value();
    EXPECT_TRUE(ledger_->WaitForTrees());
    const AccessDetail access = ledger_->Accesses(1).value().at(0);
    PersonStatement statement{.person = "p-ada",
                              .from = ParseTime("2026-03-01").value(),
                              .to = ParseTime("2026-03-02").value(),
                              .made = ParseTime("2026-03-02").value()};
    statement.keys = ledger_->MemberKeysOf(records_).value();
    std::ranges::sort(statement.keys);
    statement.accesses.push_back({.started = ReceiptOf(number),
                                  .finished = ReceiptOf(access.finished),
                                  .words = {.title = "Offers", .datasets = {"The register"}}});
    statement.sets = {SetOfRecords(access.available), SetOfRecords(*access.released)};
    statement.choices = {ledger_->Copy(LogName::kChoices, choice).value()};
    return statement;
  }

  StatementTrust Trust() const {
    const std::vector<tlog::VerifierKey> keys = {ledger_->statement_key(),
                                                 ledger_->log(LogName::kAccesses).key(),
                                                 ledger_->log(LogName::kChoices).key()};
    return MakeStatementTrust(keys).value();
  }

  ErrorCode Refused(const PersonStatement& statement) const {
    const auto checked = CheckStatement(ledger_->SignStatement(statement).value(), Trust());
    EXPECT_FALSE(checked);
    return checked ? ErrorCode::kInternal : checked.error().code;
  }

  const std::vector<std::uint32_t> records_ = {3, 7};
  std::optional<Ledger> ledger_;
};

TEST_F(StatementFileTest, HoldsAndSaysWhatLeft) {
  const std::string file = ledger_->SignStatement(Small()).value();
  EXPECT_TRUE(IsStatement(file));
  const auto checked = CheckStatement(file, Trust());
  ASSERT_TRUE(checked) << checked.error().ToString();
  EXPECT_EQ(checked->origin, "example.org/test");
  ASSERT_THAT(checked->accesses, SizeIs(1));
  EXPECT_EQ(checked->accesses[0].use, "member-offers");
  EXPECT_EQ(checked->accesses[0].released, true);
  EXPECT_THAT(checked->accesses[0].datasets,
              testing::ElementsAre("members.register", "food.transactions"));
  ASSERT_THAT(checked->choices, SizeIs(1));
  EXPECT_EQ(checked->choices[0].value["evidence"], "objection");
}

TEST_F(StatementFileTest, EveryChangedByteIsRefused) {
  const std::string file = ledger_->SignStatement(Small()).value();
  const StatementTrust trust = Trust();
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const int bit : {0, 3, 5}) {
      std::string changed = file;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      EXPECT_FALSE(CheckStatement(changed, trust)) << "byte " << at << ", bit " << bit;
    }
  }
}

TEST_F(StatementFileTest, NothingMayBeMissingOrAdded) {
  const std::string file = ledger_->SignStatement(Small()).value();
  const auto refused = [&](const std::string& text) {
    const auto checked = CheckStatement(text, Trust());
    return !checked && checked.error().code == ErrorCode::kStatementForm;
  };
  for (std::size_t size = 0; size < file.size(); size += 97) {
    EXPECT_TRUE(refused(file.substr(0, size))) << size;
  }
  for (const char* more : {"\n", " ", "{}", "x"}) EXPECT_TRUE(refused(file + more)) << more;
  EXPECT_TRUE(refused(" " + file));
  EXPECT_TRUE(refused(json::parse(file).dump(2) + "\n"));
  json more = json::parse(file);
  more["body"]["note"] = "added";
  EXPECT_TRUE(refused(CanonicalJson(more).value() + "\n"));
  more = json::parse(file);
  more["candour"] = 2;
  EXPECT_TRUE(refused(CanonicalJson(more).value() + "\n"));
}

TEST_F(StatementFileTest, AStatementOfAnotherHomeIsRefused) {
  const std::string file = ledger_->SignStatement(Small()).value();
  const auto key = [](const char* name, const char* phrase) {
    return tlog::TestSigner(name, phrase).verifier_key();
  };
  const std::vector<tlog::VerifierKey> other = {key("example.org/test/statements", "other"),
                                                key("example.org/test/accesses", "other"),
                                                key("example.org/test/choices", "other")};
  EXPECT_EQ(CheckStatement(file, MakeStatementTrust(other).value()).error().code,
            ErrorCode::kReceiptSignature);
  for (const std::size_t missing : {0, 1, 2}) {
    std::vector<tlog::VerifierKey> two = other;
    two.erase(two.begin() + static_cast<std::ptrdiff_t>(missing));
    EXPECT_EQ(MakeStatementTrust(two).error().code, ErrorCode::kKeyForm);
  }
  StatementTrust logs = Trust();
  logs.accesses.log_keys = {other[1]};
  EXPECT_EQ(CheckStatement(file, logs).error().code, ErrorCode::kReceiptSignature);
  StatementTrust renamed = Trust();
  renamed.origin = "example.org/tes";
  EXPECT_FALSE(CheckStatement(file, renamed));
}

// What follows is signed by the home itself: a lie of the organisation's is found out.

TEST_F(StatementFileTest, AnAccessOutsideThePeriodIsRefused) {
  PersonStatement statement = Small();
  statement.from = ParseTime("2026-03-01T09:00:00.000001Z").value();
  EXPECT_EQ(Refused(statement), ErrorCode::kStatementForm);
  statement.from = statement.to;
  EXPECT_EQ(Refused(statement), ErrorCode::kStatementForm);
  statement = Small();
  statement.made = ParseTime("2026-03-01T10:00:00Z").value();
  EXPECT_EQ(Refused(statement), ErrorCode::kStatementForm) << "made before its period ended";
}

TEST_F(StatementFileTest, AnAccessThatDidNotIncludeThePersonIsRefused) {
  PersonStatement statement = Small();
  const std::uint64_t number = Use(SetOf({9, 11}), std::nullopt);
  ASSERT_TRUE(ledger_->WaitForTrees());
  statement.accesses.push_back({.started = ReceiptOf(number)});
  EXPECT_EQ(Refused(statement), ErrorCode::kStatementForm) << "no proof";
  statement.sets.push_back(SetOfRecords(ledger_->Accesses(1)->at(0).available));
  EXPECT_EQ(Refused(statement), ErrorCode::kStatementForm) << "a proof that it did not";
}

TEST_F(StatementFileTest, AProofThatIsTurnedAroundIsRefused) {
  const PersonStatement statement = Small();
  PersonStatement lie = statement;
  lie.sets[1].proofs[0].member = !lie.sets[1].proofs[0].member;
  EXPECT_EQ(Refused(lie), ErrorCode::kProofInvalid);
  lie = statement;
  std::swap(lie.sets[0].proofs[0], lie.sets[0].proofs[1]);
  EXPECT_EQ(Refused(lie), ErrorCode::kProofInvalid);
  lie = statement;
  lie.sets[1].proofs.pop_back();
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm);
  lie = statement;
  const auto& proofs = lie.sets[0].proofs;
  const auto in =
      std::ranges::find(proofs, true, &std::ranges::range_value_t<decltype(proofs)>::member);
  ASSERT_NE(in, proofs.end());
  std::string& key = lie.keys[static_cast<std::size_t>(in - proofs.begin())];
  key[0] = static_cast<char>(key[0] ^ 1);
  EXPECT_EQ(Refused(lie), ErrorCode::kProofInvalid) << "another's key";
}

TEST_F(StatementFileTest, WithoutAProofItCannotBeToldWhetherARowLeft) {
  PersonStatement statement = Small();
  statement.sets.pop_back();
  const auto checked = CheckStatement(ledger_->SignStatement(statement).value(), Trust());
  ASSERT_TRUE(checked) << checked.error().ToString();
  EXPECT_EQ(checked->accesses[0].released, std::nullopt);
}

TEST_F(StatementFileTest, PartsOfOtherAccessesAreRefused) {
  PersonStatement statement = Small();
  const std::uint64_t number = Use(SetOf({3, 9}), SetOf({3}));
  PersonStatement lie = statement;
  lie.accesses[0].finished = ReceiptOf(ledger_->Accesses(1)->at(0).finished);
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm) << "the outcome of another access";
  lie = statement;
  lie.accesses[0].finished = lie.accesses[0].started;
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm);
  lie = statement;
  lie.accesses.push_back(lie.accesses[0]);
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm) << "twice";
  lie = statement;
  lie.accesses.insert(lie.accesses.begin(), {.started = ReceiptOf(number)});
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm) << "not in order";
  lie = statement;
  lie.sets.push_back(lie.sets[0]);
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm);
  lie = statement;
  lie.accesses.clear();
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm) << "sets that no access names";
  lie = statement;
  lie.accesses[0].silence =
      Opening{.path = "/body/silence", .name = "silence", .blinding = "b", .value = "{}"};
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm) << "a silence that was none";
}

TEST_F(StatementFileTest, AnEmergencyCountsWhenItHappened) {
  AccessDetail detail = Access(ledger_->StoreSet(SetOf({3})).value());
  detail.emergency = Emergency{.at = ParseTime("2026-02-20T12:00:00Z").value()};
  const std::uint64_t number = ledger_->Started(std::move(detail)).value();
  ASSERT_TRUE(ledger_->WaitForTrees());
  PersonStatement statement = Small();
  statement.accesses = {{.started = ReceiptOf(number)}};
  statement.sets = {SetOfRecords(ledger_->Accesses(2)->at(1).available)};
  EXPECT_EQ(Refused(statement), ErrorCode::kStatementForm) << "it happened before the period";
  statement.from = ParseTime("2026-02-20").value();
  const auto checked = CheckStatement(ledger_->SignStatement(statement).value(), Trust());
  ASSERT_TRUE(checked) << checked.error().ToString();
  EXPECT_TRUE(checked->accesses[0].in_emergency);
}

TEST_F(StatementFileTest, ChoicesOfOthersAreRefused) {
  PersonStatement statement = Small();
  const auto choice = ledger_->Chosen("p-bea", {{"person", "p-bea"}, {"evidence", "consent"}});
  PersonStatement lie = statement;
  lie.choices.push_back(ledger_->Copy(LogName::kChoices, *choice).value());
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm);
  lie = statement;
  lie.choices.push_back(ledger_->Receipt(LogName::kChoices, *choice).value());
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm) << "unopened";
  lie = statement;
  lie.choices.push_back(ReceiptOf(0));
  EXPECT_NE(Refused(lie), ErrorCode::kInternal) << "a receipt of the other log";
  lie = statement;
  lie.person = "p-bea";
  EXPECT_EQ(Refused(lie), ErrorCode::kStatementForm);
}

TEST_F(StatementFileTest, ASilenceMustBeTheOneThatWasRecorded) {
  AccessDetail detail = Access(ledger_->StoreSet(SetOf({3})).value());
  detail.silence =
      Silence{.ground = "crime", .until = ParseTime("2026-04-01").value(), .review = false};
  const std::uint64_t number = ledger_->Started(std::move(detail)).value();
  ASSERT_TRUE(ledger_->WaitForTrees());
  PersonStatement statement = Small();
  statement.accesses.insert(
      statement.accesses.begin(),
      {.started = ReceiptOf(number), .silence = ledger_->OpeningOfSilence(number).value()});
  statement.sets.push_back(SetOfRecords(ledger_->Accesses(2)->at(1).available));
  auto checked = CheckStatement(ledger_->SignStatement(statement).value(), Trust());
  ASSERT_TRUE(checked) << checked.error().ToString();
  EXPECT_EQ(checked->accesses[0].silence->ground, "crime");
  PersonStatement lie = statement;
  lie.accesses[0].silence->value = R"({"ground":"crime","then":"release","until":"2026-03-02"})";
  EXPECT_EQ(Refused(lie), ErrorCode::kOpeningMismatch);
  lie.accesses[0].silence.reset();
  checked = CheckStatement(ledger_->SignStatement(lie).value(), Trust());
  ASSERT_TRUE(checked) << "its opening can be lost";
  EXPECT_EQ(checked->accesses[0].silence, Silence{});
}

}  // namespace
}  // namespace candour::ledger
