#include "ledger/receipt.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tlog/entry_bundle.h"
#include "tlog/receipt_proof.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kCases = fs::path(CANDOUR_SOURCE_DIR) / "tests/data/receipts";

json ReadCase(const fs::path& file) {
  std::ifstream in(file);
  return json::parse(in);
}

std::string TextOf(const json& one) {
  if (one.contains("receipt")) return one.at("receipt").get<std::string>();
  const json& copy = one.at("copy");
  return copy.is_string() ? copy.get<std::string>() : copy.dump();
}

/// With the spaces after it that the case asks for.
std::string PaddedTextOf(const json& one) {
  std::string text = TextOf(one);
  text.resize(std::max(text.size(), one.value("paddedTo", std::size_t{0})), ' ');
  return text;
}

Result<CheckedReceipt> Check(const json& one, std::string_view text) {
  CANDOUR_ASSIGN(tlog::VerifierKey key, tlog::VerifierKey::Parse(one.at("vkey").get<std::string>(),
                                                                 tlog::SignatureType::kNote));
  tlog::LogTrust trust{.origin = one.at("origin").get<std::string>(), .log_keys = {std::move(key)}};
  for (const json& witness : one.value("witnesses", json::array())) {
    CANDOUR_ASSIGN(
        tlog::VerifierKey parsed,
        tlog::VerifierKey::Parse(witness.get<std::string>(), tlog::SignatureType::kCosignature));
    trust.witnesses.push_back(std::move(parsed));
  }
  return CheckReceipt(text, trust);
}

// The browser's verifier is held to the same cases.
TEST(ReceiptTest, EveryCaseIsAcceptedOrRefusedAsItSays) {
  int cases = 0;
  for (const auto& file : fs::directory_iterator(kCases)) {
    if (file.path().extension() != ".json") continue;
    ++cases;
    const json one = ReadCase(file.path());
    const auto checked = Check(one, PaddedTextOf(one));
    EXPECT_EQ(checked ? "" : InfoOf(checked.error().code).name, one.value("code", ""))
        << file.path().filename() << (checked ? "" : ": " + checked.error().ToString());
  }
  EXPECT_GE(cases, 50);
}

TEST(ReceiptTest, ACopySaysWhatWasSealed) {
  const json one = ReadCase(kCases / "copy.json");
  const auto checked = Check(one, TextOf(one));
  ASSERT_TRUE(checked) << checked.error().ToString();
  ASSERT_FALSE(checked->openings.empty());
  EXPECT_EQ(checked->openings[0].value, one["copy"]["openings"][0]["value"]);
  EXPECT_EQ(checked->origin, one.at("origin"));
  EXPECT_LT(checked->index, checked->size);
}

TEST(ReceiptTest, AChangedCopyIsRefusedOrSaysTheSame) {
  const json one = ReadCase(kCases / "copy.json");
  const std::string text = TextOf(one);
  const auto genuine = Check(one, text);
  ASSERT_TRUE(genuine);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto checked = Check(one, changed);
    if (!checked) continue;
    EXPECT_EQ(checked->entry, genuine->entry) << i;
    ASSERT_EQ(checked->openings.size(), genuine->openings.size()) << i;
    EXPECT_EQ(checked->openings[0].value, genuine->openings[0].value) << i;
  }
}

TEST(ReceiptTest, WhatIsNoReceiptIsRefused) {
  const json one = ReadCase(kCases / "receipt.json");
  EXPECT_EQ(Check(one, "").error().code, ErrorCode::kReceiptForm);
  EXPECT_EQ(Check(one, "{").error().code, ErrorCode::kCopyForm);
  EXPECT_EQ(Check(one, "{}").error().code, ErrorCode::kCopyForm);
  EXPECT_EQ(Check(one, "{\"candour\":\"\xff\"}").error().code, ErrorCode::kReceiptForm);
  EXPECT_FALSE(Check(one, std::string(100'000, '[')));
  EXPECT_FALSE(Check(one, "{\"candour\":" + std::string(100'000, '[')));
}

TEST(ReceiptTest, AnEntryLargerThanAnyIsRefused) {
  const json one = ReadCase(kCases / "receipt.json");
  auto proof = tlog::DecodeReceipt(TextOf(one));
  ASSERT_TRUE(proof);
  proof->extra.assign(tlog::kMaxEntrySize + 1, 'x');
  EXPECT_EQ(Check(one, tlog::EncodeReceipt(*proof).value()).error().code, ErrorCode::kReceiptForm);
  proof->extra.pop_back();
  EXPECT_EQ(Check(one, tlog::EncodeReceipt(*proof).value()).error().code, ErrorCode::kProofInvalid);
}

}  // namespace
}  // namespace candour::ledger
