#include "scan_setting.h"
#include "ledger/test_settings.h"

namespace candour::bench {
namespace {

using catalogue::Dataset;
using catalogue::FieldType;

Dataset Sales() {
  Dataset dataset{.name = "shop.sales", .unit = "shop"};
  dataset.person_key = catalogue::PersonKey{.field = "card", .key_space = "shop.card"};
  dataset.fields = {
      {.name = "store", .type = FieldType::kInteger, .category = "pd:Purchase", .groupable = true},
      {.name = "pence", .type = FieldType::kInteger, .category = "pd:Purchase", .measure = true},
      {.name = "sold", .type = FieldType::kDate, .category = "pd:Purchase", .groupable = true}};
  return dataset;
}

Dataset Stores() {
  Dataset dataset{.name = "shop.stores", .unit = "shop"};
  dataset.fields = {{.name = "store", .type = FieldType::kInteger}, {.name = "region"}};
  return dataset;
}

policy::Use SalesInsight() {
  return {.id = "sales-insight",
          .title = "Sales by store",
          .purpose = "insight",
          .unit = "shop",
          .principals = {"analyst"},
          .recipient = {.name = "Analysts", .controller = "Group Ltd"},
          .output = policy::Output::kAggregates,
          .grants = {{.dataset = "shop.sales", .fields = {"store", "pence", "sold"}},
                     {.dataset = "shop.stores", .fields = {"store", "region"}}},
          .threshold = 10,
          .approval = {.state = policy::Approval::State::kApproved, .by = "governance"}};
}

}  // namespace

ScanSetting::ScanSetting(const ScanData& data, const ScanSize& size)
    : data_(data),
      units_{{.id = "shop", .name = "The shop", .controller = "Group Ltd"}},
      purposes_{{.id = "insight", .name = "Insight", .basis = consent::LegalBasis::kConsent}},
      datasets_{Sales(), Stores()},
      uses_{SalesInsight()},
      people_(MakePeople(size)),
      key_(32) {}

Result<std::unique_ptr<ScanSetting>> ScanSetting::Open(const ScanData& data, const ScanSize& size) {
  std::unique_ptr<ScanSetting> setting(new ScanSetting(data, size));
  CANDOUR_ASSIGN(setting->choices_, consent::ChoiceStore::Open(data.state_dir() / "choices.db"));
  std::filesystem::remove_all(data.state_dir() / "ledger");
  CANDOUR_ASSIGN(
      setting->ledger_,
      ledger::Ledger::Open(ledger::TestSettings(data.state_dir() / "ledger"), SystemClock()));
  return setting;
}

gate::Setting ScanSetting::Setting() {
  return {.rules = {.units = units_, .purposes = purposes_, .datasets = datasets_, .uses = uses_},
          .state_dir = data_.state_dir(),
          .people = people_,
          .choices = *choices_,
          .pseudonym_key = key_,
          .key_encryption_key = key_,
          .clock = SystemClock(),
          .standby = &standby_};
}

Result<engine::Table> ScanSetting::Ask(const std::string& sql, gate::AccessReport& report) {
  engine::Table table;
  const gate::AnswerSink sink{
      .columns = [&table](const std::vector<engine::Column>& columns) -> Status {
        table.columns = columns;
        return {};
      },
      .row = [&table](const std::vector<engine::Value>& row,
                      const std::vector<gate::Protection>&) -> Status {
        table.rows.push_back(row);
        return {};
      }};
  CANDOUR_ASSIGN(
      report,
      gate::Access(
          Setting(), *ledger_,
          {.use = "sales-insight", .principal = "analyst", .sql = sql, .os_user = "benchmark"},
          sink));
  return table;
}

Status ScanSetting::OpenPermitted() {
  const gate::Setting setting = Setting();
  const policy::Decision decision = policy::Decide(
      setting.rules, {.use = "sales-insight", .principal = "analyst"}, setting.clock.Now());
  if (decision.denial) return Fail(*decision.denial);
  const auto opened = gate::OpenDataset(decision, decision.datasets[0], setting);
  if (!opened) return Fail(opened.error());
  return {};
}

}  // namespace candour::bench
