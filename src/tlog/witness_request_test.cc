#include "tlog/witness_request.h"

#include <gtest/gtest.h>

#include "tlog/line.h"
#include "tlog/witness_reply.h"

namespace candour::tlog {
namespace {

const std::string kHash = FormatDigest(crypto::Digest{7});

std::string ProofOf(std::size_t lines) {
  std::string text;
  for (std::size_t i = 0; i < lines; ++i) text.append(kHash).append("\n");
  return text;
}

TEST(WitnessRequest, IsWrittenInTheOneFormThatIsRead) {
  const WitnessRequest request{.old_size = 20852014,
                               .proof = {crypto::Digest{7}, crypto::Digest{7}},
                               .checkpoint = "example.com/log\n1\n\nwhatever"};
  const std::string body = EncodeWitnessRequest(request).value();
  EXPECT_EQ(body, "old 20852014\n" + ProofOf(2) + "\nexample.com/log\n1\n\nwhatever");
  EXPECT_EQ(DecodeWitnessRequest(body), request);
}

TEST(WitnessRequest, NeedsNoProof) {
  const WitnessRequest request{.old_size = 0, .checkpoint = "x\n"};
  EXPECT_EQ(EncodeWitnessRequest(request), "old 0\n\nx\n");
  EXPECT_EQ(DecodeWitnessRequest("old 0\n\nx\n"), request);
}

TEST(WitnessRequest, RefusesEveryOtherForm) {
  const std::string good = "old 1\n" + kHash + "\n\nx\n";
  ASSERT_TRUE(DecodeWitnessRequest(good));
  std::vector<std::string> bad = {
      "",
      "\n",
      "old 1",
      "old 1\n",
      "old 1\n\n",
      "old 01\n\nx\n",
      "old -1\n\nx\n",
      "old +1\n\nx\n",
      "old 1 \n\nx\n",
      "old  1\n\nx\n",
      "old\t1\n\nx\n",
      "Old 1\n\nx\n",
      "old 18446744073709551616\n\nx\n",
      "old \n\nx\n",
      " old 1\n\nx\n",
      "old 1\r\n\r\nx\r\n",
      "\nold 1\n\nx\n",
      "old 1\n" + kHash + "\n",
      "old 1\n " + kHash + "\n\nx\n",
      "old 1\n" + kHash + "\r\n\nx\n",
      "old 1\n" + kHash.substr(0, 43) + "\n\nx\n",
      "old 1\nnot a hash\n\nx\n",
      "old 1\n" + ProofOf(64) + "\nx\n",
      "old 1\n\n" + std::string(kMaxWitnessRequestSize, 'x'),
  };
  for (std::size_t end = 0; end < good.size() - 2; ++end) bad.push_back(good.substr(0, end));
  for (const std::string& body : bad) {
    const auto decoded = DecodeWitnessRequest(body);
    ASSERT_FALSE(decoded) << body;
    EXPECT_EQ(decoded.error().code, ErrorCode::kReceiptForm);
  }
  EXPECT_TRUE(DecodeWitnessRequest("old 1\n" + ProofOf(63) + "\nx\n"));
}

TEST(WitnessRequest, IsNotWrittenBeyondItsLimits) {
  const auto code = [](const WitnessRequest& request) {
    return EncodeWitnessRequest(request).error().code;
  };
  EXPECT_EQ(code({.proof = merkle::ConsistencyProof(64), .checkpoint = "x\n"}),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({.checkpoint = ""}), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({.checkpoint = std::string(kMaxWitnessRequestSize, 'x')}),
            ErrorCode::kInvalidArgument);
}

TEST(WitnessReply, NamesASizeInOneFormOnly) {
  EXPECT_EQ(SizeReply(20852163).body, "20852163\n");
  EXPECT_EQ(SizeReply(20852163).content_type, "text/x.tlog.size");
  EXPECT_EQ(SizeOf(SizeReply(20852163)), 20852163U);
  EXPECT_EQ(SizeOf(SizeReply(0)), 0U);

  const auto size_of = [](int status, const char* type, const char* body) {
    return SizeOf({.status = status, .content_type = type, .body = body});
  };
  EXPECT_EQ(size_of(409, "text/plain", "3\n"), std::nullopt);
  EXPECT_EQ(size_of(200, "text/x.tlog.size", "3\n"), std::nullopt);
  for (const char* const body : {"", "\n", "3", "03\n", "-3\n", "3\n\n", "3 \n", "3\n4\n",
                                 "18446744073709551616\n", "three\n"}) {
    EXPECT_EQ(size_of(409, "text/x.tlog.size", body), std::nullopt) << body;
  }
}

}  // namespace
}  // namespace candour::tlog
