#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candour::tlog {

/// How large an entry can be: a bundle writes its length in 16 bits.
inline constexpr std::size_t kMaxEntrySize = 65'535;

/// Writes the entries of a bundle, each with its length before it, highest byte first.
/// Errors: kInvalidArgument (an entry is too large, none or more than 256 entries).
/// Source: c2sp.org/tlog-tiles, "Log entries".
Result<std::string> EncodeBundle(std::span<const std::string> entries);

/// The entries of a bundle that holds `width` of them and nothing else. The views live as long as
/// `bytes`. Errors: kReceiptForm.
Result<std::vector<std::string_view>> DecodeBundle(std::string_view bytes, int width);

}  // namespace candour::tlog
