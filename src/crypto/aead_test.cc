#include "crypto/aead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "crypto/random.h"
#include "crypto/test_secret.h"

namespace candour::crypto {
namespace {

std::string FromHex(std::string_view hex) { return HexDecode(hex).value(); }

Aead AeadOf(std::string_view key) { return Aead::Create(SecretOf(key)).value(); }

struct Vector {
  std::string key, nonce, associated, text, ciphertext, tag;
};

// Test cases 13 to 16 of "The Galois/Counter Mode of Operation", the submission to NIST.
std::vector<Vector> NistVectors() {
  const std::string zeros(64, '0');
  const std::string key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
  const std::string text =
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
  const std::string ciphertext =
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
  return {
      {zeros, zeros.substr(0, 24), "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
      {zeros, zeros.substr(0, 24), "", zeros.substr(0, 32), "cea7403d4d606b6e074ec5d3baf39d18",
       "d0d1c8a799996bf0265b98b5d48ab919"},
      {key, "cafebabefacedbaddecaf888", "", text, ciphertext, "b094dac5d93471bdec1a502270e3cc6c"},
      {key, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
       text.substr(0, 120), ciphertext.substr(0, 120), "76fc6ece0f4e1768cddf8853bb2d551b"},
  };
}

// What was sealed opens, and what opens is what the standard says: so sealing is right, too.
TEST(Aead, OpensWhatTheStandardSeals) {
  for (const Vector& vector : NistVectors()) {
    const auto text = AeadOf(FromHex(vector.key))
                          .Open(FromHex(vector.nonce + vector.ciphertext + vector.tag),
                                FromHex(vector.associated));
    ASSERT_TRUE(text);
    EXPECT_EQ(HexEncode(text->Reveal()), vector.text);
  }
}

TEST(Aead, OpensWhatItSealed) {
  const Aead aead = AeadOf(std::string(32, 'k'));
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 4096U, 262144U}) {
    const std::string text = RandomBytes(size);
    const std::string sealed = aead.Seal(text, "place");
    EXPECT_EQ(sealed.size(), size + kAeadOverhead);
    const auto opened = aead.Open(sealed, "place");
    ASSERT_TRUE(opened) << size;
    EXPECT_EQ(opened->Reveal(), text);
  }
}

TEST(Aead, RefusesEveryFlippedBitAndEveryShorterText) {
  const Aead aead = AeadOf(std::string(32, 'k'));
  const std::string sealed = aead.Seal("a text of some length", "place");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const auto opened = aead.Open(changed, "place");
    ASSERT_FALSE(opened) << bit;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorruption);
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(aead.Open(sealed.substr(0, size), "place")) << size;
  }
  EXPECT_FALSE(aead.Open(sealed + '\0', "place"));
}

TEST(Aead, RefusesAnotherPlaceAndAnotherKey) {
  const Aead aead = AeadOf(std::string(32, 'k'));
  const std::string sealed = aead.Seal("text", "shop.orders 1");
  EXPECT_FALSE(aead.Open(sealed, "shop.orders 2"));
  EXPECT_FALSE(aead.Open(sealed, ""));
  EXPECT_FALSE(AeadOf(std::string(32, 'j')).Open(sealed, "shop.orders 1"));
}

TEST(Aead, SealsTheSameTextDifferentlyEachTime) {
  const Aead aead = AeadOf(std::string(32, 'k'));
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(aead.Seal("same", ""));
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(Aead, LeavesNothingOfATextThatDoesNotOpen) {
  const Aead aead = AeadOf(std::string(32, 'k'));
  std::string text = "somebody's row";
  const std::span<std::uint8_t> bytes(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
  AeadMark mark = aead.SealInPlace(bytes, "");
  EXPECT_NE(text, "somebody's row");
  mark.tag[0] ^= 1;
  EXPECT_FALSE(aead.OpenInPlace(bytes, mark, ""));
  EXPECT_EQ(text, std::string(text.size(), '\0'));
}

TEST(Aead, TakesKeysOf32BytesOnly) {
  for (const std::size_t size : {0U, 16U, 31U, 33U}) {
    EXPECT_EQ(Aead::Create(Secret(size)).error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace candour::crypto
