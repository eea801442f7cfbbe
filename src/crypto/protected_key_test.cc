#include "crypto/protected_key.h"

#include <gtest/gtest.h>

#include <set>

#include "base/encoding.h"
#include "crypto/sha256.h"
#include "crypto/test_secret.h"

namespace candour::crypto {
namespace {

// Little work, so that every byte can be tried.
constexpr PassphraseCost kCheap = {.memory_kib = 64, .passes = 1};

Secret Key() { return SecretOf("a root key of exactly 32 bytes!!"); }
Secret Right() { return SecretOf("six words that nobody will guess"); }

std::string Protected() { return ProtectKey(Key(), Right(), kCheap).value(); }

TEST(ProtectedKey, OpensWithItsPassphrase) {
  const std::string bytes = Protected();
  EXPECT_EQ(bytes.size(), kProtectedKeySize);
  EXPECT_TRUE(IsProtectedKey(bytes));
  EXPECT_EQ(OpenProtectedKey(bytes, Right())->Reveal(), Key().Reveal());
  EXPECT_EQ(bytes.find(Key().Reveal()), std::string::npos);
}

TEST(ProtectedKey, RefusesEveryOtherPassphrase) {
  const std::string bytes = Protected();
  for (const std::string_view wrong :
       {"", "s", "six words that nobody will gues", "six words that nobody will guess ",
        "Six words that nobody will guess"}) {
    EXPECT_EQ(OpenProtectedKey(bytes, SecretOf(wrong)).error().code, ErrorCode::kKeyPassphrase)
        << wrong;
  }
}

TEST(ProtectedKey, SeesDamageAtEveryByteForWhatItIs) {
  const std::string bytes = Protected();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int flip : {0x01, 0x80}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ flip);
      EXPECT_EQ(OpenProtectedKey(changed, Right()).error().code, ErrorCode::kCorruption) << at;
    }
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(OpenProtectedKey(bytes.substr(0, size), Right()).error().code,
              ErrorCode::kCorruption);
  }
}

// Somebody who can write the file makes the check sum right again; then the seal speaks.
TEST(ProtectedKey, RefusesAForgedFile) {
  const std::string bytes = Protected();
  for (std::size_t at = 8; at < bytes.size() - 32; ++at) {
    std::string forged = bytes.substr(0, bytes.size() - 32);
    forged[at] = static_cast<char>(forged[at] ^ 1);
    const Digest digest = Sha256(forged);
    forged.append(digest.begin(), digest.end());
    const auto key = OpenProtectedKey(forged, Right());
    ASSERT_FALSE(key) << at;
    EXPECT_TRUE(key.error().code == ErrorCode::kKeyPassphrase ||
                key.error().code == ErrorCode::kCorruption)
        << at;
  }
}

TEST(ProtectedKey, AsksForNoMoreMemoryThanAnyMachineWouldGive) {
  std::string huge = Protected().substr(0, kProtectedKeySize - 32);
  huge.replace(8, 4, "\xff\xff\xff\x7f");
  const Digest digest = Sha256(huge);
  huge.append(digest.begin(), digest.end());
  EXPECT_EQ(OpenProtectedKey(huge, Right()).error().code, ErrorCode::kCorruption);
}

TEST(ProtectedKey, TakesNoShortPassphraseAndNoOtherKey) {
  EXPECT_EQ(ProtectKey(Key(), SecretOf(""), kCheap).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ProtectKey(Key(), SecretOf("7 bytes"), kCheap).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(ProtectKey(SecretOf("short"), Right(), kCheap).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(ProtectedKey, LooksDifferentEachTime) {
  std::set<std::string> seen;
  for (int i = 0; i < 20; ++i) seen.insert(Protected().substr(16));
  EXPECT_EQ(seen.size(), 20U);
}

TEST(ProtectedKey, CostsAGuessWhatItPromises) {
  const PassphraseCost cost = CostForThisMachine();
  EXPECT_TRUE((cost.memory_kib >= 65536 && cost.passes >= 3) || cost.passes >= 12);
  const std::string bytes = ProtectKey(Key(), Right(), cost).value();
  EXPECT_EQ(OpenProtectedKey(bytes, Right())->Reveal(), Key().Reveal());
}

}  // namespace
}  // namespace candour::crypto
