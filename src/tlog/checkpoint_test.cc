#include "tlog/checkpoint.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "merkle/hasher.h"
#include "tlog/cosignature.h"
#include "tlog/policy.h"
#include "tlog/test_keys.h"

namespace candour::tlog {
namespace {

constexpr std::string_view kRoot = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
constexpr std::uint64_t kSeenAt = 1'772'359'260;

TEST(Checkpoint, IsWrittenAndReadInOneForm) {
  const std::string text = fmt::format("example.com/behind-the-sofa\n20852163\n{}\n", kRoot);
  const Checkpoint checkpoint = ParseCheckpoint(text).value();
  EXPECT_EQ(checkpoint.origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint.size, 20'852'163U);
  EXPECT_TRUE(checkpoint.extensions.empty());
  EXPECT_EQ(FormatCheckpoint(checkpoint), text);
}

TEST(Checkpoint, KeepsExtensionsAndTheExtremesOfSize) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()}) {
    const Checkpoint checkpoint{.origin = "log of a co-op",
                                .size = size,
                                .root = merkle::EmptyRoot(),
                                .extensions = {"one", "two words"}};
    EXPECT_EQ(ParseCheckpoint(FormatCheckpoint(checkpoint).value()), checkpoint);
  }
}

TEST(Checkpoint, OtherFormsAreRefused) {
  const std::string malformed[] = {
      "",
      "log",
      "log\n",
      "log\n1\n",
      fmt::format("log\n1\n{}", kRoot),     // no last newline
      fmt::format("\n1\n{}\n", kRoot),      // no origin
      fmt::format("log\n\n{}\n", kRoot),    // no size
      fmt::format("log\n01\n{}\n", kRoot),  // a leading zero
      fmt::format("log\n00\n{}\n", kRoot),
      fmt::format("log\n+1\n{}\n", kRoot),
      fmt::format("log\n-1\n{}\n", kRoot),
      fmt::format("log\n 1\n{}\n", kRoot),
      fmt::format("log\n1 \n{}\n", kRoot),
      fmt::format("log\n0x1\n{}\n", kRoot),
      fmt::format("log\n1e3\n{}\n", kRoot),
      fmt::format("log\n18446744073709551616\n{}\n", kRoot),     // 2^64
      "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",  // unused bits set
      "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",   // no padding
      "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",  // 31 bytes
      "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2Iq\n",  // 33 bytes
      fmt::format("log\n1\n{} \n", kRoot),
      fmt::format("log\n1\n{}\n\n", kRoot),         // an empty extension
      fmt::format("log\n1\n{}\nextension", kRoot),  // no last newline
  };
  for (const std::string& text : malformed) {
    const auto parsed = ParseCheckpoint(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kReceiptForm);
  }
}

TEST(Checkpoint, WhatCannotBeReadBackIsNotWritten) {
  for (const Checkpoint& checkpoint : {Checkpoint{.origin = ""}, Checkpoint{.origin = "a\nb"},
                                       Checkpoint{.origin = "a", .extensions = {""}},
                                       Checkpoint{.origin = "a", .extensions = {"b\n"}}}) {
    EXPECT_EQ(FormatCheckpoint(checkpoint).error().code, ErrorCode::kInvalidArgument);
  }
}

/// A log "example.org/log", its checkpoint, and a witness.
class SignedCheckpointTest : public testing::Test {
 protected:
  SignedCheckpointTest() {
    signers.push_back(TestSigner("example.org/log", "log"));
    text = FormatCheckpoint({.origin = "example.org/log", .size = 7}).value();
    note = SignNote(text, signers).value();
    trust = {.origin = "example.org/log",
             .log_keys = {signers[0].verifier_key()},
             .witnesses = {witness.verifier_key()}};
  }

  std::string CosignatureLine(std::string_view cosigned_text) const {
    return FormatSignatureLine(witness.verifier_key(),
                               witness.Sign(cosigned_text, kSeenAt).value());
  }

  ErrorCode CodeOf(std::string_view opened) const {
    const auto result = OpenCheckpoint(opened, trust);
    return result ? ErrorCode::kInternal : result.error().code;
  }

  std::vector<Signer> signers;
  Cosigner witness = TestCosigner("example.net/witness", "witness");
  std::string text;
  std::string note;
  LogTrust trust;
};

TEST_F(SignedCheckpointTest, OpensWithItsCosignatures) {
  const SignedCheckpoint seen = OpenCheckpoint(note + CosignatureLine(text), trust).value();
  EXPECT_EQ(seen.checkpoint.size, 7U);
  ASSERT_EQ(seen.cosignatures.size(), 1U);
  EXPECT_EQ(seen.cosignatures[0].key, witness.verifier_key());
  EXPECT_EQ(seen.cosignatures[0].cosigned_at_s, kSeenAt);
}

TEST_F(SignedCheckpointTest, AllWitnessesMustHaveSignedUnlessThePolicyAsksForFewer) {
  const std::string seen = note + CosignatureLine(text);
  EXPECT_EQ(CodeOf(note), ErrorCode::kReceiptWitnesses);
  trust.witnesses.push_back(witness.verifier_key());  // named twice, counted once
  EXPECT_TRUE(OpenCheckpoint(seen, trust));
  trust.witnesses.push_back(TestCosigner("example.net/second", "second").verifier_key());
  EXPECT_EQ(CodeOf(seen), ErrorCode::kReceiptWitnesses);

  const std::string file =
      fmt::format("log {}\nwitness A {}\nwitness B {}\ngroup G any A B\nquorum G\n",
                  signers[0].verifier_key().ToString(), trust.witnesses.front().ToString(),
                  trust.witnesses.back().ToString());
  trust = Policy::Parse(file, "quorum")->TrustIn("example.org/log");
  EXPECT_EQ(OpenCheckpoint(seen, trust)->cosignatures.size(), 1U);
  EXPECT_EQ(CodeOf(note), ErrorCode::kReceiptWitnesses);
  trust.quorum = Quorum();
  EXPECT_TRUE(OpenCheckpoint(note, trust));
}

TEST_F(SignedCheckpointTest, AFalseCosignatureRefusesIt) {
  EXPECT_EQ(CodeOf(note + CosignatureLine("another text\n")), ErrorCode::kReceiptSignature);
}

TEST_F(SignedCheckpointTest, AWitnessDoesNotStandInForTheLog) {
  EXPECT_EQ(CodeOf(text + "\n" + CosignatureLine(text)), ErrorCode::kReceiptSignature);
  trust.log_keys = {witness.verifier_key()};  // wrongly configured
  EXPECT_EQ(CodeOf(text + "\n" + CosignatureLine(text)), ErrorCode::kReceiptSignature);
  // A plain signature, by a key that is known only among the witnesses.
  trust.log_keys = {TestSigner("example.org/log", "another").verifier_key()};
  trust.witnesses = {signers[0].verifier_key()};
  EXPECT_EQ(CodeOf(note), ErrorCode::kReceiptSignature);
}

TEST_F(SignedCheckpointTest, OfAnotherLogOrKeyIsRefused) {
  trust.witnesses.clear();
  trust.origin = "example.org/another";
  EXPECT_EQ(CodeOf(note), ErrorCode::kReceiptOrigin);
  trust.origin = "example.org/log";
  trust.log_keys = {TestSigner("example.org/log", "another").verifier_key()};
  EXPECT_EQ(CodeOf(note), ErrorCode::kReceiptSignature);
}

TEST_F(SignedCheckpointTest, AfterARotationEitherKeyWillDo) {
  trust.witnesses.clear();
  trust.log_keys.push_back(TestSigner("example.org/log", "next").verifier_key());
  EXPECT_TRUE(OpenCheckpoint(note, trust));
  std::swap(trust.log_keys[0], trust.log_keys[1]);
  EXPECT_TRUE(OpenCheckpoint(note, trust));
}

TEST_F(SignedCheckpointTest, ASignedTextThatIsNoCheckpointIsRefused) {
  EXPECT_EQ(CodeOf(SignNote("example.org/log\n007\n", signers).value()), ErrorCode::kReceiptForm);
}

}  // namespace
}  // namespace candour::tlog
