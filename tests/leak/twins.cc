#include "leak/twins.h"

#include <fmt/format.h>

#include "door/shop.h"
#include "gate/governed.h"

namespace candour::door {
namespace {

constexpr int kPeople = 20'000;
constexpr int kRows = 1'000'000;

/// Orders of everybody, in the order of time: 50 each, with a number as note.
std::string OrdersSql() {
  return fmt::format(
      "SELECT i AS pos, (i % {}) + 1 AS record, NULL::VARCHAR AS category, i::INTEGER AS id, 'k' "
      "|| "
      "(i % {}) AS card, 'p' || (i % 50) AS product, (((i * 7) % 1000) / 10)::DECIMAL(18,2) AS "
      "amount, (i % 90 + "
      "1)::INTEGER AS quantity, DATE '2025-01-01' + (i // 2800)::INTEGER AS ordered, ['web', "
      "'shop', 'phone'][i % 3 + 1] AS channel, ((i * 13) % 997)::VARCHAR AS note FROM range({}) "
      "t(i)",
      kPeople, kPeople, kRows);
}

/// 1,000 odd rows of record `record`, one among every thousand others: the engine tries another
/// order of conditions for a few blocks of rows at a time.
std::string OddSql(RecordNo record, const std::string& category) {
  return fmt::format(
      "SELECT i * 1000 + 7, {}, {}, CASE WHEN i % 2 = 0 THEN -2147483648 ELSE 2147483647 END, "
      "'k-odd-secret', 'p-odd-secret', CASE WHEN i % 2 = 0 THEN 9999999999999999.99::DECIMAL(18,2) "
      "ELSE "
      "-9999999999999999.99::DECIMAL(18,2) END, CASE WHEN i % 3 = 0 THEN 2147483647 WHEN i % 3 = 1 "
      "THEN 0 ELSE "
      "-2147483648 END, CASE WHEN i % 2 = 0 THEN DATE '299999-01-01' ELSE DATE '0001-01-01' END, "
      "'odd-channel', CASE WHEN i % 3 = 0 THEN 'odd secret' WHEN i % 3 = 1 THEN '' ELSE "
      "'99999999999999999999' END FROM range(1000) t(i)",
      record, category);
}

std::string Placed(const std::string& rows) {
  return fmt::format("SELECT * EXCLUDE (pos) FROM ({}) ORDER BY pos", rows);
}

std::string CustomersSql(int edition) {
  std::string sql = fmt::format(
      "SELECT i + 1 AS record, 'c' || i, 'Name ' || i, 'CO' || (i % 9 + 1) || ' 1AA', DATE "
      "'1950-01-01' + (i % 20000)::INTEGER, ['north', 'south', 'east', 'west'][i % 4 + 1], 'tier' "
      "|| (i % 5), (i % 500)::INTEGER, i % 2 = 0 FROM range({}) t(i)",
      kPeople);
  if (edition == 0) {
    sql += fmt::format(
        " UNION ALL SELECT {}, 'c-odd-secret', 'odd secret', 'ZZ99 9ZZ', DATE '299999-12-31', "
        "'nowhere', 'odd-tier', 2147483647, NULL",
        kPeople + 1);
  }
  return sql;
}

std::string Text(const Answer& answer) {
  if (answer.error) return "failed";
  std::vector<std::string> rows;
  for (std::size_t r = 0; r < answer.rows.size(); ++r) {
    std::string line;
    for (const engine::Value& value : answer.rows[r]) {
      line += (value.index() == 0 ? "null" : engine::ToText(value)) + "|";
    }
    for (const gate::Protection& mark : answer.protections[r]) line += mark + ";";
    rows.push_back(std::move(line));
  }
  std::ranges::sort(rows);
  std::string text;
  for (const std::string& row : rows) text += row + "\n";
  return text;
}

}  // namespace

const std::vector<std::string>& HiddenTexts() {
  static const std::vector<std::string> texts = {"secret",     "odd",        "ZZ99",
                                                 "nowhere",    "2147483647", "2147483648",
                                                 "9999999999", "9999-12-31", "299999"};
  return texts;
}

Twins::Twins() {
  DeclareShop(organisation_);
  people::Register& people = organisation_.people();
  Must(people.Begin());
  for (int i = 1; i <= kPeople + 1; ++i) {
    Must(people.Assign({"shop.customer", fmt::format("c{}", i)}));
  }
  Must(people.Commit());
  std::vector<consent::Choice> choices;
  for (RecordNo record = 50; record <= kPeople + 1; record += 100) {
    choices.push_back({.record = record});
  }
  choices.push_back({.record = kPeople + 1});
  for (consent::Choice& choice : choices) {
    choice.purpose = "insight";
    choice.evidence = consent::Evidence::kObjection;
    choice.source = "person";
    choice.event_time = choice.recorded_time = organisation_.clock.Now();
  }
  Must(organisation_.choices().Add(choices));
  for (int edition = 0; edition < 2; ++edition) {
    organisation_.SetEdition(fmt::format("{}", edition));
    std::string orders = OrdersSql();
    if (edition == 0) {
      orders +=
          " UNION ALL " + OddSql(kPeople + 1, "NULL") + " UNION ALL " + OddSql(17, "'pd:Health'");
    }
    organisation_.Publish("shop.orders", Placed(orders));
    organisation_.Publish("shop.customers", CustomersSql(edition));
    organisation_.Publish("shop.products",
                          "SELECT 'p' || i, i::VARCHAR, i * 1.5, 'kind' || (i % 3), NULL FROM "
                          "range(50) t(i) UNION ALL SELECT 'p-spare', 'nothing', 1, 'kind0', "
                          "NULL");
  }
  const std::vector<std::string> all = {"shop.customers", "shop.orders", "shop.products"};
  organisation_.uses = {
      UseOf(organisation_, "rows", policy::Output::kRows, all, "insight"),
      UseOf(organisation_, "pseudonymised", policy::Output::kPseudonymised, all, "insight"),
      UseOf(organisation_, "figures", policy::Output::kAggregates, all, "insight")};
}

QuickDoor& Twins::DoorOf(int edition, const std::string& use) {
  auto& door = doors_[{edition, use}];
  if (door == nullptr) {
    organisation_.SetEdition(fmt::format("{}", edition));
    door = std::make_unique<QuickDoor>(organisation_.Setting(), use, 2);
  }
  return *door;
}

bool Twins::FailsUnguarded(int edition, std::string_view condition) {
  QuickDoor& door = DoorOf(edition, "rows");
  const auto& datasets = door.decision().datasets;
  std::size_t number = 0;
  while (datasets[number].dataset->name != "shop.orders") ++number;
  std::string names;
  for (std::size_t i = 0; i < datasets[number].columns.size(); ++i) {
    names +=
        fmt::format("{}c{} AS {}", i == 0 ? "" : ", ", i, datasets[number].columns[i].field->name);
  }
  return door.Fails(fmt::format("SELECT count(*) FROM (SELECT {} FROM ({})) WHERE {}", names,
                                gate::GovernedSql(datasets[number], number), condition));
}

std::string Twins::Ask(int edition, std::string_view use, const std::string& sql) {
  const Answer answer = DoorOf(edition, std::string(use)).Ask(sql);
  if (answer.error && answer.error->code != ErrorCode::kDataInvalid) {
    return answer.error->ToString();
  }
  return Text(answer);
}

std::string Twins::AskAccess(int edition, std::string_view use, const std::string& sql) {
  organisation_.SetEdition(fmt::format("{}", edition));
  const Answer answer = organisation_.Ask(use, sql);
  const std::string report =
      fmt::format("{} rows, {} protected, {} available\n", answer.report.rows,
                  answer.report.protected_figures, answer.report.available_people);
  return (answer.error ? answer.error->ToString() : Text(answer)) + report;
}

}  // namespace candour::door
