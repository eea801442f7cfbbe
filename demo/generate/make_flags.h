#pragma once

#include <cstdint>
#include <span>

#include "member.h"

namespace candour::demo {

/// Gives every member the flags that each unit keeps about contact, in that unit's own code.
///
/// Over all members and flags with evidence: consent 35 %, soft opt-in 10 %, unevidenced 20 %,
/// objection 10 %, nothing 25 %. Insurance keeps a bare yes/no of which nobody knows the origin, so
/// it is evidence of nothing. About 3 % object to being part of insight at all.
void MakeFlags(std::span<Member> members, std::uint64_t seed);

/// The stance as the truth file writes it, in the words of Candour's evidence.
const char* ToText(Stance stance);

}  // namespace candour::demo
