#include "accounts/principal.h"

#include <array>
#include <utility>

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

}  // namespace candour::accounts
