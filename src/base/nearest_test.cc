#include "base/nearest.h"

#include <gtest/gtest.h>

namespace candour {
namespace {

TEST(NearestTest, CountsSwapsAsOneChange) {
  EXPECT_EQ(EditDistance("purpose", "pruopse"), 2);
  EXPECT_EQ(EditDistance("steward", "steward"), 0);
  EXPECT_EQ(EditDistance("", "abc"), 3);
  EXPECT_EQ(EditDistance("Unit", "unit"), 0);
}

TEST(NearestTest, OffersWhatWasMeantAndNothingFarOff) {
  const std::vector<std::string> names = {"legalBasis", "balancing", "parent"};
  EXPECT_EQ(Nearest("legalbasis", names), "legalBasis");
  EXPECT_EQ(Nearest("legalBais", names), "legalBasis");
  EXPECT_EQ(Nearest("colour", names), "");
  EXPECT_EQ(Nearest("", names), "");
  EXPECT_EQ(SuggestName("parant", names), "did you mean parent?");
  EXPECT_EQ(SuggestName("zzz", names), "there is: legalBasis, balancing, parent");
  EXPECT_EQ(SuggestName("zzz", {}), "");
}

TEST(NearestTest, LongTextsCostNoMoreThanTheirFirstBytes) {
  EXPECT_EQ(EditDistance(std::string(100'000, 'a'), std::string(100'000, 'a') + "b"), 0);
}

TEST(NearestTest, QuotedTextIsShortAndHarmlessOnATerminal) {
  EXPECT_EQ(Quoted("a\x1b[31m\n"), "\"a.[31m.\"");
  EXPECT_EQ(Quoted(std::string(59, 'x') + "éé"), "\"" + std::string(59, 'x') + "…\"");
}

}  // namespace
}  // namespace candour
