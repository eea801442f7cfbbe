#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace candour::http {

struct ClientLimits {
  std::int64_t deadline_ms = 10'000;  ///< for the whole exchange, but for looking up a name
  std::size_t max_body = 1 << 20;     ///< of the answer, in bytes
};

/// Sends one request over a connection of its own and returns the answer, whatever its status.
/// Redirections are not followed. `url`: see ParseUrl.
/// Errors: those of ParseUrl, kUnavailable (no connection, no answer in time, or one that is too
/// long or not HTTP). Threads: any.
Result<Response> Get(const std::string& url, const ClientLimits& limits = {});
Result<Response> Post(const std::string& url, std::string_view content_type, std::string body,
                      const ClientLimits& limits = {});

}  // namespace candour::http
