#pragma once

#include <span>

#include "csv_table.h"
#include "make_customers.h"
#include "member.h"

namespace candour::demo {

/// What is really so, one row a member: the numbers under which each unit knows them, and what each
/// flag stands for. Kept beside the demo for tests and measurements; no home reads it.
CsvTable TruthTable(std::span<const Member> members, std::span<const Customer> insurance,
                    std::span<const Customer> funeralcare, std::span<const Customer> legal);

}  // namespace candour::demo
