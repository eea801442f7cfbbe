#include "tlog/verifier_key.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/encoding.h"
#include "tlog/test_keys.h"

namespace candour::tlog {
namespace {

// The example of the signed-note document.
constexpr std::string_view kExample =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

TEST(VerifierKey, ReadsTheExampleOfTheFormat) {
  const VerifierKey key = VerifierKey::Parse(kExample).value();
  EXPECT_EQ(key.name(), "example.com/foo");
  EXPECT_EQ(HexEncode(BytesOf(key.id())), "530d903a");
  EXPECT_EQ(key.type(), SignatureType::kNote);
  EXPECT_EQ(key.ToString(), kExample);
}

TEST(VerifierKey, EveryCutAndEveryChangedCharacterIsRefused) {
  const std::string text(kExample);
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(VerifierKey::Parse(text.substr(0, i))) << i;
    EXPECT_FALSE(VerifierKey::Parse(text.substr(i + 1))) << i;
    for (const char c : {'A', 'b', '0', '+', '/', '=', ' ', '\n', '\0'}) {
      std::string changed = text;
      changed[i] = c;
      EXPECT_EQ(VerifierKey::Parse(changed).has_value(), changed == text) << changed;
    }
  }
  EXPECT_FALSE(VerifierKey::Parse(text + "\n"));
  EXPECT_FALSE(VerifierKey::Parse("example.com/foo+530D903A+" + text.substr(25)));
}

TEST(VerifierKey, TheIdTellsTypesAndNamesApart) {
  const crypto::Ed25519PublicKey point = TestKey("one").public_key();
  const VerifierKey log = VerifierKey::Create("a", SignatureType::kNote, point).value();
  const VerifierKey witness = VerifierKey::Create("a", SignatureType::kCosignature, point).value();
  const VerifierKey other = VerifierKey::Create("b", SignatureType::kNote, point).value();
  EXPECT_NE(log.id(), witness.id());
  EXPECT_NE(log.id(), other.id());
  EXPECT_EQ(VerifierKey::Parse(witness.ToString()).value(), witness);
}

TEST(VerifierKey, ALogsKeyIsNoWitnesssNorTheOtherWayRound) {
  const crypto::Ed25519PublicKey point = TestKey("one").public_key();
  constexpr SignatureType kTypes[] = {SignatureType::kNote, SignatureType::kCosignature};
  for (const SignatureType type : kTypes) {
    const VerifierKey key = VerifierKey::Create("a", type, point).value();
    for (const SignatureType asked : kTypes) {
      const auto parsed = VerifierKey::Parse(key.ToString(), asked);
      EXPECT_EQ(parsed.has_value(), asked == type);
      if (!parsed) {
        EXPECT_EQ(parsed.error().code, ErrorCode::kKeyForm);
      }
    }
  }
}

TEST(VerifierKey, KeysOfOtherTypesAreRefused) {
  // Type 2 (ECDSA) and 6 (ML-DSA) exist; this program knows neither.
  for (const char type : {'\x00', '\x02', '\x06', '\xff'}) {
    const std::string material = std::string(1, type) + std::string(32, 'k');
    EXPECT_EQ(VerifierKey::Parse("name+12345678+" + Base64Encode(material)).error().code,
              ErrorCode::kKeyForm);
  }
}

TEST(VerifierKey, NamesHoldNoSpacesPlusSignsOrControlCharacters) {
  for (const std::string_view name : {"a", "example.com/log", "\u00e8", "\u2014", "\U0001f512"}) {
    EXPECT_TRUE(IsKeyName(name)) << name;
  }
  using namespace std::string_view_literals;
  for (const std::string_view name :
       {""sv, "a b"sv, "a+b"sv, "a\tb"sv, "a\nb"sv, "a\0b"sv, "a\x7f"sv, "a\u00a0b"sv, "a\u2003b"sv,
        "a\u3000"sv, "\u0085"sv, "a\xff"sv, "\xe2\x80"sv}) {
    EXPECT_FALSE(IsKeyName(name)) << HexEncode(name);
  }
  EXPECT_EQ(Signer::Create("a b", TestKey("one")).error().code, ErrorCode::kKeyForm);
  EXPECT_EQ(Cosigner::Create("", TestKey("one")).error().code, ErrorCode::kKeyForm);
}

}  // namespace
}  // namespace candour::tlog
