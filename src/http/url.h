#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace candour::http {

/// Where a request goes. A value.
struct Url {
  std::string host;  ///< a name or an address; one of IPv6 without its brackets
  std::uint16_t port = 80;
  std::string target = "/";  ///< path and query

  /// As the field Host has it.
  std::string Authority() const;

  bool operator==(const Url&) const = default;
};

/// Reads `http://host[:port][/path][?query]`. User names, fragments and characters beyond ASCII are
/// refused. Errors: kInvalidArgument, kUnsupported (https, which this program does not speak).
Result<Url> ParseUrl(std::string_view text);

}  // namespace candour::http
