#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace candour::http {

/// Limits of a request's head.
inline constexpr std::size_t kMaxHeadSize = 8192;  // bytes, with the empty line at its end
inline constexpr std::size_t kMaxTargetSize = 2048;
inline constexpr std::size_t kMaxFields = 64;

/// What was found out about the first bytes of a request.
struct HeadVerdict {
  enum Kind { kIncomplete, kComplete, kRefused };
  Kind kind = kIncomplete;
  std::size_t size = 0;          ///< of a complete head, in bytes
  std::size_t fields = 0;        ///< of a complete head
  int status = 0;                ///< with which a refused one is answered
  const char* reason = nullptr;  ///< why it is refused, one sentence
};

/// Judges the head at the front of `bytes`, before any other parser sees it.
///
/// Two programs that read one request differently, such as a proxy and this server, let an attacker
/// smuggle a second request past the first of them. So every head that is not plain is refused:
/// line ends other than CRLF, control characters, continued lines, space around a field's name or
/// in the first line, targets other than a path, versions other than 1.0 and 1.1, any
/// Transfer-Encoding but `chunked`, that one with 1.0 or beside a Content-Length, a repeated or
/// odd Content-Length, Expect, and a Host that is missing, repeated or not one of `hosts`, which
/// also keeps a web page from reaching the server under a name of its own. `max_body` is in bytes.
///
/// Cost: linear in the head, at each call. Threads: any. Source: RFC 9112 sections 2 to 6, 11.2.
HeadVerdict CheckHead(std::string_view bytes, std::span<const std::string> hosts,
                      std::size_t max_body);

}  // namespace candour::http
