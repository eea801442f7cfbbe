// Receipts that every verifier of ours must judge alike: tests/data/receipts.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/canonical_json.h"
#include "merkle/hasher.h"
#include "tlog/receipt_proof.h"

namespace candour::tlog {
namespace {

using nlohmann::json;

/// What a check of our own receipts comes to: the receipt carries its entry, in its one form, and
/// the log and all witnesses that are asked for have signed.
Status Check(const json& golden) {
  LogTrust trust{.origin = golden.at("origin").get<std::string>()};
  CANDOUR_ASSIGN(VerifierKey log_key, VerifierKey::Parse(golden.at("vkey").get<std::string>()));
  trust.log_keys.push_back(std::move(log_key));
  for (const json& witness : golden.value("witnesses", json::array())) {
    CANDOUR_ASSIGN(VerifierKey key, VerifierKey::Parse(witness.get<std::string>()));
    trust.witnesses.push_back(std::move(key));
  }
  CANDOUR_ASSIGN(const ReceiptProof receipt,
                 DecodeReceipt(golden.at("receipt").get<std::string>()));
  CANDOUR_TRY(ParseCanonicalJson(receipt.extra));
  CANDOUR_ASSIGN(const SignedCheckpoint opened,
                 VerifyReceipt(receipt, merkle::LeafHash(receipt.extra), trust));
  if (opened.cosignatures.size() != trust.witnesses.size()) {
    return Fail(ErrorCode::kReceiptSignature, "A witness has not signed.");
  }
  return {};
}

TEST(GoldenReceipts, AreJudgedAsTheySay) {
  int accepted = 0;
  int refused = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(CANDOUR_SOURCE_DIR "/tests/data/receipts")) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    const json golden = json::parse(file);
    if (!golden.contains("receipt")) continue;  // a person's copy
    const bool want_error = golden.value("wantErr", false);
    const Status status = Check(golden);
    EXPECT_EQ(status.has_value(), !want_error) << entry.path();
    ++(want_error ? refused : accepted);
  }
  EXPECT_GE(accepted, 5);
  EXPECT_GE(refused, 10);
}

}  // namespace
}  // namespace candour::tlog
