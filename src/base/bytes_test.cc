#include "base/bytes.h"

#include <gtest/gtest.h>

#include <string_view>

namespace candour {
namespace {

using namespace std::string_view_literals;

TEST(Bytes, NumbersAreWrittenFromTheirLowOrTheirHighEnd) {
  char bytes[4] = {};
  PutLittleEndian(std::uint32_t{0x01020384}, bytes);
  EXPECT_EQ(std::string_view(bytes, 4), "\x84\x03\x02\x01"sv);
  EXPECT_EQ(GetLittleEndian<std::uint32_t>(bytes), 0x01020384U);
  PutBigEndian(std::uint32_t{0x01020384}, bytes);
  EXPECT_EQ(std::string_view(bytes, 4), "\x01\x02\x03\x84"sv);
  EXPECT_EQ(GetBigEndian<std::uint32_t>(bytes), 0x01020384U);
  EXPECT_EQ(GetBigEndian<std::uint16_t>(bytes), 0x0102U);
  EXPECT_EQ(GetBigEndian<std::uint64_t>("\xff\0\0\0\0\0\0\x80"), 0xff00000000000080U);
}

}  // namespace
}  // namespace candour
