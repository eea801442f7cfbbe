#include "accounts/principal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/nearest.h"

namespace candour::accounts {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 9> kRoles = {
    {{Role::kSteward, "steward"},
     {Role::kAnalyst, "analyst"},
     {Role::kMarketer, "marketer"},
     {Role::kGovernance, "governance"},
     {Role::kPartner, "partner"},
     {Role::kFrontline, "frontline"},
     {Role::kDpo, "dpo"},
     {Role::kMember, "member"},
     {Role::kReviewer, "reviewer"}}};

}  // namespace

std::optional<Role> ParseRole(std::string_view text) {
  for (const auto& [role, name] : kRoles) {
    if (name == text) return role;
  }
  return std::nullopt;
}

std::string_view ToString(Role role) {
  for (const auto& [value, name] : kRoles) {
    if (value == role) return name;
  }
  return "";
}

Result<const Principal*> FindPrincipal(std::span<const Principal> principals, std::string_view id) {
  const auto found = std::ranges::find(principals, id, &Principal::id);
  if (found != principals.end()) return &*found;
  std::vector<std::string> known;
  for (const Principal& principal : principals) known.push_back(principal.id);
  return Fail(Error{.code = ErrorCode::kDeniedUnknownPrincipal,
                    .message = fmt::format("no principal named {} is in force", Quoted(id)),
                    .rule = "principals",
                    .expected = SuggestName(id, known),
                    .fix_by = "the data-governance lead, by applying a declaration",
                    .next = "candour list"});
}

}  // namespace candour::accounts
