#include "http/witness_service.h"

#include <string_view>
#include <utility>

namespace candour::http {
namespace {

constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;
constexpr int kInternalError = 500;
constexpr std::string_view kCheckpointEnd = "/checkpoint";

Response WrongMethod(const char* allowed) {
  return {.status = kMethodNotAllowed,
          .body = "The method is another one here.\n",
          .fields = {{"Allow", allowed}}};
}

Response ShowCheckpoint(const tlog::Witness& witness, std::string_view origin_hash) {
  Result<std::optional<std::string>> note = witness.LatestCheckpoint(origin_hash);
  if (!note) return {.status = kInternalError, .body = "This witness could not use its store.\n"};
  if (!*note) return {.status = kNotFound, .body = "Nothing of this log was cosigned here.\n"};
  return {.body = **std::move(note)};
}

}  // namespace

Response AnswerWitnessRequest(tlog::Witness& witness, const Request& request) {
  std::string_view target = request.target;
  if (target == "/add-checkpoint") {
    if (request.method != "POST") return WrongMethod("POST");
    tlog::WitnessReply reply = witness.AddCheckpoint(request.body);
    return {.status = reply.status,
            .content_type = std::move(reply.content_type),
            .body = std::move(reply.body)};
  }
  if (target.ends_with(kCheckpointEnd)) {
    if (request.method != "GET" && request.method != "HEAD") return WrongMethod("GET, HEAD");
    target.remove_suffix(kCheckpointEnd.size());
    if (target.starts_with('/')) target.remove_prefix(1);
    return ShowCheckpoint(witness, target);
  }
  return {.status = kNotFound, .body = "There is nothing here. This is a witness.\n"};
}

}  // namespace candour::http
