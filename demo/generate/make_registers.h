#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "csv_table.h"
#include "make_customers.h"
#include "member.h"
#include "reference.h"

namespace candour::demo {

/// A unit's made-up register, and who its customers really are.
struct UnitRegister {
  CsvTable table;
  std::vector<Customer> customers;
};

/// Insurance: some 3,500 policies of 2,800 customers.
UnitRegister MakeInsurance(const Reference& reference, std::span<const Member> members,
                           std::uint64_t seed);

/// Funeralcare: 1,800 plans, of people of 50 and over.
UnitRegister MakeFuneralcare(const Reference& reference, std::span<const Member> members,
                             std::uint64_t seed);

/// Legal: some 1,000 matters of 900 clients.
UnitRegister MakeLegal(const Reference& reference, std::span<const Member> members,
                       std::uint64_t seed);

/// The members' register itself.
CsvTable MembersTable(std::span<const Member> members);

}  // namespace candour::demo
