#include "tlog/cosignature.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/bytes.h"
#include "tlog/test_keys.h"

namespace candour::tlog {
namespace {

constexpr std::string_view kText = "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
constexpr std::uint64_t kLatest = std::numeric_limits<std::int64_t>::max();

TEST(Cosignature, SignsTheMessageOfTheFormat) {
  const Cosigner witness = TestCosigner("witness", "one");
  const std::string signature = witness.Sign(kText, 1'679'315'147).value();
  ASSERT_EQ(signature.size(), 72U);
  EXPECT_EQ(GetBigEndian<std::uint64_t>(signature.data()), 1'679'315'147U);
  std::string message = "cosignature/v1\ntime 1679315147\n";
  message += kText;
  EXPECT_EQ(signature.substr(8), BytesOf(TestKey("one").Sign(message)));
}

TEST(Cosignature, GivesItsTimeBack) {
  const Cosigner witness = TestCosigner("witness", "one");
  const auto& key = witness.verifier_key().key();
  for (const std::uint64_t time_s : {std::uint64_t{0}, std::uint64_t{1'679'315'147}, kLatest}) {
    EXPECT_EQ(VerifyCosignature(key, kText, witness.Sign(kText, time_s).value()), time_s);
  }
}

TEST(Cosignature, TheTimeIsSignedWithTheText) {
  const Cosigner witness = TestCosigner("witness", "one");
  const auto& key = witness.verifier_key().key();
  const std::string signature = witness.Sign(kText, 1'679'315'147).value();
  for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    std::string changed = signature;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(VerifyCosignature(key, kText, changed)) << bit;
  }
  EXPECT_FALSE(VerifyCosignature(key, "another text\n", signature));
  EXPECT_FALSE(VerifyCosignature(TestKey("two").public_key(), kText, signature));
  EXPECT_FALSE(VerifyCosignature(key, kText, signature.substr(0, 71)));
  EXPECT_FALSE(VerifyCosignature(key, kText, signature + '\0'));
  EXPECT_FALSE(VerifyCosignature(key, kText, ""));
}

TEST(Cosignature, ALogsSignatureDoesNotPassForOne) {
  const Signer log = TestSigner("log", "one");
  const std::string signature = std::string(8, '\0') + log.Sign(kText);
  EXPECT_FALSE(VerifyCosignature(log.verifier_key().key(), kText, signature));
}

TEST(Cosignature, TimesThatNoClockShowsAreRefusedOnBothSides) {
  const Cosigner witness = TestCosigner("witness", "one");
  EXPECT_EQ(witness.Sign(kText, kLatest + 1).error().code, ErrorCode::kInvalidArgument);
  // Truly signed, by somebody who keeps no limit.
  std::string message = "cosignature/v1\ntime 9223372036854775808\n";
  message += kText;
  std::string signature(8, '\0');
  PutBigEndian(kLatest + 1, signature.data());
  signature += BytesOf(TestKey("one").Sign(message));
  EXPECT_FALSE(VerifyCosignature(witness.verifier_key().key(), kText, signature));
}

}  // namespace
}  // namespace candour::tlog
