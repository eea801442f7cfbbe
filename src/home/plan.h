#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"
#include "home/declarations.h"
#include "policy/use.h"

namespace candour::home {

/// How many people and rows a use can reach.
struct ReachCount {
  std::int64_t people = 0;
  std::int64_t rows = 0;
  bool operator==(const ReachCount&) const = default;
};

/// Counts what `use` reaches under `declarations`; nothing for a use that may not run.
using Reach = std::function<Result<ReachCount>(const Declarations&, const policy::Use&)>;

/// One declaration that would be added, changed or removed.
struct Change {
  enum class Kind { kAdded, kChanged, kRemoved } kind = Kind::kAdded;
  std::string what;                  ///< "Use", "Dataset", …
  std::string id;                    ///< "" for candour.yaml
  std::vector<std::string> details;  ///< what differs, in words, for a changed one
};

/// A use that would reach more or fewer people or rows than now.
struct UseReach {
  std::string use;
  ReachCount before;
  ReachCount after;
};

/// What apply would do.
struct Plan {
  std::vector<Change> changes;  ///< in the order of paths
  std::vector<UseReach> reach;
  int reworded_files = 0;  ///< files that differ in comments or layout only

  bool ChangesNothing() const { return changes.empty() && reworded_files == 0; }
};

/// Compares what is declared with what is in force (without files when nothing is yet).
///
/// `reach_now` counts what is in force, `reach_then` what is declared; both may be empty, then no
/// people are counted. They are asked for every use when anything changes, since a dataset or a
/// mapping can open a use that did not change itself.
/// Errors: those of the two.
Result<Plan> MakePlan(const Declarations& in_force, const Declarations& declared,
                      const Reach& reach_now = {}, const Reach& reach_then = {});

/// The plan as a terminal shows it.
std::string ToText(const Plan& plan);

/// The plan as `--json` gives it.
nlohmann::json ToJson(const Plan& plan);

}  // namespace candour::home
