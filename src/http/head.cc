#include "http/head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>

#include "http/message.h"

namespace candour::http {
namespace {

constexpr int kBadRequest = 400;
constexpr int kContentTooLarge = 413;
constexpr int kTargetTooLong = 414;
constexpr int kExpectationFailed = 417;
constexpr int kMisdirected = 421;
constexpr int kHeadTooLarge = 431;
constexpr int kNotImplemented = 501;
constexpr int kVersionNotSupported = 505;

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::array<std::string_view, 7> kMethods = {"GET",   "HEAD",   "POST",   "PUT",
                                                      "PATCH", "DELETE", "OPTIONS"};

HeadVerdict Refuse(int status, const char* reason) {
  return {.kind = HeadVerdict::kRefused, .status = status, .reason = reason};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// A character of a token (RFC 9110 section 5.6.2).
bool IsTokenCharacter(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kOthers.contains(c);
}

std::string_view Trimmed(std::string_view value) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t first = value.find_first_not_of(kSpace);
  if (first == value.npos) return {};
  return value.substr(first, value.find_last_not_of(kSpace) - first + 1);
}

/// The size of the head with its empty line; nothing while it has none. A refusal at the first
/// character that cannot stand in a head, so that nobody waits for the rest.
HeadVerdict FindEnd(std::string_view bytes) {
  const std::string_view seen = bytes.substr(0, kMaxHeadSize);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto c = static_cast<unsigned char>(seen[i]);
    if (c == '\n' && (i == 0 || seen[i - 1] != '\r')) {
      return Refuse(kBadRequest, "A line of the request ends without a carriage return.");
    }
    if (c == '\r' && i + 1 < seen.size() && seen[i + 1] != '\n') {
      return Refuse(kBadRequest, "A carriage return stands inside a line of the request.");
    }
    if ((c < ' ' && c != '\r' && c != '\n' && c != '\t') || c == 0x7f) {
      return Refuse(kBadRequest, "The request's head holds control characters.");
    }
    if (c == '\n' && i >= 3 && seen[i - 2] == '\n') {
      return {.kind = HeadVerdict::kComplete, .size = i + 1};
    }
  }
  if (bytes.size() >= kMaxHeadSize) {
    return Refuse(kHeadTooLarge, "The request's head is larger than 8 KiB.");
  }
  return {};
}

/// Checks a head line by line. It is used once.
class HeadReader {
 public:
  HeadReader(std::span<const std::string> hosts, std::size_t max_body)
      : hosts_(hosts), max_body_(max_body) {}

  HeadVerdict Read(std::string_view head) {
    const std::size_t size = head.size();
    head.remove_suffix(kLineEnd.size());
    if (const auto refusal = ReadFirstLine(TakeLine(head))) return *refusal;
    while (!head.empty()) {
      if (const auto refusal = ReadField(TakeLine(head))) return *refusal;
    }
    if (const auto refusal = CheckWhole()) return *refusal;
    return {.kind = HeadVerdict::kComplete, .size = size, .fields = fields_};
  }

 private:
  using Refusal = std::optional<HeadVerdict>;

  static std::string_view TakeLine(std::string_view& text) {
    const std::size_t end = text.find(kLineEnd);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + kLineEnd.size());
    return line;
  }

  Refusal ReadFirstLine(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == line.npos || first == last) {
      return Refuse(kBadRequest, "The request's first line is not method, target and version.");
    }
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    if (target.size() > kMaxTargetSize) {
      return Refuse(kTargetTooLong, "The request's target is longer than 2 KiB.");
    }
    const bool plain =
        std::ranges::all_of(target, [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
    if (!target.starts_with('/') || !plain) {
      return Refuse(kBadRequest, "The request's target is not a path.");
    }
    if (std::ranges::find(kMethods, line.substr(0, first)) == kMethods.end()) {
      return Refuse(kNotImplemented, "The request's method is not known here.");
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
      return Refuse(kVersionNotSupported, "The request is not of HTTP/1.1.");
    }
    is_1_0_ = version == "HTTP/1.0";
    return std::nullopt;
  }

  Refusal ReadField(std::string_view line) {
    if (++fields_ > kMaxFields) {
      return Refuse(kHeadTooLarge, "The request has more than 64 fields.");
    }
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == line.npos || name.empty() || !std::ranges::all_of(name, IsTokenCharacter)) {
      return Refuse(kBadRequest, "A line of the request's head is not a field.");
    }
    const std::string_view value = Trimmed(line.substr(colon + 1));
    if (IsSameName(name, "Host")) return ReadHost(value);
    if (IsSameName(name, "Content-Length")) return ReadContentLength(value);
    if (IsSameName(name, "Transfer-Encoding")) return ReadTransferEncoding(value);
    if (IsSameName(name, "Expect")) {
      return Refuse(kExpectationFailed, "The request expects what is not done here.");
    }
    return std::nullopt;
  }

  Refusal ReadHost(std::string_view value) {
    if (has_host_) return Refuse(kBadRequest, "The request names its host twice.");
    has_host_ = true;
    const std::size_t colon = value.rfind(':');
    if (colon != value.npos) {
      const std::string_view port = value.substr(colon + 1);
      if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, IsDigit)) {
        return Refuse(kBadRequest, "The request's host has a port that is none.");
      }
    }
    const auto is_it = [name = value.substr(0, colon)](const std::string& known) {
      return IsSameName(known, name);
    };
    if (std::ranges::any_of(hosts_, is_it)) return std::nullopt;
    return Refuse(kMisdirected, "The request is for another host than this one.");
  }

  Refusal ReadContentLength(std::string_view value) {
    if (has_length_) return Refuse(kBadRequest, "The request names its length twice.");
    has_length_ = true;
    std::size_t length = 0;
    const char* const end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, length);
    if (value.empty() || !std::ranges::all_of(value, IsDigit) || stop != end) {
      return Refuse(kBadRequest, "The request's length is not a plain number.");
    }
    if (error != std::errc() || length > max_body_) {
      return Refuse(kContentTooLarge, "The request's body is too large.");
    }
    return std::nullopt;
  }

  Refusal ReadTransferEncoding(std::string_view value) {
    if (has_encoding_ || !IsSameName(value, "chunked")) {
      return Refuse(kBadRequest, "The request is encoded in another way than in chunks.");
    }
    has_encoding_ = true;
    return std::nullopt;
  }

  Refusal CheckWhole() const {
    if (!has_host_) return Refuse(kBadRequest, "The request names no host.");
    if (has_encoding_ && (has_length_ || is_1_0_)) {
      return Refuse(kBadRequest, "The request's length can be read in two ways.");
    }
    return std::nullopt;
  }

  std::span<const std::string> hosts_;
  std::size_t max_body_;
  std::size_t fields_ = 0;
  bool is_1_0_ = false;
  bool has_host_ = false;
  bool has_length_ = false;
  bool has_encoding_ = false;
};

}  // namespace

HeadVerdict CheckHead(std::string_view bytes, std::span<const std::string> hosts,
                      std::size_t max_body) {
  const HeadVerdict end = FindEnd(bytes);
  if (end.kind != HeadVerdict::kComplete) return end;
  return HeadReader(hosts, max_body).Read(bytes.substr(0, end.size));
}

}  // namespace candour::http
