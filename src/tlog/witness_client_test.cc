#include "tlog/witness_client.h"

#include <gtest/gtest.h>

#include "tlog/witness_fixture.h"

namespace candour::tlog {
namespace {

/// A transport that hands requests to a function and counts them.
class FakeTransport final : public WitnessTransport {
 public:
  std::function<WitnessReply(const std::string& body)> answer;
  int times = 0;
  std::string url;

  Result<WitnessReply> Post(const std::string& to, const std::string& body) override {
    ++times;
    url = to;
    if (!answer) return Fail(ErrorCode::kUnavailable, "There is no answer.");
    return answer(body);
  }
};

class WitnessClient : public WitnessFixture {
 protected:
  WitnessClient() {
    transport_.answer = [this](const std::string& body) { return witness_->AddCheckpoint(body); };
  }

  Result<Cosignature> Ask(const TestLog& log, std::uint64_t known_size = 0) {
    return RequestCosignature(transport_, {.url = "http://witness.example/", .key = *key_},
                              log.Note(), known_size,
                              [&log](std::uint64_t size) -> Result<merkle::ConsistencyProof> {
                                return log.ProofFrom(size);
                              });
  }
  ErrorCode CodeOf(const TestLog& log, std::uint64_t known_size = 0) {
    const auto cosignature = Ask(log, known_size);
    EXPECT_FALSE(cosignature);
    return cosignature ? ErrorCode::kInternal : cosignature.error().code;
  }
  void Answer(WitnessReply reply) {
    transport_.answer = [reply = std::move(reply)](const std::string&) { return reply; };
  }

  FakeTransport transport_;
};

TEST_F(WitnessClient, ObtainsACosignatureThatStandsUnderTheNote) {
  const TestLog log(5);
  const Cosignature cosignature = Ask(log).value();
  EXPECT_EQ(transport_.url, "http://witness.example/add-checkpoint");
  EXPECT_EQ(cosignature.cosigned_at_s, static_cast<std::uint64_t>(kNowS));
  const auto opened = OpenNote(log.Note() + cosignature.line, std::span(key_.get(), 1));
  EXPECT_TRUE(opened);
}

TEST_F(WitnessClient, ProvesFromTheSizeItKnows) {
  ASSERT_TRUE(Ask(TestLog(5)));
  ASSERT_TRUE(Ask(TestLog(8), 5));
  EXPECT_EQ(transport_.times, 2);
  ASSERT_TRUE(Ask(TestLog(8), 8));
  EXPECT_EQ(transport_.times, 3);
}

TEST_F(WitnessClient, AsksOnceMoreFromTheSizeItIsTold) {
  ASSERT_TRUE(Ask(TestLog(5)));
  ASSERT_TRUE(Ask(TestLog(8)));
  EXPECT_EQ(transport_.times, 3);
  ASSERT_TRUE(Ask(TestLog(8), 3));
  EXPECT_EQ(transport_.times, 5);
}

TEST_F(WitnessClient, AsksNotMoreThanTwice) {
  std::uint64_t size = 0;
  transport_.answer = [&size](const std::string&) { return SizeReply(++size); };
  EXPECT_EQ(CodeOf(TestLog(8)), ErrorCode::kWitnessRefused);
  EXPECT_EQ(transport_.times, 2);
  Answer(SizeReply(3));
  EXPECT_EQ(CodeOf(TestLog(8), 3), ErrorCode::kWitnessRefused);
  EXPECT_EQ(transport_.times, 3);
}

TEST_F(WitnessClient, NoticesThatTheWitnessKnowsAnotherHistory) {
  ASSERT_TRUE(Ask(TestLog(8)));
  EXPECT_EQ(CodeOf(TestLog(5)), ErrorCode::kWitnessHistory);
  EXPECT_EQ(CodeOf(TestLog(5), 100), ErrorCode::kWitnessHistory);
  EXPECT_EQ(CodeOf(TestLog(9, 3)), ErrorCode::kWitnessHistory);
  EXPECT_EQ(CodeOf(TestLog(8, 3), 8), ErrorCode::kWitnessHistory);
}

TEST_F(WitnessClient, SaysWhyItWasRefused) {
  EXPECT_EQ(CodeOf(TestLog(5, TestLog::kNoFork, "another key")), ErrorCode::kWitnessRefused);
  EXPECT_EQ(CodeOf(TestLog(5, TestLog::kNoFork, kLogPhrase, "other.example/log")),
            ErrorCode::kWitnessRefused);
  Answer(RefusalReply(503, "Busy."));
  EXPECT_EQ(CodeOf(TestLog(5)), ErrorCode::kUnavailable);
  Answer(RefusalReply(302, "Over there."));
  EXPECT_EQ(CodeOf(TestLog(5)), ErrorCode::kWitnessRefused);
  Answer(RefusalReply(409, "No size."));
  EXPECT_EQ(CodeOf(TestLog(5)), ErrorCode::kWitnessRefused);
  transport_.answer = nullptr;
  EXPECT_EQ(CodeOf(TestLog(5)), ErrorCode::kUnavailable);
}

TEST_F(WitnessClient, PassesOnThatItCannotProve) {
  ASSERT_TRUE(Ask(TestLog(5)));
  const auto cosignature = RequestCosignature(
      transport_, {.url = "http://witness.example", .key = *key_}, TestLog(8).Note(), 5,
      [](std::uint64_t) -> Result<merkle::ConsistencyProof> {
        return Fail(ErrorCode::kLedgerCorrupt, "The tree is gone.");
      });
  ASSERT_FALSE(cosignature);
  EXPECT_EQ(cosignature.error().code, ErrorCode::kLedgerCorrupt);
}

TEST_F(WitnessClient, TakesTheTrueSignatureOutOfOthers) {
  const TestLog log(5);
  const std::string line = witness_->AddCheckpoint(log.Request(0)).body;
  const Cosigner other = TestCosigner("other.example", "other");
  const std::string others =
      FormatSignatureLine(other.verifier_key(), other.Sign(log.Text(), 1).value());
  Answer({.status = 200, .body = others + line + others});
  EXPECT_EQ(Ask(log).value().line, line);
}

TEST_F(WitnessClient, RefusesWhatIsNoCosignatureOfThisCheckpoint) {
  const TestLog log(5);
  const std::string line = witness_->AddCheckpoint(log.Request(0)).body;
  const Cosigner other = TestCosigner("other.example", "other");
  const Cosigner same_name = TestCosigner("witness.example", "other");
  const auto line_of = [](const Cosigner& cosigner, const std::string& text) {
    return FormatSignatureLine(cosigner.verifier_key(), cosigner.Sign(text, 1).value());
  };
  const std::string bad[] = {"",
                             "\n",
                             line.substr(0, line.size() - 1),
                             "a line\n" + line,
                             line + "\n",
                             line + "\n" + line,
                             "\n" + line,
                             line_of(other, log.Text()),
                             line_of(same_name, log.Text()),
                             TestLog(5).Note() + line,
                             witness_->AddCheckpoint(TestLog(8).Request(5)).body};
  for (const std::string& body : bad) {
    Answer({.status = 200, .body = body});
    EXPECT_FALSE(Ask(log)) << body;
  }
}

/// A witness with the fixture's key in hand that signs what it likes.
TEST_F(WitnessClient, IsNotTrickedIntoAnotherText) {
  const TestLog log(5);
  const Cosigner cosigner = TestCosigner("false.example", "false");
  const std::string first = FormatSignatureLine(cosigner.verifier_key(), std::string(72, 'x'));
  const std::string longer = log.Text() + "\n" + first;
  const std::string body =
      first + "\n" + FormatSignatureLine(cosigner.verifier_key(), cosigner.Sign(longer, 1).value());
  ASSERT_TRUE(OpenNote(log.Text() + "\n" + body, std::span(&cosigner.verifier_key(), 1)));
  Answer({.status = 200, .body = body});
  const auto ask = [&] {
    return RequestCosignature(transport_,
                              {.url = "http://false.example", .key = cosigner.verifier_key()},
                              log.Note(), 0, nullptr);
  };
  EXPECT_EQ(ask().error().code, ErrorCode::kWitnessRefused);
  Answer(
      {.status = 200,
       .body = FormatSignatureLine(cosigner.verifier_key(), cosigner.Sign(log.Text(), 0).value())});
  EXPECT_EQ(ask().error().code, ErrorCode::kWitnessRefused);  // a cosignature always has a time
}

TEST_F(WitnessClient, TakesOnlyCheckpointsAndWitnessesKeys) {
  const auto ask = [this](const VerifierKey& key, const std::string& note) {
    return RequestCosignature(transport_, {.url = "http://witness.example", .key = key}, note, 0,
                              nullptr)
        .error()
        .code;
  };
  EXPECT_EQ(ask(TestSigner("a", "a").verifier_key(), TestLog(5).Note()),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(ask(*key_, "no note"), ErrorCode::kReceiptForm);
  EXPECT_EQ(transport_.times, 0);
}

}  // namespace
}  // namespace candour::tlog
