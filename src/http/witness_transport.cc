#include "http/witness_transport.h"

#include <utility>

#include "http/client.h"

namespace candour::http {

Result<tlog::WitnessReply> HttpWitnessTransport::Post(const std::string& url,
                                                      const std::string& body) {
  CANDOUR_ASSIGN(Response response,
                 http::Post(url, "text/plain; charset=utf-8", body,
                            {.deadline_ms = deadline_ms_, .max_body = tlog::kMaxWitnessReplySize}));
  return tlog::WitnessReply{.status = response.status,
                            .content_type = std::move(response.content_type),
                            .body = std::move(response.body)};
}

}  // namespace candour::http
