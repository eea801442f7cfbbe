#include "base/utf8.h"

#include <cstdint>

namespace candour {
namespace {

/// Takes one character off the front of `text`; none when the bytes are not UTF-8.
std::optional<std::uint32_t> TakeCharacter(std::string_view& text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  std::size_t length = 1;
  std::uint32_t value = first;
  std::uint32_t least = 0;
  if (first >= 0x80) {
    if (first >= 0xc2 && first < 0xe0) {
      length = 2, value = first & 0x1f, least = 0x80;
    } else if (first >= 0xe0 && first < 0xf0) {
      length = 3, value = first & 0x0f, least = 0x800;
    } else if (first >= 0xf0 && first < 0xf5) {
      length = 4, value = first & 0x07, least = 0x10000;
    } else {
      return std::nullopt;
    }
  }
  if (text.size() < length) return std::nullopt;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
    value = value << 6 | (byte(i) & 0x3f);
  }
  if (value < least || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return std::nullopt;
  text.remove_prefix(length);
  return value;
}

bool IsControl(std::uint32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n' && c != '\r';
  return (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::optional<BadText> FindBadText(std::string_view text) {
  BadText place;
  while (!text.empty()) {
    const std::size_t before = text.size();
    const auto character = TakeCharacter(text);
    if (!character) return place;
    if (IsControl(*character)) {
      place.control = true;
      return place;
    }
    if (*character == '\n') {
      ++place.line;
      place.column = 1;
    } else {
      place.column += static_cast<int>(before - text.size());
    }
  }
  return std::nullopt;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    if (!TakeCharacter(text)) return false;
  }
  return true;
}

}  // namespace candour
