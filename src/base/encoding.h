#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace candour {

/// Bytes as lower-case hexadecimal. Cost: linear. Threads: any.
std::string HexEncode(std::string_view bytes);

/// Reads hexadecimal of either case. Errors: kInvalidArgument (odd length, other characters).
Result<std::string> HexDecode(std::string_view text);

/// Bytes as base64 with padding. Source: RFC 4648 section 4.
std::string Base64Encode(std::string_view bytes);

/// Reads base64 as Base64Encode writes it, and nothing else: one text for one value, so that a
/// signed text cannot be varied. Errors: kInvalidArgument.
Result<std::string> Base64Decode(std::string_view text);

/// The 32 digits of Crockford's base32 in lower case, which leaves out i, l, o and u.
inline constexpr std::string_view kCrockfordDigits = "0123456789abcdefghjkmnpqrstvwxyz";

/// Bytes as Crockford base32, highest bit first; the last digit is filled up with zero bits.
std::string CrockfordEncode(std::string_view bytes);

/// The digits as CrockfordEncode would write them, for text that a person typed: upper case becomes
/// lower, "o" becomes 0, "i" and "l" become 1, hyphens go. Errors: kInvalidArgument.
Result<std::string> CrockfordNormalise(std::string_view text);

}  // namespace candour
