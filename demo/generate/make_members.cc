#include "make_members.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <iterator>
#include <numeric>
#include <span>

namespace candour::demo {
namespace {

// Ages of members at the export, as a rough picture of a co-operative's membership.
struct AgeBand {
  int from;
  int to;
};
constexpr std::array<AgeBand, 7> kAges = {
    {{18, 24}, {25, 34}, {35, 44}, {45, 54}, {55, 64}, {65, 79}, {80, 95}}};
constexpr std::array<std::uint64_t, 7> kAgeShares = {6, 20, 38, 57, 74, 93, 100};

/// The letters of a name as an e-mail address has them.
std::string Letters(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

Day DrawBirth(Random& random) {
  const AgeBand band = kAges[random.Weighted(kAgeShares)];
  const int year = YearOf(kExportDay) - random.Between(band.from, band.to);
  return MakeDay(year, 1, 1) + std::chrono::days(random.Between(0, 364));
}

Member MakeMember(const Reference& reference, std::size_t number, Random& random) {
  Member member;
  member.id = fmt::format("M{:06}", number);
  member.female = random.Percent(54);
  member.born = DrawBirth(random);
  member.first_name = DrawFirstName(reference, member.female, member.born, random);
  member.last_name = DrawSurname(reference, random);
  // example.org is set aside for examples (RFC 2606); the phone numbers are those the regulator
  // keeps free for drama. Neither can reach anybody.
  member.email = fmt::format("{}.{}{}@example.org", Letters(member.first_name),
                             Letters(member.last_name), number);
  member.phone = fmt::format("07700 900{:03}", random.Between(0, 999));
  const Postcode& postcode = reference.postcodes[random.Below(reference.postcodes.size())];
  member.postcode = postcode.text;
  member.district = postcode.district;
  member.latitude = postcode.latitude;
  member.longitude = postcode.longitude;
  const Day earliest = std::max(MakeDay(1994, 1, 1), member.born + std::chrono::days(16 * 366));
  member.joined =
      earliest +
      std::chrono::days(random.Below(static_cast<std::size_t>((kExportDay - earliest).count())));
  return member;
}

/// Whether a member's age fits a household's band such as "45-54" or "65+".
bool FitsAge(const Member& member, const std::string& band) {
  if (band.empty()) return true;
  const int from = std::stoi(band);
  const std::size_t dash = band.find('-');
  const int to = dash == std::string::npos ? 200 : std::stoi(band.substr(dash + 1));
  return member.AgeAtExport() >= from && member.AgeAtExport() <= to;
}

std::vector<std::size_t> ShuffledIndexes(std::size_t count, Random& random) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  random.Shuffle(std::span(order));
  return order;
}

/// Gives each household to a member who has none. Households that told their age choose first, so
/// that the others cannot take all members of a band.
void GiveCards(const Reference& reference, std::vector<Member>& members, Random& random) {
  const std::vector<std::size_t> order = ShuffledIndexes(members.size(), random);
  for (const bool told : {true, false}) {
    std::size_t next = 0;
    for (const Household& household : reference.households) {
      if (household.age.empty() == told) continue;
      for (std::size_t tried = 0; tried < order.size(); ++tried) {
        Member& member = members[order[next++ % order.size()]];
        if (!member.food_card.empty() || !FitsAge(member, household.age)) continue;
        member.food_card = household.id;
        break;
      }
    }
  }
}

}  // namespace

std::string DrawFirstName(const Reference& reference, bool female, Day born, Random& random) {
  // The lists are ten years apart: 1934 stands for 1929 to 1938.
  auto list = reference.first_names.lower_bound(YearOf(born) - 4);
  if (list == reference.first_names.end()) list = std::prev(list);
  const WeightedNames& names = list->second[female ? 1 : 0];
  return names.names[random.Weighted(names.cumulative)];
}

std::string DrawSurname(const Reference& reference, Random& random) {
  return reference.surnames.names[random.Weighted(reference.surnames.cumulative)];
}

std::vector<Member> MakeMembers(const Reference& reference, std::size_t count, std::uint64_t seed) {
  Random people(seed, "members");
  std::vector<Member> members;
  members.reserve(count);
  for (std::size_t i = 1; i <= count; ++i) members.push_back(MakeMember(reference, i, people));

  Random cards(seed, "cards");
  GiveCards(reference, members, cards);
  Random accounts(seed, "accounts");
  const std::vector<std::size_t> order = ShuffledIndexes(count, accounts);
  for (std::size_t i = 0; i < reference.electrical_customers.size(); ++i) {
    members[order[i]].electrical_customer = reference.electrical_customers[i];
  }
  return members;
}

}  // namespace candour::demo
