#pragma once

#include <cstdint>
#include <span>

#include "csv_table.h"
#include "member.h"
#include "reference.h"

namespace candour::demo {

/// Which local cause each member supports: about 60 % of members chose one, in one of the three
/// wards nearest to them in which the fund made a grant (wards with more grants more often). The
/// kind of cause leans on the member's age. Made up, but the wards are real (CC BY-SA 4.0).
CsvTable MakeCauseChoices(const Reference& reference, std::span<const Member> members,
                          std::uint64_t seed);

}  // namespace candour::demo
