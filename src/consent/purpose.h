#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace candour::consent {

/// The legal bases of UK GDPR article 6(1).
enum class LegalBasis {
  kConsent,
  kContract,
  kLegalObligation,
  kVitalInterests,
  kPublicTask,
  kLegitimateInterests,
};

std::optional<LegalBasis> ParseLegalBasis(std::string_view text);
std::string_view ToString(LegalBasis basis);

/// Why data may be used: declared once, shown to people in the same words everywhere.
struct Purpose {
  std::string id;
  std::string name;
  std::string text;    ///< plain language, as members read it
  std::string dpv;     ///< e.g. "dpv:DirectMarketing"
  std::string parent;  ///< id of the wider purpose, or empty
  LegalBasis basis = LegalBasis::kConsent;
  std::string balancing;          ///< the balancing record, for legitimate interests
  std::string special_condition;  ///< further condition for special categories, or empty
  bool direct_marketing = false;  ///< an objection to it is absolute
  Where where;
};

}  // namespace candour::consent
