#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "day.h"
#include "member.h"
#include "random.h"
#include "reference.h"

namespace candour::demo {

/// A member as another unit knows them: under a number of its own, with the name and address it
/// once wrote down, which may be misspelt, from before a marriage, or of an earlier home.
struct Customer {
  std::string number;
  std::size_t member = 0;         ///< index of the member it really is: the truth
  bool knows_membership = false;  ///< whether the unit wrote the member number down
  std::string first_name;
  std::string last_name;
  Day born;
  std::string postcode;
};

/// How a unit gets its customers from the members.
struct CustomerPlan {
  std::string prefix;  ///< of its numbers, e.g. "I"
  std::size_t count = 0;
  int youngest = 18;  ///< age at the export
  int percent_knows_membership = 70;
};

/// Draws `plan.count` different members (fewer when not so many are old enough) and writes down
/// what the unit has of them: 6 % of last names misspelt, 4 % from before a marriage, 8 % moved.
std::vector<Customer> MakeCustomers(const CustomerPlan& plan, const Reference& reference,
                                    std::span<const Member> members, Random& random);

/// A word with one slip of the keyboard: a letter left out, doubled, or swapped with the next.
std::string Misspell(const std::string& word, Random& random);

}  // namespace candour::demo
