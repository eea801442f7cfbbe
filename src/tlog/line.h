#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/sha256.h"

namespace candour::tlog {

/// Takes the next line, without its newline, off the front of `text`; nothing, and `text` as it
/// was, when no newline is left.
std::optional<std::string_view> TakeLine(std::string_view& text);

/// Reads a decimal number as the formats of this floor write it: digits only, no leading zeros,
/// below 2^64. Everything else is nothing.
std::optional<std::uint64_t> ParseDecimal(std::string_view text);

/// Reads a hash as base64 in its one canonical form, exactly 32 bytes. Everything else is nothing.
std::optional<crypto::Digest> ParseDigest(std::string_view text);

/// Writes a hash as ParseDigest reads it: 44 characters.
std::string FormatDigest(const crypto::Digest& digest);

}  // namespace candour::tlog
