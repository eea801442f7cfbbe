#include "consent/purpose.h"

#include <array>
#include <utility>

namespace candour::consent {
namespace {

constexpr std::array<std::pair<LegalBasis, std::string_view>, 6> kNames = {{
    {LegalBasis::kConsent, "consent"},
    {LegalBasis::kContract, "contract"},
    {LegalBasis::kLegalObligation, "legal-obligation"},
    {LegalBasis::kVitalInterests, "vital-interests"},
    {LegalBasis::kPublicTask, "public-task"},
    {LegalBasis::kLegitimateInterests, "legitimate-interests"},
}};

}  // namespace

std::optional<LegalBasis> ParseLegalBasis(std::string_view text) {
  for (const auto& [basis, name] : kNames) {
    if (name == text) return basis;
  }
  return std::nullopt;
}

std::string_view ToString(LegalBasis basis) {
  for (const auto& [value, name] : kNames) {
    if (value == basis) return name;
  }
  return "unknown";
}

}  // namespace candour::consent
