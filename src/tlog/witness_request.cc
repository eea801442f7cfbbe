#include "tlog/witness_request.h"

#include <fmt/format.h>

#include "tlog/line.h"

namespace candour::tlog {
namespace {

constexpr std::string_view kOldStart = "old ";

std::unexpected<Error> Malformed(const char* message) {
  return Fail(Error{.code = ErrorCode::kReceiptForm, .message = message}.Expected(
      "the body of an add-checkpoint request of c2sp.org/tlog-witness"));
}

}  // namespace

Result<std::string> EncodeWitnessRequest(const WitnessRequest& request) {
  if (request.proof.size() > kMaxConsistencyLines) {
    return Fail(ErrorCode::kInvalidArgument, "A witness takes a proof of at most 63 hashes.");
  }
  if (request.checkpoint.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "A request to a witness carries a checkpoint.");
  }
  std::string body = fmt::format("{}{}\n", kOldStart, request.old_size);
  for (const crypto::Digest& hash : request.proof) {
    body += FormatDigest(hash);
    body += '\n';
  }
  body += '\n';
  body += request.checkpoint;
  if (body.size() > kMaxWitnessRequestSize) {
    return Fail(ErrorCode::kInvalidArgument, "A request to a witness has at most 256 KiB.");
  }
  return body;
}

Result<WitnessRequest> DecodeWitnessRequest(std::string_view body) {
  if (body.size() > kMaxWitnessRequestSize) {
    return Malformed("The request to the witness is larger than 256 KiB.");
  }
  WitnessRequest request;
  const auto first = TakeLine(body);
  const auto old_size = first && first->starts_with(kOldStart)
                            ? ParseDecimal(first->substr(kOldStart.size()))
                            : std::nullopt;
  if (!old_size) return Malformed("The request to the witness does not begin with an old size.");
  request.old_size = *old_size;

  for (;;) {
    const auto line = TakeLine(body);
    if (!line) return Malformed("The request to the witness has no empty line after its proof.");
    if (line->empty()) break;
    const auto hash = ParseDigest(*line);
    if (!hash) return Malformed("A line of the proof is not a hash in base64.");
    if (request.proof.size() == kMaxConsistencyLines) {
      return Malformed("The proof has more than 63 hashes.");
    }
    request.proof.push_back(*hash);
  }
  if (body.empty()) return Malformed("The request to the witness has no checkpoint.");
  request.checkpoint = body;
  return request;
}

}  // namespace candour::tlog
