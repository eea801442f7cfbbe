#include "make_truth.h"

#include <string>
#include <vector>

#include "make_flags.h"

namespace candour::demo {
namespace {

/// Each member's number with the unit, empty where there is none.
std::vector<std::string> NumberOf(std::span<const Customer> customers, std::size_t members) {
  std::vector<std::string> numbers(members);
  for (const Customer& customer : customers) numbers[customer.member] = customer.number;
  return numbers;
}

}  // namespace

CsvTable TruthTable(std::span<const Member> members, std::span<const Customer> insurance,
                    std::span<const Customer> funeralcare, std::span<const Customer> legal) {
  const std::vector<std::string> insured = NumberOf(insurance, members.size());
  const std::vector<std::string> planned = NumberOf(funeralcare, members.size());
  const std::vector<std::string> advised = NumberOf(legal, members.size());
  CsvTable table;
  table.header = {"member_id",           "food_card",          "electrical_customer",
                  "insurance_customer",  "funeralcare_client", "legal_client",
                  "food_email",          "electrical_mail",    "funeralcare_contact",
                  "insurance_marketing", "profiling"};
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& member = members[i];
    table.rows.push_back(
        {member.id, member.food_card, member.electrical_customer, insured[i], planned[i],
         advised[i], ToText(member.food_email.stance), ToText(member.electrical_mail.stance),
         ToText(member.funeralcare_contact.stance), ToText(member.insurance_marketing.stance),
         member.profiling_objection ? "objection" : "unset"});
  }
  return table;
}

}  // namespace candour::demo
