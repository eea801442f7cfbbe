#include "tlog/policy.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tlog/test_keys.h"

namespace candour::tlog {
namespace {

std::string LogKey(std::string_view phrase) {
  return TestSigner("example.org/log", phrase).verifier_key().ToString();
}

VerifierKey WitnessKey(std::string_view phrase) {
  return TestCosigner(fmt::format("example.net/{}", phrase), phrase).verifier_key();
}

/// "witness <name> <vkey>" with a newline for each name.
std::string Witnesses(std::initializer_list<std::string_view> names) {
  std::string lines;
  for (const auto name : names) {
    lines += fmt::format("witness {} {}\n", name, WitnessKey(name).ToString());
  }
  return lines;
}

/// Whether the policy is satisfied when just these witnesses have cosigned.
bool SatisfiedBy(const Policy& policy, std::initializer_list<std::string_view> names) {
  std::vector<VerifiedSignature> cosignatures;
  for (const auto name : names) {
    cosignatures.push_back({.key = WitnessKey(name), .cosigned_at_s = 1});
  }
  return policy.quorum().IsSatisfied(cosignatures);
}

TEST(Policy, TheExampleOfTheFormatAsksForTwoOfThreeAndOneOfThree) {
  const std::string text = fmt::format(
      "log {}\n\n{}group X-witnesses 2 X1 X2 X3\n\n{}group Y-witnesses any Y1 Y2 Y3\n\n"
      "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n",
      LogKey("log"), Witnesses({"X1", "X2", "X3"}), Witnesses({"Y1", "Y2", "Y3"}));
  const Policy policy = Policy::Parse(text, "quorum").value();
  EXPECT_EQ(policy.logs().size(), 1U);
  EXPECT_EQ(policy.witnesses().size(), 6U);
  EXPECT_TRUE(SatisfiedBy(policy, {"X1", "X3", "Y2"}));
  EXPECT_TRUE(SatisfiedBy(policy, {"Y1", "Y2", "Y3", "X1", "X2", "X3"}));
  EXPECT_FALSE(SatisfiedBy(policy, {"X1", "X2", "X3"}));
  EXPECT_FALSE(SatisfiedBy(policy, {"X1", "Y1", "Y2", "Y3"}));
  EXPECT_FALSE(SatisfiedBy(policy, {"X1", "X1", "Y1"}));
  EXPECT_FALSE(SatisfiedBy(policy, {}));
}

TEST(Policy, AQuorumIsNoneAWitnessOrAGroup) {
  EXPECT_TRUE(SatisfiedBy(Policy::Parse("quorum none\n", "quorum").value(), {}));
  const Policy one = Policy::Parse(Witnesses({"A", "B"}) + "quorum A\n", "quorum").value();
  EXPECT_TRUE(SatisfiedBy(one, {"A"}));
  EXPECT_FALSE(SatisfiedBy(one, {"B"}));
}

TEST(Policy, SignaturesOfLogsAndStrangersCountForNothing) {
  const Policy policy = Policy::Parse(Witnesses({"A"}) + "quorum A\n", "quorum").value();
  EXPECT_FALSE(SatisfiedBy(policy, {"stranger"}));
  EXPECT_FALSE(
      policy.quorum().IsSatisfied({{{.key = WitnessKey("A"), .cosigned_at_s = std::nullopt}}}));
  const auto same_name =
      VerifierKey::Create("example.net/A", SignatureType::kCosignature, TestKey("B").public_key());
  EXPECT_FALSE(policy.quorum().IsSatisfied({{{.key = *same_name, .cosigned_at_s = 1}}}));
}

TEST(Policy, CommentsBlanksAndAddressesAreRead) {
  const std::string text = fmt::format(
      "# a comment\n\t # another, \xff\n\n \t\n\tlog \t {}  https://example.org/ \n"
      "witness A {} https://example.net/w\nquorum \tnone\t\n",
      LogKey("log"), WitnessKey("A").ToString());
  const Policy policy = Policy::Parse(text, "quorum").value();
  EXPECT_EQ(policy.logs()[0].url, "https://example.org/");
  EXPECT_EQ(policy.witnesses()[0].url, "https://example.net/w");
  EXPECT_EQ(policy.witnesses()[0].name, "A");
}

TEST(Policy, TrustsALogByItsOriginOnly) {
  const std::string text = fmt::format(
      "log {}\nlog {}\nlog {}\n{}quorum none\n", LogKey("one"), LogKey("two"),
      TestSigner("example.org/another", "three").verifier_key().ToString(), Witnesses({"A"}));
  const Policy policy = Policy::Parse(text, "quorum").value();
  const LogTrust trust = policy.TrustIn("example.org/log");
  EXPECT_EQ(trust.origin, "example.org/log");
  EXPECT_EQ(trust.log_keys.size(), 2U);
  EXPECT_EQ(trust.witnesses.size(), 1U);
  EXPECT_TRUE(trust.quorum->IsSatisfied({}));
  EXPECT_TRUE(policy.TrustIn("example.org/unknown").log_keys.empty());
}

struct BadPolicy {
  std::string text;
  int line;
  ErrorCode code;
};

TEST(Policy, WhatIsWrongIsSaidWithItsLine) {
  using enum ErrorCode;
  const std::string ab = Witnesses({"A", "B"});
  const std::string log = LogKey("log");
  const BadPolicy bad[] = {
      {"", 0, kDeclarationInvalid},
      {"# nothing\n", 1, kDeclarationInvalid},
      {"quorum none", 1, kDeclarationInvalid},  // cut off
      {"quorum none\nquorum none\n", 2, kDeclarationDuplicate},
      {"quorum\n", 1, kDeclarationInvalid},
      {"quorum A\n", 1, kDeclarationUnknownName},
      {"quorum A\n" + ab, 1, kDeclarationUnknownName},  // above its line only
      {ab + "quorum A B\n", 3, kDeclarationInvalid},
      {"Quorum none\n", 1, kDeclarationInvalid},
      {"quorum none # why\n", 1, kDeclarationInvalid},
      {"quorum none\r\n", 1, kDeclarationInvalid},
      {"# \x7f\nquorum none\n", 1, kDeclarationInvalid},
      {"log\n", 1, kDeclarationInvalid},
      {"log none\n", 1, kKeyForm},
      {fmt::format("log {}0\n", log), 1, kKeyForm},
      {fmt::format("log {} a b\n", log), 1, kDeclarationInvalid},
      {fmt::format("log {}\nlog {}\n", log, log), 2, kDeclarationDuplicate},
      {fmt::format("log {}\n", WitnessKey("A").ToString()), 1, kKeyForm},
      {fmt::format("witness A {}\n", log), 1, kKeyForm},
      {fmt::format("witness {}\n", WitnessKey("A").ToString()), 1, kDeclarationInvalid},
      {ab + ab, 3, kDeclarationDuplicate},
      {ab + fmt::format("witness C {}\n", WitnessKey("B").ToString()), 3, kDeclarationDuplicate},
      {fmt::format("witness none {}\n", WitnessKey("A").ToString()), 1, kDeclarationDuplicate},
      {ab + "group G all\n", 3, kDeclarationInvalid},
      {ab + "group G A B\n", 3, kDeclarationInvalid},
      {ab + "group G 0 A B\n", 3, kDeclarationInvalid},
      {ab + "group G 3 A B\n", 3, kDeclarationInvalid},
      {ab + "group G 01 A B\n", 3, kDeclarationInvalid},
      {ab + "group G -1 A B\n", 3, kDeclarationInvalid},
      {ab + "group G ALL A B\n", 3, kDeclarationInvalid},
      {ab + "group G 1 A A\n", 3, kDeclarationDuplicate},
      {ab + "group G 1 A C\n", 3, kDeclarationUnknownName},
      {ab + "group G 1 A none\n", 3, kDeclarationUnknownName},
      {ab + "group G 1 A G\n", 3, kDeclarationUnknownName},  // itself
      {ab + "group none 1 A B\n", 3, kDeclarationDuplicate},
      {ab + "group A 1 B\n", 3, kDeclarationDuplicate},
      {ab + "group G 1 A B\ngroup H 1 A\n", 4, kDeclarationDuplicate},  // in two groups
  };
  for (const BadPolicy& policy : bad) {
    const auto parsed = Policy::Parse(policy.text, "quorum");
    ASSERT_FALSE(parsed) << policy.text;
    EXPECT_EQ(parsed.error().code, policy.code) << policy.text;
    ASSERT_TRUE(parsed.error().where) << policy.text;
    EXPECT_EQ(parsed.error().where->line, policy.line) << policy.text;
    EXPECT_EQ(parsed.error().where->file, "quorum");
  }
  EXPECT_FALSE(Policy::Parse(std::string(kMaxPolicySize, '\n') + "quorum none\n", "quorum"));
}

}  // namespace
}  // namespace candour::tlog
