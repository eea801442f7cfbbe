#include "tlog/quorum.h"

#include <algorithm>

namespace candour::tlog {

bool Quorum::IsSatisfied(std::span<const VerifiedSignature> cosignatures) const {
  if (!asked_) return true;
  std::vector<bool> has_seen;  // for each component
  for (const Component& component : components_) {
    if (component.witness) {
      has_seen.push_back(std::ranges::any_of(
          cosignatures, [&key = *component.witness](const VerifiedSignature& signature) {
            return signature.cosigned_at_s.has_value() && signature.key == key;
          }));
    } else {
      const auto count = std::ranges::count_if(
          component.members, [&has_seen](std::size_t member) { return has_seen[member]; });
      has_seen.push_back(static_cast<std::size_t>(count) >= component.threshold);
    }
  }
  return has_seen[*asked_];
}

}  // namespace candour::tlog
