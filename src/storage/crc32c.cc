#include "storage/crc32c.h"

#include <array>
#include <cstddef>

#include "base/bytes.h"

namespace candour::storage {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;  // of Castagnoli, bits reversed

using Table = std::array<std::array<std::uint32_t, 256>, 8>;

/// Table k gives what a byte does to the checksum when k more bytes follow it.
constexpr Table MakeTable() {
  Table table = {};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[0][byte] = crc;
  }
  for (std::size_t k = 1; k < table.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = table[k - 1][byte];
      table[k][byte] = (before >> 8) ^ table[0][before & 0xFF];
    }
  }
  return table;
}

constexpr Table kTable = MakeTable();

}  // namespace

std::uint32_t Crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    const auto word = GetLittleEndian<std::uint64_t>(bytes.data()) ^ crc;
    crc = 0;
    for (std::size_t i = 0; i < 8; ++i) crc ^= kTable[7 - i][(word >> (8 * i)) & 0xFF];
  }
  for (const char c : bytes) {
    crc = (crc >> 8) ^ kTable[0][(crc ^ static_cast<std::uint8_t>(c)) & 0xFF];
  }
  return ~crc;
}

}  // namespace candour::storage
