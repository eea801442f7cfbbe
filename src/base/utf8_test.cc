#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string_view>

namespace candour {
namespace {

using namespace std::string_view_literals;

TEST(IsUtf8, TakesEveryCharacterAndNothingElse) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("plain\n\0\x7f"sv));
  EXPECT_TRUE(IsUtf8("\u00e8 \u2014 \u202e \U0010ffff"));
  EXPECT_FALSE(IsUtf8("\x80"));              // a continuation by itself
  EXPECT_FALSE(IsUtf8("a\xc3"));             // cut off
  EXPECT_FALSE(IsUtf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(IsUtf8("\xe0\x80\xaf"));      // overlong
  EXPECT_FALSE(IsUtf8("\xed\xa0\x80"));      // a surrogate
  EXPECT_FALSE(IsUtf8("\xf4\x90\x80\x80"));  // above the last character
  EXPECT_FALSE(IsUtf8("\xff"));
}

}  // namespace
}  // namespace candour
