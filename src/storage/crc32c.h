#pragma once

#include <cstdint>
#include <string_view>

namespace candour::storage {

/// CRC-32C (Castagnoli) of `bytes`: finds damage, not tampering. Cost: about a byte a cycle.
/// Threads: any. Source: RFC 3720 appendix B.4.
std::uint32_t Crc32c(std::string_view bytes);

}  // namespace candour::storage
