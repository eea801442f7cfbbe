#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "member.h"
#include "random.h"
#include "reference.h"

namespace candour::demo {

/// Makes `count` members: age-true names, Essex postcodes, no two with the same id or e-mail
/// address. Every household of the reference becomes one member's card (a member in the household's
/// age band where it told one), every web shop customer one member's account.
/// `count` is at least the number of households and of customers.
std::vector<Member> MakeMembers(const Reference& reference, std::size_t count, std::uint64_t seed);

/// A first name as often as it was given to people of that sex born about then.
std::string DrawFirstName(const Reference& reference, bool female, Day born, Random& random);

std::string DrawSurname(const Reference& reference, Random& random);

}  // namespace candour::demo
