#include "base/encoding.h"

#include <gtest/gtest.h>

namespace candour {
namespace {

using namespace std::string_view_literals;

std::string EveryByte(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(static_cast<unsigned char>(i));
  return bytes;
}

TEST(Encoding, HexRoundTripsEveryByte) {
  EXPECT_EQ(HexEncode("\x00\x7f\xff"sv), "007fff");
  EXPECT_EQ(HexDecode(HexEncode(EveryByte(256))).value(), EveryByte(256));
  EXPECT_EQ(HexDecode("AbCd").value(), "\xab\xcd");
}

TEST(Encoding, HexRefusesWhatIsNot) {
  for (const auto text : {"a", "0g", "0 ", "0x12"}) {
    EXPECT_EQ(HexDecode(text).error().code, ErrorCode::kInvalidArgument) << text;
  }
}

TEST(Encoding, Base64MeetsTheExamplesOfTheStandard) {
  EXPECT_EQ(Base64Encode(""), "");
  EXPECT_EQ(Base64Encode("f"), "Zg==");
  EXPECT_EQ(Base64Encode("fo"), "Zm8=");
  EXPECT_EQ(Base64Encode("foo"), "Zm9v");
  EXPECT_EQ(Base64Encode("foobar"), "Zm9vYmFy");
}

TEST(Encoding, Base64RoundTripsEveryLength) {
  for (std::size_t size = 0; size < 70; ++size) {
    EXPECT_EQ(Base64Decode(Base64Encode(EveryByte(size))).value(), EveryByte(size));
  }
}

TEST(Encoding, Base64RefusesAllButTheOneForm) {
  for (const auto text :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9v=", "Z", "Zm 9v", "Zg==Zg==", "Z-_v"}) {
    EXPECT_EQ(Base64Decode(text).error().code, ErrorCode::kInvalidArgument) << text;
  }
}

TEST(Encoding, CrockfordWritesFiveBitsADigit) {
  EXPECT_EQ(CrockfordEncode(""), "");
  EXPECT_EQ(CrockfordEncode("\x00"sv), "00");
  EXPECT_EQ(CrockfordEncode("\xff\xff\xff\xff\xff"), "zzzzzzzz");
  EXPECT_EQ(CrockfordEncode("foobar"), "csqpyrk1e8");
}

TEST(Encoding, CrockfordForgivesWhatPeopleType) {
  EXPECT_EQ(CrockfordNormalise("7K-oIl").value(), "7k011");
  EXPECT_EQ(CrockfordNormalise("u").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(CrockfordNormalise("a b").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace candour
