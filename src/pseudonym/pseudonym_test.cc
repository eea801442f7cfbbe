#include "pseudonym/pseudonym.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "base/encoding.h"

namespace candour::pseudonym {
namespace {

/// 32 bytes counting up from `first`.
crypto::Secret KeyFrom(std::uint8_t first) {
  crypto::Secret key(32);
  for (std::uint8_t i = 0; i < 32; ++i) key.Fill()[i] = static_cast<std::uint8_t>(first + i);
  return key;
}

Pseudonymiser For(std::string_view use, std::uint8_t key = 0) {
  return Pseudonymiser(KeyFrom(key), UseDomain(use));
}

const PersonId kPerson{"p-0123456789abc"};

// Worked out with `openssl dgst -sha256 -mac HMAC` over the documented message. A change of this
// value would break every pseudonym a recipient holds.
TEST(PseudonymTest, MeetsAValueComputedElsewhere) {
  EXPECT_EQ(For("member-offers").Of(kPerson), "ps-358gxpcg1ffwtnf6");
}

TEST(PseudonymTest, IsStableAndWellFormed) {
  const Pseudonymiser names = For("basket-insight");
  const std::string name = names.Of(kPerson);
  EXPECT_EQ(names.Of(kPerson), name);
  EXPECT_EQ(For("basket-insight").Of(kPerson), name);
  EXPECT_EQ(name.size(), 19U);
  EXPECT_TRUE(name.starts_with("ps-"));
  EXPECT_EQ(name.find_first_not_of(kCrockfordDigits, 3), std::string::npos);
}

TEST(PseudonymTest, TwoUsesOrTwoKeysShareNoPseudonym) {
  const Pseudonymiser offers = For("member-offers");
  const Pseudonymiser insight = For("basket-insight");
  const Pseudonymiser rotated = For("member-offers", 1);
  std::set<std::string> seen;
  constexpr std::size_t kPeople = 2000;
  for (std::size_t i = 0; i < kPeople; ++i) {
    const PersonId person{fmt::format("p-{:013}", i)};
    seen.insert({offers.Of(person), insight.Of(person), rotated.Of(person)});
  }
  EXPECT_EQ(seen.size(), 3 * kPeople);
}

TEST(PseudonymTest, TextMovedBetweenDomainAndPersonGivesAnother) {
  EXPECT_NE(For("a").Of({"bc"}), For("ab").Of({"c"}));
  EXPECT_NE(For("a").Of({""}), For("").Of({"a"}));
}

TEST(PseudonymTest, AHundredThousandPeopleHaveAsManyPseudonyms) {
  const Pseudonymiser names = For("member-offers");
  std::set<std::string> seen;
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(seen.insert(names.Of({fmt::format("p-{:013}", i)})).second);
  }
}

TEST(PseudonymDeathTest, AShortKeyOrNoDomainIsABrokenContract) {
  EXPECT_DEATH(Pseudonymiser(crypto::Secret(31), "use:a"), "contract");
  EXPECT_DEATH(Pseudonymiser(crypto::Secret(32), ""), "contract");
}

}  // namespace
}  // namespace candour::pseudonym
