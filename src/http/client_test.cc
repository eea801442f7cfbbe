#include "http/client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "http/raw_socket.h"
#include "http/server.h"

namespace candour::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A server that answers the first request with just these bytes, and closes unless told not to.
class RawServer {
 public:
  explicit RawServer(std::string answer, bool closes = true)
      : socket_(RawSocket::Listen()), thread_([this, answer = std::move(answer), closes] {
          const RawSocket client = socket_.Accept();
          request_ = client.ReadTo("\r\n\r\n");
          client.Send(answer);
          if (!closes) client.ReadAll();
        }) {}

  std::string url() const { return fmt::format("http://127.0.0.1:{}/x", socket_.port()); }
  /// What was asked; to be called once it has been.
  const std::string& request() {
    if (thread_.joinable()) thread_.join();
    return request_;
  }

 private:
  std::string request_;
  RawSocket socket_;
  std::jthread thread_;
};

ErrorCode CodeOf(const std::string& url, const ClientLimits& limits = {}) {
  const auto response = Get(url, limits);
  EXPECT_FALSE(response);
  return response ? ErrorCode::kInternal : response.error().code;
}

TEST(Client, ExchangesWithTheServer) {
  const auto server =
      Server::Start({}, [](const Request& request) {
        return Response{.status = 409,
                        .content_type = "text/x.test",
                        .body = fmt::format("{} {} {} {}", request.method, request.target,
                                            request.body, request.Value("content-type")),
                        .fields = {{"X-More", "yes"}}};
      }).value();
  const std::string url = fmt::format("http://localhost:{}/a?b", server->port());
  const Response posted = Post(url, "text/plain", "the body").value();
  EXPECT_EQ(posted.status, 409);
  EXPECT_EQ(posted.content_type, "text/x.test");
  EXPECT_EQ(posted.body, "POST /a?b the body text/plain");
  EXPECT_EQ(Get(url)->body, "GET /a?b  ");
}

TEST(Client, SendsAPlainRequest) {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(Get(server.url())->body, "ok");
  EXPECT_THAT(server.request(), StartsWith("GET /x HTTP/1.1\r\n"));
  EXPECT_THAT(server.request(), HasSubstr("\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(server.request(), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(Client, TakesAnswersThatEndWithTheConnection) {
  EXPECT_EQ(Get(RawServer("HTTP/1.1 200 OK\r\n\r\nto the end").url())->body, "to the end");
}

TEST(Client, FollowsNobodyElsewhere) {
  const auto response =
      Get(RawServer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n").url());
  EXPECT_EQ(response->status, 302);
}

TEST(Client, GivesUpOnWhatIsNoAnswer) {
  for (const char* const answer :
       {"", "HTTP/1.1", "hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    EXPECT_EQ(CodeOf(RawServer(answer).url()), ErrorCode::kUnavailable) << answer;
  }
}

TEST(Client, ReadsNoMoreThanItMay) {
  const ClientLimits limits{.max_body = 10};
  for (const std::string& answer :
       {std::string("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "B\r\n12345678901\r\n0\r\n\r\n"),
        "HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x'),
        "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"}) {
    EXPECT_EQ(CodeOf(RawServer(answer).url(), limits), ErrorCode::kUnavailable);
  }
  EXPECT_EQ(Get(RawServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234567890").url(), limits)
                ->body.size(),
            10U);
}

TEST(Client, WaitsNoLongerThanItMay) {
  const ClientLimits limits{.deadline_ms = 100};
  EXPECT_EQ(CodeOf(RawServer("", false).url(), limits), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(RawServer("HTTP/1.1 200 OK\r\n", false).url(), limits), ErrorCode::kUnavailable);
  EXPECT_EQ(
      CodeOf(RawServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", false).url(), limits),
      ErrorCode::kUnavailable);
}

TEST(Client, SaysThatNobodyIsThere) {
  const std::uint16_t port = RawSocket::Listen().port();
  EXPECT_EQ(CodeOf(fmt::format("http://127.0.0.1:{}/", port)), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf("nowhere"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf("https://localhost/"), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace candour::http
