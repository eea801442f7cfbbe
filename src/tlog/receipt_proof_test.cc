#include "tlog/receipt_proof.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "merkle/hasher.h"
#include "merkle/test_tree.h"
#include "tlog/cosignature.h"
#include "tlog/test_keys.h"

namespace candour::tlog {
namespace {

using crypto::Digest;

constexpr std::string_view kOrigin = "example.org/log";

/// A log of seven entries, its checkpoint cosigned by a witness.
class ReceiptTest : public testing::Test {
 protected:
  ReceiptTest() {
    std::vector<Digest> leaves;
    for (int i = 0; i < 7; ++i) {
      entries.push_back(fmt::format("entry {}", i));
      leaves.push_back(merkle::LeafHash(entries.back()));
    }
    tree = std::make_unique<merkle::TestTree>(leaves);
    signers.push_back(TestSigner(std::string(kOrigin), "log"));
    const Cosigner witness = TestCosigner("example.net/witness", "witness");
    const std::string text = FormatCheckpoint({.origin = std::string(kOrigin),
                                               .size = entries.size(),
                                               .root = merkle::RootOf(*tree, 7).value()})
                                 .value();
    note = SignNote(text, signers).value();
    note += FormatSignatureLine(witness.verifier_key(), witness.Sign(text, 1'772'359'260).value());
    trust = {.origin = std::string(kOrigin),
             .log_keys = {signers[0].verifier_key()},
             .witnesses = {witness.verifier_key()}};
  }

  ReceiptProof ReceiptOf(std::uint64_t index) const {
    return {.extra = entries[index],
            .index = index,
            .hashes = merkle::ProveInclusion(*tree, index, 7).value(),
            .checkpoint = note};
  }

  /// Whether the entry that the receipt carries is in the log.
  Result<SignedCheckpoint> Check(const ReceiptProof& receipt) const {
    return VerifyReceipt(receipt, merkle::LeafHash(receipt.extra), trust);
  }

  std::vector<std::string> entries;
  std::unique_ptr<merkle::TestTree> tree;
  std::vector<Signer> signers;
  std::string note;
  LogTrust trust;
};

TEST_F(ReceiptTest, EveryEntryHasOneThatHolds) {
  for (std::uint64_t index = 0; index < 7; ++index) {
    const ReceiptProof receipt = ReceiptOf(index);
    const ReceiptProof read = DecodeReceipt(EncodeReceipt(receipt).value()).value();
    EXPECT_EQ(read, receipt);
    const SignedCheckpoint opened = Check(read).value();
    EXPECT_EQ(opened.checkpoint.size, 7U);
    EXPECT_EQ(opened.cosignatures.size(), 1U);
  }
}

TEST_F(ReceiptTest, IsWrittenAsTheFormatSays) {
  const ReceiptProof receipt{.extra = "hi", .index = 0, .checkpoint = note};
  EXPECT_EQ(EncodeReceipt(receipt).value(),
            "c2sp.org/tlog-proof@v1\nextra aGk=\nindex 0\n\n" + note);
  const ReceiptProof bare{.index = 12, .hashes = {Digest{}}, .checkpoint = note};
  EXPECT_EQ(
      EncodeReceipt(bare).value(),
      "c2sp.org/tlog-proof@v1\nindex 12\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n" + note);
  EXPECT_EQ(DecodeReceipt(EncodeReceipt(bare).value()).value(), bare);
}

/// Where not all witnesses are asked for, a receipt either is refused or says exactly what it said:
/// entry, place, log and witnesses. A changed name or id of a signature makes it a stranger's,
/// which is ignored: then the receipt says less than it did, and holds only if the log's own
/// signature is still there.
TEST_F(ReceiptTest, NoChangedByteMakesItSayAnythingElse) {
  const LogTrust all = trust;
  trust.quorum = Quorum();
  const std::string text = EncodeReceipt(ReceiptOf(5)).value();
  const SignedCheckpoint said = Check(ReceiptOf(5)).value();
  int ignored = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      const auto read = DecodeReceipt(changed);
      if (!read) continue;
      EXPECT_FALSE(VerifyReceipt(*read, merkle::LeafHash(read->extra), all)) << at;
      const auto opened = Check(*read);
      if (!opened) continue;
      ++ignored;
      EXPECT_EQ(read->extra, entries[5]) << at;
      EXPECT_EQ(read->index, 5U) << at;
      EXPECT_EQ(opened->checkpoint, said.checkpoint) << at;
      EXPECT_TRUE(opened->cosignatures.empty()) << at;
      EXPECT_GT(at, text.find("example.net/witness") - 1) << "it is the witness's line";
    }
  }
  EXPECT_GT(ignored, 0);
}

TEST_F(ReceiptTest, NoLineCanGoOrComeTwice) {
  const std::string text = EncodeReceipt(ReceiptOf(2)).value();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin) + 1;
    const std::string line = text.substr(begin, end - begin);
    std::string without = text;
    without.erase(begin, line.size());
    std::string twice = text;
    twice.insert(begin, line);
    const bool is_signature = line.starts_with("\u2014 ");
    for (const std::string& changed : {without, twice}) {
      const auto read = DecodeReceipt(changed);
      const bool holds = read && VerifyReceipt(*read, merkle::LeafHash(entries[2]), trust);
      // A signature may stand twice; and the extra line may be missing, where the entry is known
      // from elsewhere.
      const bool may_hold =
          (is_signature && changed == twice) || (line.starts_with("extra ") && changed == without);
      EXPECT_EQ(holds, may_hold) << changed;
    }
    begin = end;
  }
}

TEST_F(ReceiptTest, HoldsForNoOtherEntryIndexLogOrKey) {
  const ReceiptProof receipt = ReceiptOf(2);
  EXPECT_EQ(VerifyReceipt(receipt, merkle::LeafHash("another entry"), trust).error().code,
            ErrorCode::kProofInvalid);
  ReceiptProof moved = receipt;
  moved.index = 3;
  EXPECT_EQ(Check(moved).error().code, ErrorCode::kProofInvalid);
  trust.origin = "example.org/another";
  EXPECT_EQ(Check(receipt).error().code, ErrorCode::kReceiptOrigin);
  trust.log_keys = {TestSigner(std::string(kOrigin), "another").verifier_key()};
  trust.witnesses.clear();
  EXPECT_EQ(Check(receipt).error().code, ErrorCode::kReceiptSignature);
}

TEST_F(ReceiptTest, OtherFormsAreRefused) {
  const std::string hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  std::string too_many = first + "index 0\n";
  for (int i = 0; i < 64; ++i) too_many += hash;
  const std::string malformed[] = {
      "",
      first,
      first + "index 0\n",
      first + "index 0\n" + note,  // no empty line
      "c2sp.org/tlog-proof@v2\nindex 0\n\n" + note,
      "\n" + first + "index 0\n\n" + note,
      "\xef\xbb\xbf" + first + "index 0\n\n" + note,  // a byte order mark
      "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n" + note,
      first + "\n" + note,  // no index
      first + "index 00\n\n" + note,
      first + "index -1\n\n" + note,
      first + "index  0\n\n" + note,
      first + "index 0 \n\n" + note,
      first + "index 9007199254740992\n\n" + note,
      first + "index 18446744073709551616\n\n" + note,
      first + "Index 0\n\n" + note,
      first + "extra \nindex 0\n\n" + note,      // empty: to be left out
      first + "extra aGk\nindex 0\n\n" + note,   // no padding
      first + "extra aGl=\nindex 0\n\n" + note,  // unused bits set
      first + "extra aGk=\nextra aGk=\nindex 0\n\n" + note,
      first + "index 0\nextra aGk=\n\n" + note,
      first + "index 0\nAAAA\n\n" + note,  // not 32 bytes
      first + "index 0\n" + hash.substr(0, 43) + "\n\n" + note,
      too_many + "\n" + note,
      first + "index 0\n\n",  // no checkpoint
      first + "index 0\n\n" + note + "more\n",
      first + "index 0\n\n" + note.substr(0, note.size() - 1),
      std::string(kMaxReceiptSize, 'x'),
  };
  for (const std::string& text : malformed) {
    const auto read = DecodeReceipt(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kReceiptForm);
  }
}

TEST_F(ReceiptTest, WhatCannotBeReadBackIsNotWritten) {
  ReceiptProof receipt = ReceiptOf(0);
  receipt.hashes.resize(64);
  EXPECT_EQ(EncodeReceipt(receipt).error().code, ErrorCode::kInvalidArgument);
  receipt = ReceiptOf(0);
  receipt.index = kMaxReceiptNumber + 1;
  EXPECT_EQ(EncodeReceipt(receipt).error().code, ErrorCode::kInvalidArgument);
  receipt = ReceiptOf(0);
  receipt.checkpoint.pop_back();
  EXPECT_EQ(EncodeReceipt(receipt).error().code, ErrorCode::kInvalidArgument);
  receipt = ReceiptOf(0);
  receipt.extra.assign(kMaxReceiptSize, 'x');
  EXPECT_EQ(EncodeReceipt(receipt).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace candour::tlog
