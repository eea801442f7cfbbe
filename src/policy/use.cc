#include "policy/use.h"

#include <algorithm>
#include <array>
#include <utility>

namespace candour::policy {
namespace {

constexpr std::array<std::pair<Output, std::string_view>, 3> kOutputs = {
    {{Output::kRows, "rows"},
     {Output::kPseudonymised, "pseudonymised"},
     {Output::kAggregates, "aggregates"}}};

}  // namespace

std::optional<Output> ParseOutput(std::string_view text) {
  for (const auto& [output, name] : kOutputs) {
    if (name == text) return output;
  }
  return std::nullopt;
}

std::string_view ToString(Output output) {
  for (const auto& [value, name] : kOutputs) {
    if (value == output) return name;
  }
  return "";
}

std::string_view ToString(Approval::State state) {
  switch (state) {
    case Approval::State::kProposed:
      return "proposed";
    case Approval::State::kApproved:
      return "approved";
    case Approval::State::kRefused:
      return "refused";
  }
  return "";
}

const Grant* Use::FindGrant(std::string_view dataset) const {
  const auto found = std::ranges::find(grants, dataset, &Grant::dataset);
  return found == grants.end() ? nullptr : &*found;
}

}  // namespace candour::policy
