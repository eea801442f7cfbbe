#include "crypto/ed25519.h"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/test_secret.h"

namespace candour::crypto {
namespace {

Ed25519Key KeyOf(std::string_view seed_hex) {
  return Ed25519Key::FromSeed(SecretOf(HexDecode(seed_hex).value())).value();
}

struct Example {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032 section 7.1, tests 1 to 3 and "SHA(abc)".
constexpr Example kExamples[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6"
     "594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "b"
     "bd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0"
     "303dca179c138ac17ad9bef1177331a704"},
};

TEST(Ed25519, MeetsTheExamplesOfTheStandard) {
  for (const Example& example : kExamples) {
    const Ed25519Key key = KeyOf(example.seed);
    const std::string message = HexDecode(example.message).value();
    EXPECT_EQ(HexEncode(BytesOf(key.public_key().bytes)), example.public_key);
    EXPECT_EQ(HexEncode(BytesOf(key.Sign(message))), example.signature);
    EXPECT_TRUE(VerifyEd25519(key.public_key(), message, HexDecode(example.signature).value()));
  }
}

TEST(Ed25519, AnyChangedBitIsRefused) {
  const Ed25519Key key = KeyOf(kExamples[1].seed);
  const std::string signature(BytesOf(key.Sign("message")));
  for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    std::string changed = signature;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(VerifyEd25519(key.public_key(), "message", changed)) << bit;
  }
  EXPECT_FALSE(VerifyEd25519(key.public_key(), "messagf", signature));
  EXPECT_FALSE(VerifyEd25519(KeyOf(kExamples[2].seed).public_key(), "message", signature));
}

TEST(Ed25519, SignaturesOfOtherLengthsAreRefused) {
  const Ed25519Key key = KeyOf(kExamples[0].seed);
  const std::string signature(BytesOf(key.Sign("")));
  EXPECT_FALSE(VerifyEd25519(key.public_key(), "", ""));
  EXPECT_FALSE(VerifyEd25519(key.public_key(), "", signature.substr(0, 63)));
  EXPECT_FALSE(VerifyEd25519(key.public_key(), "", signature + '\0'));
}

// Adding the group's order to the second half gives another text for the same signature (RFC 8032
// section 5.1.7 asks for its refusal), so a signed text could be varied.
TEST(Ed25519, ASecondFormOfASignatureIsRefused) {
  const Ed25519Key key = KeyOf(kExamples[1].seed);
  std::string signature(BytesOf(key.Sign("message")));
  const std::string order =
      HexDecode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  unsigned carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    carry += static_cast<unsigned char>(order[i]);
    carry += static_cast<unsigned char>(signature[32 + i]);
    signature[32 + i] = static_cast<char>(carry & 0xff);
    carry >>= 8;
  }
  EXPECT_EQ(carry, 0U);
  EXPECT_FALSE(VerifyEd25519(key.public_key(), "message", signature));
}

TEST(Ed25519, AKeyThatIsNoPointVerifiesNothing) {
  Ed25519PublicKey key;
  key.bytes.fill(0xff);
  EXPECT_FALSE(VerifyEd25519(key, "message", std::string(64, '\0')));
}

TEST(Ed25519, ASeedHas32BytesAndAKeyIsNotCopied) {
  EXPECT_EQ(Ed25519Key::FromSeed(Secret(31)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Ed25519Key::FromSeed(Secret(64)).error().code, ErrorCode::kInvalidArgument);
  static_assert(!std::is_copy_constructible_v<Ed25519Key>);
  static_assert(!std::is_copy_assignable_v<Ed25519Key>);
}

}  // namespace
}  // namespace candour::crypto
