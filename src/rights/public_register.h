#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "consent/purpose.h"
#include "policy/decide.h"

namespace candour::rights {

/// Where a use stands today.
enum class UseState {
  kInForce,
  kProposed,
  kRefused,
  kNotYet,  ///< approved, and begins later
  kEnded,
  kShut,  ///< approved, but some rule keeps the door shut; `state_text` says which
};

/// The word for it in JSON: "in-force", "proposed", "refused", "not-yet", "ended", "shut".
std::string_view ToString(UseState state);

/// What one use reads of one dataset, without its fields.
struct RegisterDataset {
  std::string name;
  std::string title;
  std::string unit;    ///< the unit's name
  std::string origin;  ///< "real" or "generated"
  bool people = false;
  std::vector<std::string> categories;      ///< of the granted fields, sorted
  std::vector<std::string> row_categories;  ///< sensitive rows that are let through
};

/// One use as everybody may read about it.
struct RegisterEntry {
  std::string use;
  std::string title;
  std::string text;
  std::string purpose;  ///< id
  std::string purpose_name;
  std::string purpose_text;
  consent::LegalBasis basis = consent::LegalBasis::kConsent;
  bool purpose_known = false;  ///< the purpose is in force, so that `basis` is what it says
  std::string unit;            ///< in whose name, the unit's name
  std::string recipient;
  std::string controller;  ///< of the recipient
  std::string agreement;   ///< title, when data crosses controllers
  policy::Output output = policy::Output::kAggregates;
  int threshold = 0;  ///< for aggregates
  std::vector<RegisterDataset> datasets;
  std::optional<UtcTime> from;
  std::optional<UtcTime> until;
  UseState state = UseState::kProposed;
  std::string state_text;  ///< why it stands so, when something keeps it from being used
  std::string decided_by;
  std::string reference;
  std::string reason;  ///< of the decision, in plain words
};

/// The public register: every declared use, those in force first, the refused ones with their
/// reason. It reads declarations only, so it holds no personal data, and names no field.
/// Cost: linear in the declarations, squared in uses. Threads: any.
std::vector<RegisterEntry> PublicRegister(const policy::Rules& rules, UtcTime now);

/// The register as the public reads it.
std::string PublicRegisterText(const std::vector<RegisterEntry>& entries);

/// Each use as an object.
nlohmann::json PublicRegisterJson(const std::vector<RegisterEntry>& entries);

}  // namespace candour::rights
