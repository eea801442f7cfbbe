#include "tlog/entry_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candour::tlog {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;

TEST(EntryBundle, PutsEachLengthBeforeItsEntry) {
  const std::vector<std::string> entries{"one", "", std::string(300, 'x')};
  const std::string bytes = EncodeBundle(entries).value();
  EXPECT_EQ(bytes.substr(0, 9), "\0\3one\0\0\x01\x2c"sv);
  EXPECT_THAT(DecodeBundle(bytes, 3).value(), ElementsAre("one", "", entries[2]));
}

TEST(EntryBundle, HoldsTheLargestEntryAndTheMostEntries) {
  const std::vector<std::string> largest{std::string(kMaxEntrySize, 'x')};
  EXPECT_EQ(DecodeBundle(EncodeBundle(largest).value(), 1).value()[0], largest[0]);
  EXPECT_EQ(EncodeBundle({{std::string(kMaxEntrySize + 1, 'x')}}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(EncodeBundle(std::vector<std::string>(256)));
  EXPECT_EQ(EncodeBundle(std::vector<std::string>(257)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(EncodeBundle({}).error().code, ErrorCode::kInvalidArgument);
}

TEST(EntryBundle, EveryCutAndEveryOtherWidthIsRefused) {
  const std::vector<std::string> entries{"one", "", "three"};
  const std::string bytes = EncodeBundle(entries).value();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeBundle(bytes.substr(0, size), 3).error().code, ErrorCode::kReceiptForm);
  }
  EXPECT_FALSE(DecodeBundle(bytes + '\0', 3));
  EXPECT_FALSE(DecodeBundle(bytes, 2));
  EXPECT_FALSE(DecodeBundle(bytes, 4));
  EXPECT_EQ(DecodeBundle(bytes, 0).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(DecodeBundle(bytes, 257).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace candour::tlog
