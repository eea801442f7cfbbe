#pragma once

#include <span>
#include <string>

#include "base/time.h"
#include "catalogue/unit.h"
#include "policy/decision.h"

namespace candour::policy {

/// The declarations in force, as the decision sees them.
struct Rules {
  std::span<const catalogue::Unit> units;
  std::span<const consent::Purpose> purposes;
  std::span<const catalogue::Dataset> datasets;
  std::span<const Use> uses;
  std::span<const Agreement> agreements;
};

/// Who asks for what.
struct Request {
  std::string use;
  std::string principal;
};

/// Decides whether a principal may act under a use now, and what the use then sees.
///
/// The one place where this is decided. It fails closed: what is unknown, expired or not covered
/// is denied, with the rule that denied it, who can change that and what would be allowed. It says
/// nothing about single people; that is consent's answer to `DatasetPlan::questions`.
///
/// The result points into `rules`, which must outlive it.
/// Cost: linear in the declarations. Threads: any.
Decision Decide(const Rules& rules, const Request& request, UtcTime now);

}  // namespace candour::policy
