#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace candour {

/// Bytes travel as `std::string_view` and `std::string`, which need no terminator and may hold any
/// value. This shows an array of bytes in that form. The view lives as long as the array.
template <std::size_t kSize>
std::string_view BytesOf(const std::array<std::uint8_t, kSize>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), kSize};
}

/// Writes `value` into `out`, lowest byte first.
template <class Unsigned>
void PutLittleEndian(Unsigned value, char* out) {
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    out[i] = static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

/// Reads an unsigned number from the first bytes of `in`, lowest byte first.
template <class Unsigned>
Unsigned GetLittleEndian(const char* in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    value |= std::uint64_t{static_cast<std::uint8_t>(in[i])} << (8 * i);
  }
  return static_cast<Unsigned>(value);
}

/// Writes `value` into `out`, highest byte first.
template <class Unsigned>
void PutBigEndian(Unsigned value, char* out) {
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    out[i] =
        static_cast<char>(static_cast<std::uint8_t>(value >> (8 * (sizeof(Unsigned) - 1 - i))));
  }
}

/// Reads an unsigned number from the first bytes of `in`, highest byte first.
template <class Unsigned>
Unsigned GetBigEndian(const char* in) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    value = value << 8 | static_cast<std::uint8_t>(in[i]);
  }
  return static_cast<Unsigned>(value);
}

}  // namespace candour
