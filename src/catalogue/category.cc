#include "catalogue/category.h"

#include <algorithm>
#include <array>

namespace candour::catalogue {
namespace {

struct Term {
  std::string_view id;
  bool special;
};

#define DPV_TERM(id, special) {id, special},

constexpr auto kPurposes = std::to_array<Term>({
#include "catalogue/dpv_purposes.inc"
});

/// Ours stand at the end: what a co-operative group's units hold and DPV has no word for.
constexpr auto kCategories = std::to_array<Term>({
#include "catalogue/dpv_data.inc"
#include "catalogue/dpv_pd.inc"
    {"candour:PurchaseHistory", false},
    {"candour:ProductReference", false},
    {"candour:LoyaltyCardNumber", false},
    {"candour:MemberNumber", false},
    {"candour:CustomerNumber", false},
    {"candour:HouseholdBand", false},
    {"candour:MarketingChoice", false},
    {"candour:FuneralPlan", false},
    {"candour:LegalMatter", false},
    {"candour:InsurancePolicy", false},
    {"candour:CauseChoice", false},
    {"candour:Synthetic", false},
});

#undef DPV_TERM

template <class Terms>
const Term* Find(const Terms& terms, std::string_view id) {
  const auto found = std::ranges::find(terms, id, &Term::id);
  return found == terms.end() ? nullptr : &*found;
}

template <class Terms>
std::vector<std::string> Names(const Terms& terms) {
  std::vector<std::string> names;
  for (const Term& term : terms) names.emplace_back(term.id);
  return names;
}

}  // namespace

bool IsDpvPurpose(std::string_view id) { return Find(kPurposes, id) != nullptr; }

const std::vector<std::string>& DpvPurposes() {
  static const std::vector<std::string> kNames = Names(kPurposes);
  return kNames;
}

bool IsCategory(std::string_view id) { return Find(kCategories, id) != nullptr; }

const std::vector<std::string>& Categories() {
  static const std::vector<std::string> kNames = Names(kCategories);
  return kNames;
}

Sensitivity LeastSensitivity(std::string_view category) {
  if (category.starts_with("pd:Criminal")) return Sensitivity::kCriminal;
  const Term* term = Find(kCategories, category);
  return term != nullptr && term->special ? Sensitivity::kSpecial : Sensitivity::kOpen;
}

}  // namespace candour::catalogue
