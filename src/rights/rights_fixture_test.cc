#include "rights/rights_fixture.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "intake/adopt.h"
#include "ledger/test_settings.h"

namespace candour::rights {
namespace {

namespace fs = std::filesystem;
using catalogue::Dataset;
using catalogue::Field;
using catalogue::FieldType;
using catalogue::Sensitivity;
using consent::LegalBasis;
using policy::Approval;
using policy::Output;

constexpr std::string_view kSociety = "The Society";

Dataset Members() {
  return {.name = "members.register",
          .title = "Members' register",
          .unit = "membership",
          .origin = "generated",
          .person_key = catalogue::PersonKey{.field = "member_id", .key_space = "group.member"},
          .fields = {Field{.name = "member_id",
                           .description = "Membership number.",
                           .required = true,
                           .category = "candour:MemberNumber",
                           .identifier = true},
                     Field{.name = "first_name",
                           .description = "First name.",
                           .category = "pd:Name",
                           .identifier = true},
                     Field{.name = "card", .category = "pd:LoyaltyCard", .identifies = "food.card"},
                     Field{.name = "faith",
                           .description = "Faith.",
                           .category = "pd:Religion",
                           .sensitivity = Sensitivity::kSpecial}},
          .source = {.location = "sources/members.csv"}};
}

Dataset Products() {
  return {.name = "food.products",
          .title = "Products",
          .unit = "food",
          .origin = "real",
          .fields = {Field{.name = "product"}, Field{.name = "sensitive"}},
          .source = {.location = "sources/products.csv"}};
}

Dataset Lines() {
  return {.name = "food.lines",
          .title = "Till lines",
          .unit = "food",
          .origin = "real",
          .person_key = catalogue::PersonKey{.field = "card",
                                             .key_space = "food.card",
                                             .holder = catalogue::Holder::kHousehold},
          .row_category = catalogue::RowCategory{.field = "product",
                                                 .lookup_dataset = "food.products",
                                                 .lookup_key = "product",
                                                 .lookup_category = "sensitive"},
          .fields = {Field{.name = "card", .required = true, .category = "pd:LoyaltyCard"},
                     Field{.name = "product", .category = "pd:Purchase"},
                     Field{.name = "day", .type = FieldType::kDate, .category = "pd:Purchase"}},
          .source = {.location = "sources/lines.csv"}};
}

policy::Use MakeUse(std::string id, std::string title, std::string purpose, Output output) {
  return {.id = std::move(id),
          .title = std::move(title),
          .text = "What is done, in plain words.",
          .purpose = std::move(purpose),
          .unit = "food",
          .principals = {"marketer"},
          .recipient = {.name = "the shop's team", .controller = std::string(kSociety)},
          .output = output,
          .approval = {
              .state = Approval::State::kApproved, .by = "the ethics group", .reference = "E-1"}};
}

}  // namespace

RightsTest::RightsTest(bool adopt) {
  std::string pattern = (fs::temp_directory_path() / "candour_rights_XXXXXX").string();
  dir_ = fs::canonical(::mkdtemp(pattern.data()));
  fs::create_directories(dir_ / "state");
  fs::create_directories(dir_ / "sources");
  people_ = people::Register::Open(dir_ / "state" / "people.db").value();
  choices_ = consent::ChoiceStore::Open(dir_ / "state" / "choices.db").value();
  ledger_ = ledger::Ledger::Open(ledger::TestSettings(dir_ / "state" / "ledger"), clock_).value();
  Declare();
  DeclareUses();
  if (adopt) AdoptAll();
}

RightsTest::~RightsTest() {
  ledger_.reset();
  choices_.reset();
  people_.reset();
  fs::remove_all(dir_);
}

void RightsTest::Declare() {
  units_ = {{.id = "membership", .name = "Membership", .controller = std::string(kSociety)},
            {.id = "food", .name = "Food", .controller = std::string(kSociety)}};
  purposes_ = {{.id = "answer-members",
                .name = "Answering your questions",
                .text = "Someone looks you up to answer.",
                .basis = LegalBasis::kLegalObligation,
                .special_condition = "article 9(2)(f)"},
               {.id = "service",
                .name = "Serving you",
                .text = "We help when something goes wrong.",
                .basis = LegalBasis::kContract},
               {.id = "offers",
                .name = "Offers",
                .text = "The shop sends you offers.",
                .basis = LegalBasis::kConsent,
                .direct_marketing = true},
               {.id = "insight",
                .name = "Insight",
                .text = "We look at groups of people.",
                .basis = LegalBasis::kLegitimateInterests}};
  datasets_ = {Members(), Products(), Lines()};
  const auto principal = [](std::string id, std::string name, accounts::Role role) {
    return accounts::Principal{.id = std::move(id),
                               .name = std::move(name),
                               .role = role,
                               .organisation = std::string(kSociety)};
  };
  principals_ = {principal("frontline", "Member services", accounts::Role::kFrontline),
                 principal("dpo", "Data protection officer", accounts::Role::kDpo),
                 principal("marketer", "The shop's marketer", accounts::Role::kMarketer),
                 principal("member", "A member", accounts::Role::kMember)};
}

void RightsTest::DeclareUses() {
  policy::Use offers = MakeUse("offers", "Offers from Food", "offers", Output::kRows);
  offers.channel = "email";
  offers.grants = {{.dataset = "members.register", .fields = {"first_name"}}};
  policy::Use insight = MakeUse("insight", "What is bought", "insight", Output::kAggregates);
  insight.grants = {{.dataset = "food.lines", .fields = {"product", "day"}},
                    {.dataset = "food.products", .fields = {"product"}}};
  policy::Use recall = MakeUse("recall", "Product recall", "answer-members", Output::kRows);
  recall.grants = {{.dataset = "members.register", .fields = {"first_name"}},
                   {.dataset = "food.lines", .fields = {"product"}}};
  policy::Use insurer = MakeUse("insurer", "Baskets for an insurer", "offers", Output::kRows);
  insurer.recipient = {.name = "an insurer's pricing team", .controller = "An Insurer plc"};
  insurer.grants = {{.dataset = "food.lines", .fields = {"product"}}};
  insurer.approval = {.state = Approval::State::kRefused,
                      .by = "the ethics group",
                      .reference = "E-7",
                      .reason = "Members never agreed to be priced by their baskets."};
  policy::Use next = MakeUse("next-year", "A plan", "insight", Output::kAggregates);
  next.grants = insight.grants;
  next.from = ParseTime("2027-01-01").value();
  uses_ = {insurer, offers, insight, recall, next};
}

void RightsTest::AdoptAll() {
  const auto write = [this](std::string_view name, std::string_view bytes) {
    std::ofstream(dir_ / "sources" / name) << bytes;
  };
  write("members.csv",
        "member_id,first_name,card,faith\n"
        "m1,Ada,c1,quaker\n"
        "m2,Bea,c2,jedi\n");
  write("products.csv",
        "product,sensitive\n"
        "aspirin,pd:Health\n"
        "bread,\n");
  write("lines.csv",
        "card,product,day\n"
        "c1,bread,2025-01-01\n"
        "c1,bread,2025-03-01\n"
        "c1,aspirin,2025-02-01\n"
        "c2,honey,2025-01-02\n");
  for (const Dataset& dataset : datasets_) {
    const auto report = intake::Adopt({.dataset = dataset,
                                       .lookup = dataset.row_category ? &datasets_[1] : nullptr,
                                       .state_dir = dir_ / "state",
                                       .home_dir = dir_,
                                       .allowed_sources = {"sources"},
                                       .people = *people_,
                                       .key_encryption_key = key_,
                                       .clock = clock_});
    ASSERT_TRUE(report) << report.error().ToString();
  }
}

gate::Setting RightsTest::Setting() {
  return {.rules = {.units = units_,
                    .purposes = purposes_,
                    .datasets = datasets_,
                    .uses = uses_,
                    .agreements = agreements_},
          .state_dir = dir_ / "state",
          .people = people_->Map().value(),
          .choices = *choices_,
          .pseudonym_key = key_,
          .key_encryption_key = key_,
          .clock = clock_};
}

PersonId RightsTest::PersonOf(std::string_view key_space, std::string_view key) const {
  const auto map = people_->Map().value();
  const RecordNo record =
      people_->Find({.key_space = std::string(key_space), .key = std::string(key)}).value();
  return map->id_of[map->PersonOf(record)];
}

std::vector<RecordNo> RightsTest::RecordsOf(const PersonId& person) const {
  std::vector<RecordNo> numbers;
  const auto records = people_->RecordsOf(person).value();
  for (const people::Record& record : records) numbers.push_back(record.number);
  return numbers;
}

PersonRequest RightsTest::RequestOf(const PersonId& person, std::string principal,
                                    std::string purpose) const {
  return {.person = person,
          .principal = std::move(principal),
          .purpose = std::move(purpose),
          .os_user = "os-account",
          .principals = principals_};
}

void RightsTest::Choose(const PersonId& person, consent::Evidence evidence, std::string_view time) {
  std::vector<consent::Choice> choices;
  for (const RecordNo record : RecordsOf(person)) {
    choices.push_back({.record = record,
                       .purpose = "offers",
                       .unit = "food",
                       .channel = "email",
                       .evidence = evidence,
                       .source = "person",
                       .event_time = ParseTime(time).value(),
                       .recorded_time = clock_.Now()});
  }
  ASSERT_TRUE(choices_->Add(choices));
}

std::uint64_t RightsTest::RecordAccess(std::string_view use, std::string_view output,
                                       const std::vector<PersonId>& available,
                                       const std::optional<std::vector<PersonId>>& released) {
  const auto store = [this](const std::vector<PersonId>& people) {
    Bitmap set;
    for (const PersonId& person : people) {
      for (const RecordNo record : RecordsOf(person)) set.Add(record);
    }
    return ledger_->StoreSet(set).value();
  };
  const std::uint64_t number =
      ledger_
          ->Started({.principal = "marketer",
                     .use = std::string(use),
                     .purpose = "offers",
                     .recipient = "the shop's team",
                     .output = std::string(output),
                     .datasets = "members.register",
                     .statement = "SELECT secret_search FROM members.register",
                     .os_user = "os-account-of-marketer",
                     .available = store(available),
                     .available_people = static_cast<std::int64_t>(available.size())})
          .value();
  const auto set = released ? std::optional(store(*released)) : std::nullopt;
  EXPECT_TRUE(ledger_->Finished(number, set, 1, "released"));
  return number;
}

std::vector<ledger::EntryType> RightsTest::Entries() const {
  std::vector<ledger::EntryType> types;
  const auto entries =
      ledger_->Read(ledger::LogName::kAccesses, 0, ledger_->size(ledger::LogName::kAccesses))
          .value();
  for (const ledger::Entry& entry : entries) types.push_back(entry.type);
  return types;
}

}  // namespace candour::rights
