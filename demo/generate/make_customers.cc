#include "make_customers.h"

#include <fmt/format.h>

#include <numeric>
#include <utility>

#include "make_members.h"

namespace candour::demo {
namespace {

Customer WriteDown(const CustomerPlan& plan, const Reference& reference, const Member& member,
                   Random& random) {
  Customer customer{.knows_membership = random.Percent(plan.percent_knows_membership),
                    .first_name = member.first_name,
                    .last_name = member.last_name,
                    .born = member.born,
                    .postcode = member.postcode};
  if (random.Percent(4)) customer.last_name = DrawSurname(reference, random);
  if (random.Percent(6)) customer.last_name = Misspell(customer.last_name, random);
  if (random.Percent(8)) {
    customer.postcode = reference.postcodes[random.Below(reference.postcodes.size())].text;
  }
  return customer;
}

}  // namespace

std::string Misspell(const std::string& word, Random& random) {
  if (word.size() < 4) return word;
  std::string out = word;
  const std::size_t at = 1 + random.Below(word.size() - 2);  // never the first letter
  switch (random.Below(3)) {
    case 0:
      out.erase(at, 1);
      break;
    case 1:
      out.insert(at, 1, word[at]);
      break;
    default:
      std::swap(out[at], out[at + 1]);
  }
  return out;
}

std::vector<Customer> MakeCustomers(const CustomerPlan& plan, const Reference& reference,
                                    std::span<const Member> members, Random& random) {
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  random.Shuffle(std::span(order));
  std::vector<Customer> customers;
  for (const std::size_t index : order) {
    if (customers.size() == plan.count) break;
    if (members[index].AgeAtExport() < plan.youngest) continue;
    Customer customer = WriteDown(plan, reference, members[index], random);
    customer.member = index;
    customer.number = fmt::format("{}{:05}", plan.prefix, customers.size() + 1);
    customers.push_back(std::move(customer));
  }
  return customers;
}

}  // namespace candour::demo
