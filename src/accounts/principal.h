#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"

namespace candour::accounts {

/// The roles a principal can have; what each may do is in permission.h.
enum class Role {
  kSteward,
  kAnalyst,
  kMarketer,
  kGovernance,
  kPartner,
  kFrontline,
  kDpo,
  kMember,
  kReviewer,  ///< independent of all others: watches over accesses that people are not told of yet
};

std::optional<Role> ParseRole(std::string_view text);
std::string_view ToString(Role role);

/// Someone or something that asks: a role at work, never a personal name.
struct Principal {
  std::string id;
  std::string name;
  Role role = Role::kAnalyst;
  std::string unit;          ///< or empty for somebody outside
  std::string organisation;  ///< a controller
  Where where;
};

/// The principal of that id. Errors: kDeniedUnknownPrincipal, naming the nearest there is.
Result<const Principal*> FindPrincipal(std::span<const Principal> principals, std::string_view id);

}  // namespace candour::accounts
