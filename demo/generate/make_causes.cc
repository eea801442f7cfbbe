#include "make_causes.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "random.h"

namespace candour::demo {
namespace {

constexpr std::array<const char*, 8> kKinds = {
    "food-and-hardship", "young-people", "sport-and-play",   "health-and-carers",
    "environment",       "older-people", "arts-and-history", "community-space"};

// Running sums of percent, by age under 40, 40 to 64, and over.
constexpr std::array<std::array<std::uint64_t, 8>, 3> kLeanings = {
    {{18, 40, 57, 65, 86, 88, 94, 100},
     {18, 35, 50, 64, 76, 82, 91, 100},
     {15, 24, 30, 48, 59, 78, 89, 100}}};

/// The wards nearest to the member, at most three, nearest first.
std::vector<std::size_t> NearestWards(const Reference& reference, const Member& member) {
  std::vector<std::pair<double, std::size_t>> by_distance;
  for (std::size_t i = 0; i < reference.wards.size(); ++i) {
    const double north = reference.wards[i].latitude - member.latitude;
    // At Essex's latitude a degree east is 0.62 of a degree north.
    const double east = (reference.wards[i].longitude - member.longitude) * 0.62;
    by_distance.emplace_back(north * north + east * east, i);
  }
  const std::size_t keep = std::min<std::size_t>(3, by_distance.size());
  std::partial_sort(by_distance.begin(), by_distance.begin() + static_cast<std::ptrdiff_t>(keep),
                    by_distance.end());
  std::vector<std::size_t> nearest;
  for (std::size_t i = 0; i < keep; ++i) nearest.push_back(by_distance[i].second);
  return nearest;
}

std::size_t DrawWard(const Reference& reference, const Member& member, Random& random) {
  const std::vector<std::size_t> nearest = NearestWards(reference, member);
  std::vector<std::uint64_t> cumulative;
  for (const std::size_t ward : nearest) {
    const auto grants = static_cast<std::uint64_t>(reference.wards[ward].grants);
    cumulative.push_back((cumulative.empty() ? 0 : cumulative.back()) + grants);
  }
  return nearest[random.Weighted(cumulative)];
}

}  // namespace

CsvTable MakeCauseChoices(const Reference& reference, std::span<const Member> members,
                          std::uint64_t seed) {
  Random random(seed, "causes");
  CsvTable table;
  table.header = {"member_id",      "ward_code", "ward_name", "district",
                  "cause_category", "chosen_at", "synthetic"};
  const Day opened = MakeDay(2025, 7, 1);
  for (const Member& member : members) {
    if (!random.Percent(60)) continue;
    const CauseWard& ward = reference.wards[DrawWard(reference, member, random)];
    const int age = member.AgeAtExport();
    const auto& leaning = kLeanings[age < 40 ? 0 : age < 65 ? 1 : 2];
    const Day chosen = opened + std::chrono::days(random.Between(0, 363));
    table.rows.push_back({member.id, ward.code, ward.name, ward.district,
                          kKinds[random.Weighted(leaning)], ToText(chosen), "true"});
  }
  return table;
}

}  // namespace candour::demo
