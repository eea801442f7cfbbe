#include "tlog/policy.h"

#include <algorithm>

#include "tlog/policy_reader.h"

namespace candour::tlog {

Result<Policy> Policy::Parse(std::string_view text, std::string_view file) {
  return PolicyReader(file).Read(text);
}

LogTrust Policy::TrustIn(std::string_view origin) const {
  LogTrust trust{.origin = std::string(origin)};
  for (const Log& log : logs_) {
    if (log.key.name() == origin) trust.log_keys.push_back(log.key);
  }
  for (const Witness& witness : witnesses_) trust.witnesses.push_back(witness.key);
  return trust;
}

bool Policy::IsSatisfied(std::span<const VerifiedSignature> cosignatures) const {
  if (quorum_ == kNoQuorum) return true;
  std::vector<bool> has_seen;  // for each component
  for (const Component& component : components_) {
    if (component.members.empty()) {
      const VerifierKey& key = witnesses_[component.witness].key;
      has_seen.push_back(
          std::ranges::any_of(cosignatures, [&key](const VerifiedSignature& signature) {
            return signature.cosigned_at_s.has_value() && signature.key == key;
          }));
    } else {
      const auto count = std::ranges::count_if(
          component.members, [&has_seen](std::size_t member) { return has_seen[member]; });
      has_seen.push_back(static_cast<std::size_t>(count) >= component.threshold);
    }
  }
  return has_seen[quorum_];
}

}  // namespace candour::tlog
