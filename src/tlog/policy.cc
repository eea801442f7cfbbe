#include "tlog/policy.h"

#include "tlog/policy_reader.h"

namespace candour::tlog {

Result<Policy> Policy::Parse(std::string_view text, std::string_view file) {
  return PolicyReader(file).Read(text);
}

LogTrust Policy::TrustIn(std::string_view origin) const {
  LogTrust trust{.origin = std::string(origin), .quorum = quorum_};
  for (const Log& log : logs_) {
    if (log.key.name() == origin) trust.log_keys.push_back(log.key);
  }
  for (const Witness& witness : witnesses_) trust.witnesses.push_back(witness.key);
  return trust;
}

}  // namespace candour::tlog
