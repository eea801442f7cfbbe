#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "merkle/consistency_proof.h"
#include "merkle/hasher.h"
#include "merkle/node_source.h"
#include "merkle/test_tree.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/test_keys.h"
#include "tlog/witness.h"
#include "tlog/witness_folder.h"
#include "tlog/witness_request.h"

namespace candour::tlog {

inline constexpr std::string_view kOrigin = "example.org/log";
inline constexpr std::string_view kLogPhrase = "the log's key";

/// A log of `size` entries, for tests, that may differ from another from entry `fork` on.
class TestLog {
 public:
  static constexpr std::uint64_t kNoFork = ~std::uint64_t{0};

  explicit TestLog(std::uint64_t size, std::uint64_t fork = kNoFork,
                   std::string_view phrase = kLogPhrase, std::string_view origin = kOrigin)
      : size_(size), tree_(Leaves(size, fork)), phrase_(phrase), origin_(origin) {}

  /// The checkpoint of the whole log, signed.
  std::string Note() const {
    std::vector<Signer> signers;
    signers.push_back(TestSigner(std::string(kOrigin), phrase_));
    return SignNote(Text(), signers).value();
  }
  std::string Text() const {
    return FormatCheckpoint(
               {.origin = origin_, .size = size_, .root = merkle::RootOf(tree_, size_).value()})
        .value();
  }

  /// That the log continues its first `old_size` entries; empty where there is nothing to prove.
  merkle::ConsistencyProof ProofFrom(std::uint64_t old_size) const {
    if (old_size == 0) return {};
    return merkle::ProveConsistency(tree_, old_size, size_).value();
  }

  /// The body of a request to cosign it.
  std::string Request(std::uint64_t old_size) const {
    return EncodeWitnessRequest(
               {.old_size = old_size, .proof = ProofFrom(old_size), .checkpoint = Note()})
        .value();
  }

 private:
  static std::vector<crypto::Digest> Leaves(std::uint64_t size, std::uint64_t fork) {
    std::vector<crypto::Digest> leaves;
    for (std::uint64_t i = 0; i < size; ++i) {
      leaves.push_back(merkle::LeafHash(std::to_string(i) + (i >= fork ? " forked" : "")));
    }
    return leaves;
  }

  std::uint64_t size_;
  merkle::TestTree tree_;
  std::string phrase_;
  std::string origin_;
};

/// A witness in a folder of its own that knows the log of kOrigin, at a time that stands still.
class WitnessFixture : public testing::Test {
 protected:
  WitnessFixture() {
    std::string pattern = testing::TempDir() + "candour-witness-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    folder_ = root_ / "witness";
    key_ = std::make_unique<VerifierKey>(CreateWitness(folder_, "witness.example").value());
    WitnessStore store = OpenWitnessStore(folder_).value();
    EXPECT_TRUE(store.AddLog(kOrigin, TestSigner(std::string(kOrigin), kLogPhrase).verifier_key()));
    witness_ = OpenWitness(folder_, clock_).value();
  }
  ~WitnessFixture() override {
    witness_.reset();
    std::filesystem::remove_all(root_);
  }

  /// As after a restart.
  void Reopen() {
    witness_.reset();
    witness_ = OpenWitness(folder_, clock_).value();
  }

  /// The time of the cosignature in `reply` over `text`; nothing when it is not a true one.
  std::optional<std::uint64_t> CosignedAt(const WitnessReply& reply,
                                          const std::string& text) const {
    if (reply.status != 200) return std::nullopt;
    const auto opened = OpenNote(text + "\n" + reply.body, std::span(key_.get(), 1));
    if (!opened || opened->text != text) return std::nullopt;
    return opened->signatures.front().cosigned_at_s;
  }

  static constexpr std::int64_t kNowS = 1'770'000'000;
  FixedClock clock_{UtcTime{kNowS * 1'000'000}};
  std::filesystem::path root_;
  std::filesystem::path folder_;
  std::unique_ptr<VerifierKey> key_;
  std::unique_ptr<Witness> witness_;
};

}  // namespace candour::tlog
