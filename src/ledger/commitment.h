#pragma once

#include <string>
#include <string_view>

namespace candour::ledger {

/// How many random bytes blind a commitment.
inline constexpr std::size_t kBlindingSize = 32;

/// A commitment to `payload`, in hex: SHA-256(domain ‖ blinding ‖ payload).
///
/// Who holds the blinding value and the payload can show what was recorded; to everybody else the
/// commitment says nothing, not even by trying every likely payload; once the blinding value is
/// destroyed nobody can tell. `name` makes the domain, so that a commitment to one thing cannot be
/// shown as one to another. Threads: any.
std::string Commit(std::string_view name, std::string_view blinding, std::string_view payload);

}  // namespace candour::ledger
