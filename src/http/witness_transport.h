#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "tlog/witness_client.h"

namespace candour::http {

/// Reaches witnesses over HTTP. Threads: any.
class HttpWitnessTransport final : public tlog::WitnessTransport {
 public:
  /// `deadline_ms`: for one request, but for looking up a name.
  explicit HttpWitnessTransport(std::int64_t deadline_ms = 10'000) : deadline_ms_(deadline_ms) {}

  Result<tlog::WitnessReply> Post(const std::string& url, const std::string& body) override;

 private:
  std::int64_t deadline_ms_;
};

}  // namespace candour::http
