#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candour::tlog {

/// Largest reply of a witness that is read, in bytes.
inline constexpr std::size_t kMaxWitnessReplySize = 1 << 18;

/// What a witness answers, in the terms of HTTP. A value. Of a request that was understood:
///
/// | status | body |
/// |---|---|
/// | 200 | signature lines, each a cosignature |
/// | 403 | the log's own key did not sign, or a signature of it is false |
/// | 404 | the log is not known here |
/// | 409 | the size that was cosigned last: the request was made from another |
/// | 422 | the checkpoint does not continue what was cosigned last |
///
/// and 400 when it was not. Source: c2sp.org/tlog-witness.
struct WitnessReply {
  int status = 0;
  std::string content_type;
  std::string body;
};

/// The 409 that names the size cosigned last.
WitnessReply SizeReply(std::uint64_t size);

/// A refusal in one sentence.
WitnessReply RefusalReply(int status, std::string_view sentence);

/// The size in a 409; nothing when the reply is none, or not of its exact form.
std::optional<std::uint64_t> SizeOf(const WitnessReply& reply);

}  // namespace candour::tlog
