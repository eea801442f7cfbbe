// The cases that implementations of Certificate Transparency share: tests/data/merkle.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "merkle/consistency_proof.h"
#include "merkle/inclusion_proof.h"

namespace candour::merkle {
namespace {

using crypto::Digest;
using nlohmann::json;

/// Some cases have hashes of other lengths, which a Digest cannot hold. Of those in proofs and of
/// the roots of consistency proofs it matters that they are there and whether they are equal, so
/// zeros fill them up.
Digest DigestOf(const json& text) {
  const std::string bytes = Base64Decode(text.get<std::string>()).value();
  Digest digest = {};
  std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
  return digest;
}

bool IsDigest(const json& text) {
  return Base64Decode(text.get<std::string>()).value().size() == sizeof(Digest);
}

std::vector<Digest> ProofOf(const json& proof) {
  std::vector<Digest> hashes;
  for (const json& hash : proof) hashes.push_back(DigestOf(hash));
  return hashes;
}

template <class Check>
void CheckAll(const std::string& folder, int expected_cases, int expected_valid, Check check) {
  int cases = 0;
  int valid = 0;
  const std::string root = CANDOUR_SOURCE_DIR "/tests/data/merkle/" + folder;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    const json example = json::parse(file);
    const bool refused = example.at("wantErr").get<bool>();
    const Status status = check(example);
    EXPECT_EQ(status.has_value(), !refused) << entry.path();
    if (!status) {
      EXPECT_EQ(status.error().code, ErrorCode::kProofInvalid) << entry.path();
    }
    ++cases;
    valid += refused ? 0 : 1;
  }
  EXPECT_EQ(cases, expected_cases);
  EXPECT_EQ(valid, expected_valid);
}

TEST(ProofVectors, Inclusion) {
  CheckAll("inclusion", 65, 2, [](const json& example) -> Status {
    if (!IsDigest(example.at("leafHash")) || !IsDigest(example.at("root"))) {
      return Fail(ErrorCode::kProofInvalid, "Not a hash.");
    }
    return VerifyInclusion(example.at("leafIdx").get<std::uint64_t>(),
                           example.at("treeSize").get<std::uint64_t>(),
                           DigestOf(example.at("leafHash")), ProofOf(example.at("proof")),
                           DigestOf(example.at("root")));
  });
}

TEST(ProofVectors, Consistency) {
  CheckAll("consistency", 76, 4, [](const json& example) {
    return VerifyConsistency(
        example.at("size1").get<std::uint64_t>(), example.at("size2").get<std::uint64_t>(),
        DigestOf(example.at("root1")), DigestOf(example.at("root2")), ProofOf(example.at("proof")));
  });
}

}  // namespace
}  // namespace candour::merkle
