#include "http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace candour::http {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kMaxUrlSize = 2048;
constexpr std::uint16_t kDefaultPort = 80;

std::unexpected<Error> Malformed(const char* message) {
  return Fail(Error{.code = ErrorCode::kInvalidArgument, .message = message}.Expected(
      "http://host:port/path"));
}

bool IsIn(std::string_view text, std::string_view more) {
  return !text.empty() && std::ranges::all_of(text, [more](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           more.contains(c);
  });
}

Result<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stop != end || port == 0) {
    return Malformed("The address's port is not a number from 1 to 65535.");
  }
  return port;
}

}  // namespace

std::string Url::Authority() const {
  std::string text = host.contains(':') ? fmt::format("[{}]", host) : host;
  if (port != kDefaultPort) text += fmt::format(":{}", port);
  return text;
}

Result<Url> ParseUrl(std::string_view text) {
  if (text.starts_with("https://")) {
    return Fail(Error{.code = ErrorCode::kUnsupported, .message = "HTTPS is not spoken here."}
                    .Expected("http://host:port/path")
                    .Next("reach the other side through a proxy on this machine that speaks TLS"));
  }
  if (!text.starts_with(kScheme) || text.size() > kMaxUrlSize) {
    return Malformed("The address is not one of HTTP.");
  }
  text.remove_prefix(kScheme.size());
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  const std::string_view target = text.substr(end);
  const bool plain =
      std::ranges::all_of(target, [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
  if (!plain) return Malformed("The address's path holds what cannot be sent.");

  Url url{.port = kDefaultPort};
  url.target = target.starts_with('/') ? "" : "/";
  url.target += target;
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != authority.npos && (bracket == authority.npos || colon > bracket)) {
    CANDOUR_ASSIGN(url.port, ParsePort(authority.substr(colon + 1)));
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) {
    url.host = authority.substr(1, authority.size() - 2);
    if (!url.host.contains(':') || !IsIn(url.host, ":.")) {
      return Malformed("The address's host is not an IPv6 address.");
    }
    return url;
  }
  url.host = authority;
  if (!IsIn(url.host, ".-_")) return Malformed("The address's host is not a name.");
  return url;
}

}  // namespace candour::http
