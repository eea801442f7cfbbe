#include "base/encoding.h"

#include <cstdint>

namespace candour {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Writes `bytes` in digits of `kBits` bits each, highest bit first, the last one filled with
/// zeros.
template <unsigned kBits>
std::string EncodeDigits(std::string_view bytes, std::string_view digits) {
  constexpr std::uint32_t kMask = (1U << kBits) - 1;
  std::string text((bytes.size() * 8 + kBits - 1) / kBits, '\0');
  char* out = text.data();
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (const char c : bytes) {
    pending = (pending << 8) | static_cast<std::uint8_t>(c);
    pending_bits += 8;
    while (pending_bits >= kBits) {
      pending_bits -= kBits;
      *out++ = digits[(pending >> pending_bits) & kMask];
    }
    pending &= (1U << pending_bits) - 1;
  }
  if (pending_bits > 0) *out = digits[(pending << (kBits - pending_bits)) & kMask];
  return text;
}

}  // namespace

std::string HexEncode(std::string_view bytes) { return EncodeDigits<4>(bytes, kHexDigits); }

Result<std::string> HexDecode(std::string_view text) {
  if (text.size() % 2 != 0) {
    return Fail(ErrorCode::kInvalidArgument, "The hexadecimal text has an odd length.");
  }
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = HexValue(text[i]);
    const int low = HexValue(text[i + 1]);
    if (high < 0 || low < 0) {
      return Fail(ErrorCode::kInvalidArgument, "The text is not hexadecimal.");
    }
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string Base64Encode(std::string_view bytes) {
  std::string text = EncodeDigits<6>(bytes, kBase64Digits);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

Result<std::string> Base64Decode(std::string_view text) {
  const std::string_view digits = text.substr(0, text.find('='));
  std::string bytes;
  std::uint32_t pending = 0;
  unsigned pending_bits = 0;
  for (const char c : digits) {
    const std::size_t value = kBase64Digits.find(c);
    if (value == std::string_view::npos) {
      return Fail(ErrorCode::kInvalidArgument, "The text is not base64.");
    }
    pending = ((pending << 6) | static_cast<std::uint32_t>(value)) & 0xFFFF;
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      bytes += static_cast<char>(static_cast<std::uint8_t>(pending >> pending_bits));
    }
  }
  // Missing padding, too much of it and stray low bits all show as a different text.
  if (Base64Encode(bytes) != text) {
    return Fail(ErrorCode::kInvalidArgument, "The text is not base64 in its one canonical form.");
  }
  return bytes;
}

std::string CrockfordEncode(std::string_view bytes) {
  return EncodeDigits<5>(bytes, kCrockfordDigits);
}

Result<std::string> CrockfordNormalise(std::string_view text) {
  std::string digits;
  for (char c : text) {
    if (c == '-') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == 'o') c = '0';
    if (c == 'i' || c == 'l') c = '1';
    if (kCrockfordDigits.find(c) == std::string_view::npos) {
      return Fail(ErrorCode::kInvalidArgument, "The text is not Crockford base32.");
    }
    digits += c;
  }
  return digits;
}

}  // namespace candour
