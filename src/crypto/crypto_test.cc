#include <gtest/gtest.h>

#include <set>
#include <type_traits>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/hmac.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "crypto/test_secret.h"

namespace candour::crypto {
namespace {

std::string Hex(const Digest& digest) { return HexEncode(BytesOf(digest)); }

TEST(Sha256, MeetsTheExamplesOfTheStandard) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesGiveTheSameAsTheWholeAndTheHasherBeginsAnew) {
  Sha256Hasher hasher;
  for (int round = 0; round < 2; ++round) {
    hasher.Update("a").Update("").Update("bc");
    EXPECT_EQ(hasher.Finish(), Sha256("abc"));
  }
  EXPECT_EQ(hasher.Finish(), Sha256(""));
}

// RFC 4231, test cases 1, 2 and 6 (a key longer than a block).
TEST(Hmac, MeetsTheExamplesOfTheStandard) {
  EXPECT_EQ(Hex(HmacSha256(SecretOf(std::string(20, '\x0b')), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256(SecretOf("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(HmacSha256(SecretOf(std::string(131, '\xaa')),
                           "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Random, IdsHaveTheirLengthAndAlphabetAndDiffer) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = RandomCrockford(13);
    EXPECT_EQ(id.size(), 13U);
    EXPECT_EQ(id.find_first_not_of(kCrockfordDigits), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
  EXPECT_EQ(RandomCrockford(0), "");
  EXPECT_EQ(RandomBytes(7).size(), 7U);
  EXPECT_NE(RandomSecret(32).Reveal(), RandomSecret(32).Reveal());
}

TEST(Random, EveryDigitTurnsUpInEveryPlace) {
  std::array<std::set<char>, 13> seen;
  for (int i = 0; i < 2000; ++i) {
    const std::string id = RandomCrockford(13);
    for (std::size_t place = 0; place < id.size(); ++place) seen[place].insert(id[place]);
  }
  for (const auto& digits : seen) EXPECT_EQ(digits.size(), 32U);
}

TEST(Secret, CannotBeCopiedAndComparesByContent) {
  static_assert(!std::is_copy_constructible_v<Secret>);
  static_assert(!std::is_copy_assignable_v<Secret>);
  Secret a = SecretOf("one");
  a = SecretOf("two");
  EXPECT_TRUE(EqualInConstantTime(a.Reveal(), "two"));
  EXPECT_FALSE(EqualInConstantTime(a.Reveal(), "twO"));
  EXPECT_FALSE(EqualInConstantTime(a.Reveal(), "twoo"));
  EXPECT_TRUE(EqualInConstantTime("", ""));
}

}  // namespace
}  // namespace candour::crypto
