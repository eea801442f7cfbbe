#include "consent/choice.h"

#include <array>
#include <utility>

namespace candour::consent {
namespace {

constexpr std::array<std::pair<Evidence, std::string_view>, 6> kNames = {{
    {Evidence::kConsent, "consent"},
    {Evidence::kSoftOptIn, "soft-opt-in"},
    {Evidence::kUnevidenced, "unevidenced"},
    {Evidence::kObjection, "objection"},
    {Evidence::kWithdrawal, "withdrawal"},
    {Evidence::kUnset, "unset"},
}};

}  // namespace

std::optional<Evidence> ParseEvidence(std::string_view text) {
  for (const auto& [evidence, name] : kNames) {
    if (name == text) return evidence;
  }
  return std::nullopt;
}

std::string_view ToString(Evidence evidence) {
  for (const auto& [value, name] : kNames) {
    if (value == evidence) return name;
  }
  return "unknown";
}

}  // namespace candour::consent
