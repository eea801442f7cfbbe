#pragma once

#include <string_view>

#include "crypto/secret.h"
#include "crypto/sha256.h"

namespace candour::crypto {

/// HMAC-SHA256 of `message` under `key`. Compare tags with EqualInConstantTime.
/// Threads: any. Source: RFC 2104.
Digest HmacSha256(const Secret& key, std::string_view message);

}  // namespace candour::crypto
