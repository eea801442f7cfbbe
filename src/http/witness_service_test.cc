#include "http/witness_service.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/encoding.h"
#include "http/client.h"
#include "http/server.h"
#include "http/witness_transport.h"
#include "tlog/witness_client.h"
#include "tlog/witness_fixture.h"

namespace candour::http {
namespace {

using tlog::kOrigin;
using tlog::TestLog;

/// A witness behind a server, and a log's own client before it.
class WitnessService : public tlog::WitnessFixture {
 protected:
  WitnessService() {
    server_ =
        Server::Start({.max_body = tlog::kMaxWitnessRequestSize}, [this](const Request& request) {
          return AnswerWitnessRequest(*witness_, request);
        }).value();
  }

  std::string Url(std::string_view path = "") const {
    return fmt::format("http://127.0.0.1:{}{}", server_->port(), path);
  }
  Result<tlog::Cosignature> Ask(const TestLog& log, std::uint64_t known_size) {
    return tlog::RequestCosignature(transport_, {.url = Url(), .key = *key_}, log.Note(),
                                    known_size,
                                    [&log](std::uint64_t size) -> Result<merkle::ConsistencyProof> {
                                      return log.ProofFrom(size);
                                    });
  }
  int StatusOf(const std::string& body) {
    return Post(Url("/add-checkpoint"), "text/plain", body)->status;
  }

  HttpWitnessTransport transport_;
  std::unique_ptr<Server> server_;
};

TEST_F(WitnessService, CosignsOverHttp) {
  const TestLog log(300);
  ASSERT_TRUE(Ask(TestLog(5), 0));
  const auto cosignature = Ask(log, 0);  // the witness says 5, and is asked from there
  ASSERT_TRUE(cosignature) << cosignature.error().ToString();
  EXPECT_TRUE(tlog::OpenNote(log.Note() + cosignature->line, std::span(key_.get(), 1)));
  EXPECT_EQ(Ask(TestLog(5), 5).error().code, ErrorCode::kWitnessHistory);
  EXPECT_EQ(Ask(TestLog(301, 3), 300).error().code, ErrorCode::kWitnessHistory);
}

TEST_F(WitnessService, AnswersWithTheStatusesOfTheProtocol) {
  EXPECT_EQ(StatusOf("nonsense"), 400);
  EXPECT_EQ(StatusOf(TestLog(5, TestLog::kNoFork, "a stranger's key").Request(0)), 403);
  EXPECT_EQ(StatusOf(TestLog(5, TestLog::kNoFork, tlog::kLogPhrase, "x").Request(0)), 404);
  EXPECT_EQ(StatusOf(TestLog(5).Request(0)), 200);
  EXPECT_EQ(StatusOf(TestLog(8, 3).Request(5)), 422);
  EXPECT_EQ(StatusOf(std::string(tlog::kMaxWitnessRequestSize + 1, 'x')), 413);
  const Response conflict = Post(Url("/add-checkpoint"), "", TestLog(8).Request(3)).value();
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.content_type, "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "5\n");
}

TEST_F(WitnessService, ShowsTheLatestCheckpoint) {
  const std::string path =
      fmt::format("/{}/checkpoint", HexEncode(BytesOf(crypto::Sha256(kOrigin))));
  EXPECT_EQ(Get(Url(path))->status, 404);
  const tlog::Cosignature cosignature = Ask(TestLog(5), 0).value();
  EXPECT_EQ(Get(Url(path))->body, TestLog(5).Note() + cosignature.line);
}

TEST_F(WitnessService, HasNothingElse) {
  EXPECT_EQ(Get(Url())->status, 404);
  EXPECT_EQ(Get(Url("/checkpoint"))->status, 404);
  EXPECT_EQ(Get(Url("//checkpoint"))->status, 404);
  EXPECT_EQ(Get(Url("/../witness.key"))->status, 404);
  EXPECT_EQ(Get(Url("/add-checkpoint"))->status, 405);
  EXPECT_EQ(Get(Url("/add-checkpoint?x"))->status, 404);
  EXPECT_EQ(Post(Url("/x/checkpoint"), "", "")->status, 405);
}

TEST_F(WitnessService, SaysThatNoWitnessIsThere) {
  server_->Stop();
  EXPECT_EQ(Ask(TestLog(5), 0).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace candour::http
