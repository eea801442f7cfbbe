#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace candour {

/// Writes `value` in the one form of RFC 8785: no spaces, keys sorted by their UTF-16 code units,
/// the shortest escapes. Equal values give equal bytes, so that a hash of them means something.
///
/// Limited to what ledger entries hold: no floating-point numbers, integers within ±(2^53 - 1),
/// at most 64 levels. Errors: kInvalidArgument (these limits, text that is not UTF-8).
/// Cost: linear but for the sorting of keys. Threads: any. Source: RFC 8785.
Result<std::string> CanonicalJson(const nlohmann::json& value);

/// Reads a text that CanonicalJson could have written, and refuses every other: duplicate keys,
/// spaces, other orders and escapes. Errors: kInvalidArgument.
Result<nlohmann::json> ParseCanonicalJson(std::string_view text);

}  // namespace candour
