#include "tlog/line.h"

#include <algorithm>
#include <charconv>

#include "base/bytes.h"
#include "base/encoding.h"

namespace candour::tlog {

std::optional<std::string_view> TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> ParseDecimal(std::string_view text) {
  if (text.empty() || (text.front() == '0' && text.size() > 1)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<crypto::Digest> ParseDigest(std::string_view text) {
  const Result<std::string> bytes = Base64Decode(text);
  crypto::Digest digest;
  if (!bytes || bytes->size() != digest.size()) return std::nullopt;
  std::ranges::copy(*bytes, digest.begin());
  return digest;
}

std::string FormatDigest(const crypto::Digest& digest) { return Base64Encode(BytesOf(digest)); }

}  // namespace candour::tlog
