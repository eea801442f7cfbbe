#pragma once

#include <string>
#include <string_view>

namespace candour::ledger {

/// How many random bytes blind a commitment.
inline constexpr std::size_t kBlindingSize = 32;

/// The version of the entries that are made now. It is at least 1; docs/formats/entry.md tells them
/// apart.
inline constexpr int kEntryVersion = 2;

/// A commitment to `payload` as an entry of that version writes it: SHA-256(domain ‖ blinding ‖
/// payload), in hex in version 1, in base64 since.
///
/// Who holds the blinding value and the payload can show what was recorded; to everybody else the
/// commitment says nothing, not even by trying every likely payload; once the blinding value is
/// destroyed nobody can tell. `name` makes the domain, so that a commitment to one thing cannot be
/// shown as one to another. Threads: any.
std::string Commit(std::string_view name, std::string_view blinding, std::string_view payload,
                   int entry_version = kEntryVersion);

}  // namespace candour::ledger
