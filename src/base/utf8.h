#pragma once

#include <optional>
#include <string_view>

namespace candour {

/// The first place of a text that is not fit to be read as plain UTF-8 text.
struct BadText {
  int line = 1;
  int column = 1;        ///< in bytes
  bool control = false;  ///< a control character; otherwise not UTF-8
};

/// Finds overlong, surrogate, truncated or stray bytes, and control characters other than tab and
/// the ends of lines (C0, delete, C1, and the characters that turn the direction of writing).
/// Cost: linear. Threads: any. Source: RFC 3629 section 4; Unicode Standard Annex 9.
std::optional<BadText> FindBadText(std::string_view text);

/// Whether `text` is UTF-8, whatever its characters are.
/// Cost: linear. Threads: any. Source: RFC 3629 section 4.
bool IsUtf8(std::string_view text);

}  // namespace candour
