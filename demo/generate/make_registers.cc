#include "make_registers.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "random.h"

namespace candour::demo {
namespace {

// Every row says of itself that it is made up.
constexpr const char* kSynthetic = "true";

/// The columns that all three registers begin with, after their own number.
std::vector<std::string> CustomerCells(const Customer& customer, std::span<const Member> members) {
  return {customer.number,       customer.knows_membership ? members[customer.member].id : "",
          customer.first_name,   customer.last_name,
          ToText(customer.born), customer.postcode};
}

std::vector<std::string> Header(std::string first, std::string second,
                                const std::vector<std::string>& rest) {
  std::vector<std::string> header = {std::move(first), std::move(second), "member_id", "first_name",
                                     "last_name",      "birth_date",      "postcode"};
  header.insert(header.end(), rest.begin(), rest.end());
  header.push_back("synthetic");
  return header;
}

std::vector<std::string> Row(std::string number, std::vector<std::string> customer,
                             const std::vector<std::string>& rest) {
  std::vector<std::string> row = {std::move(number)};
  row.insert(row.end(), customer.begin(), customer.end());
  row.insert(row.end(), rest.begin(), rest.end());
  row.push_back(kSynthetic);
  return row;
}

std::string Pounds(Random& random, int low, int high) {
  return fmt::format("{}.{:02}", random.Between(low, high), random.Between(0, 99));
}

Day DrawDay(int first_year, Random& random) {
  const Day first = MakeDay(first_year, 1, 1);
  return first +
         std::chrono::days(random.Below(static_cast<std::size_t>((kExportDay - first).count())));
}

std::string OptionalDay(const std::optional<Day>& day) { return day ? ToText(*day) : ""; }

}  // namespace

UnitRegister MakeInsurance(const Reference& reference, std::span<const Member> members,
                           std::uint64_t seed) {
  constexpr std::array<const char*, 5> kProducts = {"home", "motor", "travel", "life", "pet"};
  constexpr std::array<std::uint64_t, 5> kShares = {35, 65, 80, 90, 100};
  Random random(seed, "insurance");
  UnitRegister out;
  out.customers = MakeCustomers({.prefix = "I", .count = 2800}, reference, members, random);
  out.table.header =
      Header("policy_no", "customer_no",
             {"product", "premium_gbp", "start_date", "end_date", "health_declared"});
  for (const Customer& customer : out.customers) {
    const int policies = random.Percent(22) ? 2 : 1;
    for (int i = 0; i < policies; ++i) {
      const std::string product = kProducts[random.Weighted(kShares)];
      const Day start = DrawDay(2022, random);
      // Only life and travel cover asks about health.
      const bool asks = product == "life" || product == "travel";
      const std::string health = asks ? (random.Percent(24) ? "true" : "false") : "";
      out.table.rows.push_back(Row(fmt::format("P{:06}", out.table.rows.size() + 1),
                                   CustomerCells(customer, members),
                                   {product, Pounds(random, 40, 900), ToText(start),
                                    ToText(start + std::chrono::days(364)), health}));
    }
  }
  return out;
}

UnitRegister MakeFuneralcare(const Reference& reference, std::span<const Member> members,
                             std::uint64_t seed) {
  constexpr std::array<const char*, 3> kPlans = {"simple", "classic", "bespoke"};
  constexpr std::array<std::uint64_t, 3> kPlanShares = {50, 85, 100};
  constexpr std::array<const char*, 6> kServices = {
      "church-of-england", "none", "roman-catholic", "muslim", "hindu", "jewish"};
  constexpr std::array<std::uint64_t, 6> kServiceShares = {38, 78, 90, 94, 97, 100};
  Random random(seed, "funeralcare");
  UnitRegister out;
  out.customers =
      MakeCustomers({.prefix = "F", .count = 1800, .youngest = 50, .percent_knows_membership = 55},
                    reference, members, random);
  out.table.header = Header("plan_no", "client_no",
                            {"plan_type", "value_gbp", "taken_on", "service_faith", "status"});
  for (const Customer& customer : out.customers) {
    out.table.rows.push_back(
        Row(fmt::format("FP{:05}", out.table.rows.size() + 1), CustomerCells(customer, members),
            {kPlans[random.Weighted(kPlanShares)], Pounds(random, 1800, 5200),
             ToText(DrawDay(2004, random)), kServices[random.Weighted(kServiceShares)],
             random.Percent(70) ? "paid" : "instalments"}));
  }
  return out;
}

UnitRegister MakeLegal(const Reference& reference, std::span<const Member> members,
                       std::uint64_t seed) {
  constexpr std::array<const char*, 6> kMatters = {"will",   "probate",    "conveyancing",
                                                   "family", "employment", "criminal-defence"};
  constexpr std::array<std::uint64_t, 6> kShares = {45, 65, 80, 90, 96, 100};
  Random random(seed, "legal");
  UnitRegister out;
  out.customers = MakeCustomers({.prefix = "L", .count = 900, .percent_knows_membership = 60},
                                reference, members, random);
  out.table.header =
      Header("matter_no", "client_no", {"matter_type", "opened_on", "closed_on", "fee_gbp"});
  for (const Customer& customer : out.customers) {
    const int matters = random.Percent(12) ? 2 : 1;
    for (int i = 0; i < matters; ++i) {
      const Day opened = DrawDay(2016, random);
      const Day closed = opened + std::chrono::days(random.Between(20, 500));
      out.table.rows.push_back(
          Row(fmt::format("LM{:05}", out.table.rows.size() + 1), CustomerCells(customer, members),
              {kMatters[random.Weighted(kShares)], ToText(opened),
               closed < kExportDay ? ToText(closed) : "", Pounds(random, 150, 4000)}));
    }
  }
  return out;
}

CsvTable MembersTable(std::span<const Member> members) {
  CsvTable table;
  table.header = {"member_id",
                  "first_name",
                  "last_name",
                  "birth_date",
                  "email",
                  "phone",
                  "postcode",
                  "district",
                  "join_date",
                  "food_card",
                  "electrical_customer",
                  "food_email_flag",
                  "food_email_at",
                  "electrical_mail_pref",
                  "electrical_mail_at",
                  "funeralcare_contact",
                  "funeralcare_at",
                  "insurance_marketing",
                  "profiling_objection",
                  "profiling_objection_at",
                  "synthetic"};
  for (const Member& member : members) {
    table.rows.push_back({member.id,
                          member.first_name,
                          member.last_name,
                          ToText(member.born),
                          member.email,
                          member.phone,
                          member.postcode,
                          member.district,
                          ToText(member.joined),
                          member.food_card,
                          member.electrical_customer,
                          member.food_email.value,
                          OptionalDay(member.food_email.set),
                          member.electrical_mail.value,
                          OptionalDay(member.electrical_mail.set),
                          member.funeralcare_contact.value,
                          OptionalDay(member.funeralcare_contact.set),
                          member.insurance_marketing.value,
                          member.profiling_objection ? "objects" : "",
                          OptionalDay(member.profiling_objection),
                          kSynthetic});
  }
  return table;
}

}  // namespace candour::demo
