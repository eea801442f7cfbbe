#include "rights/person_view.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "ledger/test_settings.h"
#include "rights/person_json.h"
#include "rights/person_text.h"
#include "rights/rights_fixture.h"
#include "storage/faulty_filesystem.h"

namespace candour::rights {
namespace {

using consent::Evidence;
using ledger::EntryType;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PersonViewTest : public RightsTest {
 protected:
  Result<PersonView> Show(const PersonRequest& request, int newest_rows = 5) {
    return ShowPerson(Setting(), *ledger_, *people_, request, newest_rows);
  }

  PersonView ShowAda() {
    auto view = Show(RequestOf(Ada()));
    EXPECT_TRUE(view) << view.error().ToString();
    return view ? *std::move(view) : PersonView{};
  }

  static const UseEffect& EffectOf(const PersonView& view, std::string_view use) {
    static const UseEffect none;
    const auto found = std::ranges::find(view.effects, use, &UseEffect::use);
    return found == view.effects.end() ? none : *found;
  }

  static std::vector<std::string> ColumnOf(const HeldDataset& held, std::string_view name) {
    std::vector<std::string> values;
    const auto column = std::ranges::find(held.newest.columns, name, &engine::Column::name);
    if (column == held.newest.columns.end()) return values;
    const auto at = static_cast<std::size_t>(column - held.newest.columns.begin());
    for (const auto& row : held.newest.rows) values.push_back(engine::ToText(row[at]));
    return values;
  }
};

TEST_F(PersonViewTest, ShowsWhatIsHeldFromAllUnitsUnderOnePerson) {
  const PersonView view = ShowAda();
  ASSERT_EQ(view.held.size(), 2U);
  EXPECT_EQ(view.held[0].name, "members.register");
  EXPECT_EQ(view.held[0].origin, "generated");
  EXPECT_EQ(view.held[0].rows, 1);
  EXPECT_EQ(view.held[1].title, "Till lines");
  EXPECT_EQ(view.held[1].unit, "Food");
  EXPECT_EQ(view.held[1].origin, "real");
  EXPECT_EQ(view.held[1].rows, 3);
  EXPECT_EQ(view.held[1].holder, catalogue::Holder::kHousehold);
  EXPECT_THAT(ColumnOf(view.held[0], "first_name"), ElementsAre("Ada"));
  EXPECT_THAT(ColumnOf(view.held[0], "faith"), ElementsAre("quaker"));
  ASSERT_EQ(view.identities.size(), 2U);
}

TEST_F(PersonViewTest, ShowsTheNewestRowsFirstAndNoMoreThanAskedFor) {
  const auto view = Show(RequestOf(Ada()), 2);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->held[1].rows, 3);
  EXPECT_THAT(ColumnOf(view->held[1], "day"), ElementsAre("2025-03-01", "2025-02-01"));
}

TEST_F(PersonViewTest, HoldsNothingOfAnotherPerson) {
  Choose(Bea(), Evidence::kConsent, "2026-02-01");
  RecordAccess("offers", "rows", {Bea()}, std::vector{Bea()});
  const PersonView view = ShowAda();
  for (const std::string& text : {PersonText(view), PersonJson(view).dump()}) {
    EXPECT_THAT(text, HasSubstr("Ada"));
    EXPECT_THAT(text,
                AllOf(Not(HasSubstr("Bea")), Not(HasSubstr("m2")), Not(HasSubstr("c2")),
                      Not(HasSubstr("jedi")), Not(HasSubstr("honey")), Not(HasSubstr(Bea().text))));
  }
  EXPECT_THAT(view.choices, IsEmpty());
  EXPECT_EQ(view.accesses.size(), 1U);
}

TEST_F(PersonViewTest, TheLookUpIsAmongThePersonsOwnAccesses) {
  const PersonView view = ShowAda();
  ASSERT_EQ(view.accesses.size(), 1U);
  EXPECT_EQ(view.accesses[0].number, view.access);
  EXPECT_EQ(view.accesses[0].output, "look-up");
  EXPECT_EQ(view.accesses[0].principal, "Member services");
  EXPECT_EQ(view.accesses[0].purpose, "answer-members");
  EXPECT_EQ(view.accesses[0].left, Left::kShown);
  EXPECT_THAT(Entries(), ElementsAre(EntryType::kStarted, EntryType::kFinished));
  EXPECT_EQ(ShowAda().accesses.size(), 2U);
  EXPECT_THAT(ledger_->AccessesOf(RecordsOf(Bea())).value(), IsEmpty());
}

TEST_F(PersonViewTest, TheRecordSaysWhoAskedAndThatItWasShown) {
  ShowAda();
  const auto accesses = ledger_->Accesses(10).value();
  ASSERT_EQ(accesses.size(), 1U);
  EXPECT_EQ(accesses[0].principal, "frontline");
  EXPECT_EQ(accesses[0].os_user, "os-account");
  EXPECT_EQ(accesses[0].statement, "person show");
  EXPECT_EQ(accesses[0].datasets, "members.register,food.lines");
  EXPECT_EQ(accesses[0].outcome, "released");
  EXPECT_EQ(accesses[0].available_people, 1);
  ASSERT_TRUE(accesses[0].released);
  EXPECT_EQ(*accesses[0].released, accesses[0].available);
  EXPECT_TRUE(ledger_->Verify());
}

TEST_F(PersonViewTest, AnUndeclaredPurposeIsRefusedAndNothingIsRead) {
  const auto view = Show(RequestOf(Ada(), "frontline", "curiosity"));
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, ErrorCode::kDeniedPurpose);
  EXPECT_THAT(Entries(), ElementsAre(EntryType::kDenied));
  EXPECT_EQ(Show(RequestOf(Ada(), "frontline", "")).error().code, ErrorCode::kDeniedPurpose);
}

TEST_F(PersonViewTest, NobodyIsLookedUpForAPurposeTheyCouldRefuse) {
  for (const std::string purpose : {"offers", "insight"}) {
    const auto view = Show(RequestOf(Ada(), "dpo", purpose));
    ASSERT_FALSE(view) << purpose;
    EXPECT_EQ(view.error().code, ErrorCode::kDeniedPurpose);
  }
}

TEST_F(PersonViewTest, TheMarketerMayNotLookPeopleUp) {
  const auto view = Show(RequestOf(Ada(), "marketer"));
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, ErrorCode::kDeniedRole);
  EXPECT_THAT(Entries(), ElementsAre(EntryType::kDenied));
  EXPECT_EQ(Show(RequestOf(Ada(), "nobody")).error().code, ErrorCode::kDeniedUnknownPrincipal);
}

TEST_F(PersonViewTest, AMemberSeesThemselvesAndNobodyElse) {
  PersonRequest request = RequestOf(Ada(), "member");
  EXPECT_EQ(Show(request).error().code, ErrorCode::kDeniedRole);
  request.self = Bea();
  EXPECT_EQ(Show(request).error().code, ErrorCode::kDeniedRole);
  request.self = Ada();
  const auto view = Show(request);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->accesses[0].title, "You looked yourself up");
  EXPECT_THAT(Entries(), ElementsAre(EntryType::kDenied, EntryType::kDenied, EntryType::kStarted,
                                     EntryType::kFinished));
}

TEST_F(PersonViewTest, StaffSeeSpecialCategoriesOnlyUnderAFurtherCondition) {
  const auto view = Show(RequestOf(Ada(), "frontline", "service"));
  ASSERT_TRUE(view);
  EXPECT_THAT(view->held[0].withheld, ElementsAre("Faith"));
  EXPECT_EQ(view->held[1].rows, 2);
  EXPECT_EQ(view->held[1].withheld_rows, 1);
  for (const std::string& text : {PersonText(*view), PersonJson(*view).dump()}) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr("quaker")), Not(HasSubstr("aspirin"))));
  }
  EXPECT_THAT(PersonText(*view), HasSubstr("not shown for this purpose: Faith"));

  PersonRequest own = RequestOf(Ada(), "member", "service");
  own.self = Ada();
  const auto hers = Show(own);
  ASSERT_TRUE(hers);
  EXPECT_THAT(PersonText(*hers), AllOf(HasSubstr("quaker"), HasSubstr("aspirin")));
}

TEST_F(PersonViewTest, WithoutARecordThereIsNoView) {
  const auto show = [this](std::uint64_t fail_after, std::uint64_t& operations) {
    const auto folder = dir_ / ("ledger-" + std::to_string(fail_after));
    std::filesystem::create_directory(folder);
    storage::FaultyFilesystem files;
    auto ledger = ledger::Ledger::Open(ledger::TestSettings(folder, files), clock_).value();
    const std::uint64_t before = files.operations();
    files.FailAt(before + fail_after, storage::Fault::kIoError);
    auto view = ShowPerson(Setting(), ledger, *people_, RequestOf(Ada()));
    operations = files.operations() - before;
    if (view) {
      EXPECT_EQ(ledger.size(ledger::LogName::kAccesses), 2U)
          << "shown without its record: " << fail_after;
    }
    return view;
  };
  std::uint64_t operations = 0;
  ASSERT_TRUE(show(1000, operations));
  ASSERT_GE(operations, 2U);
  // The last operation only marks what is durable already.
  for (std::uint64_t at = 0, ignored = 0; at + 1 < operations; ++at) {
    EXPECT_FALSE(show(at, ignored)) << "operation " << at << " of the ledger failed";
  }
}

TEST_F(PersonViewTest, AReadOnlyLedgerShowsNothing) {
  std::filesystem::create_directory(dir_ / "other");
  storage::FaultyFilesystem files;
  auto ledger = ledger::Ledger::Open(ledger::TestSettings(dir_ / "other", files), clock_).value();
  Bitmap nobody;
  const auto set = ledger.StoreSet(nobody).value();
  files.FailAt(files.operations(), storage::Fault::kIoError);
  ASSERT_FALSE(ledger.Started({.use = "offers", .available = set}));
  const auto view = ShowPerson(Setting(), ledger, *people_, RequestOf(Ada()));
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, ErrorCode::kLedgerReadOnly);
}

TEST_F(PersonViewTest, AnUnknownPersonIsNotFound) {
  const auto view = Show(RequestOf(PersonId{"p-0000000000000"}));
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, ErrorCode::kNotFound);
}

TEST_F(PersonViewTest, ADamagedDatasetShowsNothingAndSaysSoInTheRecord) {
  const auto version = intake::LoadCurrent(dir_ / "state", "food.lines").value();
  std::filesystem::permissions(version.file, std::filesystem::perms::owner_all);
  std::filesystem::resize_file(version.file, 100);
  const auto view = Show(RequestOf(Ada()));
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error().code, ErrorCode::kCorruption);
  EXPECT_EQ(ledger_->Accesses(1).value().at(0).outcome, "failed");
}

TEST_F(PersonViewTest, AChoiceShowsOnceAndDecidesTheUsesInForce) {
  EXPECT_FALSE(EffectOf(ShowAda(), "offers").Included());
  Choose(Ada(), Evidence::kConsent, "2026-02-01");
  const PersonView yes = ShowAda();
  ASSERT_EQ(yes.choices.size(), 1U);
  EXPECT_EQ(yes.choices[0].unit, "Food");
  EXPECT_TRUE(EffectOf(yes, "offers").Included());
  EXPECT_EQ(EffectOf(yes, "offers").datasets[0].why, "you said yes on 1 February 2026");

  Choose(Ada(), Evidence::kWithdrawal, "2026-02-20");
  const PersonView no = ShowAda();
  EXPECT_EQ(no.choices[0].choice.evidence, Evidence::kWithdrawal);
  EXPECT_FALSE(EffectOf(no, "offers").Included());
  EXPECT_EQ(EffectOf(no, "offers").datasets[0].why, "you said no on 20 February 2026");
  EXPECT_TRUE(EffectOf(no, "recall").Included());
  EXPECT_TRUE(EffectOf(no, "insight").Included());
  ASSERT_EQ(no.effects.size(), 3U) << "refused uses and uses to come have no effect";
}

TEST_F(PersonViewTest, TheEffectIsWhatTheDoorAnswers) {
  Choose(Ada(), Evidence::kConsent, "2026-02-01");
  Choose(Bea(), Evidence::kObjection, "2026-02-01");
  const gate::Setting setting = Setting();
  for (const policy::Use& use : uses_) {
    const auto decision =
        policy::Decide(setting.rules, {.use = use.id, .principal = "marketer"}, clock_.Now());
    if (!decision.permitted()) continue;
    for (const PersonId& person : {Ada(), Bea()}) {
      const auto view = Show(RequestOf(person));
      ASSERT_TRUE(view);
      for (const DatasetEffect& effect : EffectOf(*view, use.id).datasets) {
        const auto* plan = decision.FindDataset(effect.dataset);
        const auto opened = gate::OpenDataset(decision, *plan, setting).value();
        bool available = false;
        for (const RecordNo record : RecordsOf(person)) {
          available = available || opened.available.Contains(record);
        }
        EXPECT_EQ(effect.held && effect.permitted, available) << use.id << " " << effect.dataset;
      }
    }
  }
}

TEST_F(PersonViewTest, TheTextReadsAsAPersonWouldWantIt) {
  Choose(Ada(), Evidence::kConsent, "2026-02-01");
  RecordAccess("offers", "rows", {Ada(), Bea()}, std::vector{Ada()});
  const std::string text = PersonText(ShowAda());
  EXPECT_THAT(text, HasSubstr("What we hold about you"));
  EXPECT_THAT(text, HasSubstr("Till lines (Food, real data)"));
  EXPECT_THAT(text, HasSubstr("a household's card"));
  EXPECT_THAT(text, HasSubstr("Offers, from Food, by e-mail: you said yes."));
  EXPECT_THAT(text, HasSubstr("yes   Offers from Food\n        You said yes on 1 February 2026."));
  EXPECT_THAT(text, HasSubstr("Your row was among those handed over."));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("secret_search")), Not(HasSubstr("os-account"))));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 110U) << text.substr(at, end - at);
    at = end + 1;
  }
}

TEST_F(PersonViewTest, AChoiceThatStandsOnSeveralRecordsIsSaidOnce) {
  Choose(Ada(), Evidence::kConsent, "2026-02-01");
  PersonView view = ShowAda();
  const std::string once = PersonText(view);
  view.choices.push_back(view.choices.front());
  EXPECT_EQ(PersonText(view), once);
}

TEST_F(PersonViewTest, DataCannotMoveTheCursor) {
  PersonView view = ShowAda();
  view.held[0].newest.rows[0][1] = std::string("Ada\x1b[2J\r\n");
  const std::string text = PersonText(view);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r"))));
}

TEST_F(PersonViewTest, APersonOfWhomNothingIsHeldIsToldSo) {
  const RecordNo record = people_->Assign({.key_space = "group.member", .key = "m9"}).value();
  const auto map = people_->Map().value();
  const auto view = Show(RequestOf(map->id_of[map->PersonOf(record)]));
  ASSERT_TRUE(view) << view.error().ToString();
  EXPECT_THAT(view->held, IsEmpty());
  EXPECT_THAT(PersonText(*view), HasSubstr("Nothing at present."));
}

}  // namespace
}  // namespace candour::rights
