#include "http/server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "http/head.h"
#include "http/raw_socket.h"

namespace candour::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kHost = "Host: localhost\r\n";

/// A server that says what it was asked, and how often.
class ServerTest : public testing::Test {
 protected:
  void Serve(ServerOptions options = {.max_body = 1000}) {
    auto server = Server::Start(options, [this](const Request& request) {
      ++asked_;
      if (request.target == "/throw") throw std::runtime_error("a secret");
      if (request.target == "/split") return Response{.fields = {{"X", "a\r\nY: b"}}};
      return Response{.body =
                          fmt::format("<{} {} {}>", request.method, request.target, request.body)};
    });
    ASSERT_TRUE(server) << server.error().ToString();
    server_ = *std::move(server);
  }

  /// What comes back for these bytes until the server closes.
  std::string Exchange(std::string_view bytes) {
    const RawSocket socket = RawSocket::ConnectTo(server_->port());
    socket.Send(bytes);
    socket.EndSending();
    return socket.ReadAll();
  }

  static int CountOf(const std::string& text, std::string_view part) {
    int count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
    return count;
  }

  std::atomic<int> asked_ = 0;
  std::unique_ptr<Server> server_;
};

std::string Chunked(std::string_view body) {
  return fmt::format("POST /x HTTP/1.1\r\n{}Transfer-Encoding: chunked\r\n\r\n{}", kHost, body);
}

TEST_F(ServerTest, AnswersOneRequestAfterTheOther) {
  Serve();
  const std::string get = fmt::format("GET /a HTTP/1.1\r\n{}\r\n", kHost);
  const std::string post = fmt::format("POST /b HTTP/1.1\r\n{}Content-Length: 3\r\n\r\nabc", kHost);
  const std::string answer = Exchange(get + post + get);
  EXPECT_EQ(CountOf(answer, "HTTP/1.1 200 OK\r\n"), 3);
  EXPECT_EQ(CountOf(answer, "<GET /a >"), 2);
  EXPECT_THAT(answer, HasSubstr("<POST /b abc>"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(answer, HasSubstr(" GMT\r\n"));
}

TEST_F(ServerTest, TakesARequestByteByByte) {
  Serve();
  const RawSocket socket = RawSocket::ConnectTo(server_->port());
  for (const char c : fmt::format("POST /b HTTP/1.1\r\n{}Content-Length: 3\r\n\r\nabc", kHost)) {
    socket.Send(std::string_view(&c, 1));
  }
  EXPECT_THAT(socket.ReadTo("abc>"), EndsWith("<POST /b abc>"));
}

TEST_F(ServerTest, TakesPlainChunks) {
  Serve();
  EXPECT_THAT(Exchange(Chunked("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n")),
              EndsWith("<POST /x abc0123456789>"));
}

TEST_F(ServerTest, RefusesChunksThatAreNotPlain) {
  Serve();
  for (const char* const body :
       {"3;a=b\r\nabc\r\n0\r\n\r\n", "3;a\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0;a=b\r\n\r\n",
        "3 \r\nabc\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n",
        "3\r\nabcd\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n", "x\r\nabc\r\n0\r\n\r\n", "\r\nabc\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\nX: trailer\r\n\r\n",
        "3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n", "3\r\nabc\r\n0\r\nHost: evil\r\n\r\n"}) {
    EXPECT_THAT(Exchange(Chunked(body)), StartsWith("HTTP/1.1 4")) << body;
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(ServerTest, RefusesBodiesThatAreTooLarge) {
  Serve();
  EXPECT_THAT(Exchange(fmt::format("POST / HTTP/1.1\r\n{}Content-Length: 1001\r\n\r\n", kHost)),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(Exchange(Chunked("3E9\r\n")), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(Exchange(Chunked(fmt::format("3E8\r\n{}\r\n1\r\n", std::string(1000, 'x')))),
              StartsWith("HTTP/1.1 413"));
  EXPECT_EQ(asked_, 0);
}

// What Boost.Beast 1.81 takes for one request or for two, depending on who reads it.
TEST_F(ServerTest, NeverAnswersASmuggledRequest) {
  Serve();
  const std::string smuggled = fmt::format("GET /smuggled HTTP/1.1\r\n{}\r\n", kHost);
  for (const char* const lines :
       {"Transfer-Encoding: gzip\r\nContent-Length: 4\r\n", "Transfer-Encoding: chunked, gzip\r\n",
        "Transfer-Encoding: gzip\r\n", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "Content-Length: 0, 4\r\n",
        "Content-Length: 0\r\nContent-Length: 4\r\n", "Content-Length : 4\r\n",
        "X: y\r\n Content-Length: 4\r\n", "X: y\nContent-Length: 4\r\n",
        "Transfer-Encoding:\x0b"
        "chunked\r\n",
        "Host: evil.example\r\n"}) {
    const std::string answer =
        Exchange(fmt::format("POST / HTTP/1.1\r\n{}{}\r\n0\r\n\r\n{}", kHost, lines, smuggled));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400")) << lines;
    EXPECT_EQ(CountOf(answer, "HTTP/1.1"), 1) << lines;
    EXPECT_THAT(answer, HasSubstr("Connection: close")) << lines;
  }
  EXPECT_THAT(Exchange(fmt::format(
                  "POST / HTTP/1.0\r\n{}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", kHost)),
              StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(asked_, 0);
}

TEST_F(ServerTest, TheAnswerToARefusedRequestArrivesWholeOverMuchUnreadInput) {
  Serve();
  const RawSocket socket = RawSocket::ConnectTo(server_->port());
  socket.Send("POST / HTTP/1.1\r\nHost: evil.example\r\n\r\n" + std::string(100'000, 'x'));
  socket.EndSending();
  EXPECT_THAT(socket.ReadAll(), EndsWith("another host than this one.\n"));
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  Serve();
  const std::string answer =
      Exchange(fmt::format("HEAD /a HTTP/1.1\r\n{}\r\nGET /b HTTP/1.1\r\n{}\r\n", kHost, kHost));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("<HEAD")));
  EXPECT_THAT(answer, EndsWith("<GET /b >"));
}

TEST_F(ServerTest, ShowsNothingOfWhatAHandlerThrows) {
  Serve();
  for (const char* const target : {"/throw", "/split"}) {
    const std::string answer = Exchange(fmt::format("GET {} HTTP/1.1\r\n{}\r\n", target, kHost));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 500")) << target;
    EXPECT_THAT(answer, Not(HasSubstr("secret")));
    EXPECT_THAT(answer, Not(HasSubstr("Y: b")));
  }
}

TEST_F(ServerTest, ClosesOnThoseWhoAreTooSlow) {
  Serve({.max_body = 1000, .idle_ms = 60'000, .request_ms = 50});
  for (const std::string& begin :
       {std::string("GET / HT"), std::string("GET / HTTP/1.1\r\nHost: loc"),
        fmt::format("POST / HTTP/1.1\r\n{}Content-Length: 9\r\n\r\nabc", kHost),
        Chunked("3\r\na")}) {
    const RawSocket socket = RawSocket::ConnectTo(server_->port());
    socket.Send(begin);
    EXPECT_EQ(socket.ReadAll(), "") << begin;
  }
  EXPECT_EQ(asked_, 0);
}

TEST_F(ServerTest, ADripOfBytesDoesNotProlongTheTime) {
  Serve({.max_body = 1000, .idle_ms = 60'000, .request_ms = 100});
  const RawSocket socket = RawSocket::ConnectTo(server_->port());
  std::atomic<bool> closed = false;
  const std::jthread drip([&] {
    while (!closed) {
      socket.Send("G");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  EXPECT_EQ(socket.ReadAll(), "");
  closed = true;
}

TEST_F(ServerTest, ClosesIdleConnections) {
  Serve({.idle_ms = 50, .request_ms = 60'000});
  EXPECT_EQ(RawSocket::ConnectTo(server_->port()).ReadAll(), "");
}

TEST_F(ServerTest, TakesNoMoreConnectionsThanItMay) {
  Serve({.max_connections = 2});
  const std::string get = fmt::format("GET / HTTP/1.1\r\n{}\r\n", kHost);
  const RawSocket first = RawSocket::ConnectTo(server_->port());
  const RawSocket second = RawSocket::ConnectTo(server_->port());
  for (const RawSocket* const socket : {&first, &second}) {
    socket->Send(get);
    EXPECT_THAT(socket->ReadTo(">"), EndsWith("<GET / >"));
  }
  const RawSocket third = RawSocket::ConnectTo(server_->port());
  third.Send(get);
  EXPECT_EQ(third.ReadAll(), "");
}

TEST_F(ServerTest, TwoServersDoNotShareAPort) {
  Serve();
  const auto second =
      Server::Start({.port = server_->port()}, [](const Request&) { return Response{}; });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kIo);
}

TEST_F(ServerTest, StopsWithClientsThatSayNothing) {
  Serve({.idle_ms = 600'000, .request_ms = 600'000, .stop_ms = 100});
  const RawSocket idle = RawSocket::ConnectTo(server_->port());
  const RawSocket half = RawSocket::ConnectTo(server_->port());
  half.Send("GET / HT");
  const std::uint16_t port = server_->port();
  server_->Stop();
  server_->Stop();
  server_.reset();
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_EQ(half.ReadAll(), "");
  EXPECT_FALSE(RawSocket::ConnectTo(port).connected());
}

TEST_F(ServerTest, FinishesAnAnswerBeforeItStops) {
  std::promise<void> begun;
  std::promise<void> go_on;
  auto server = Server::Start({.stop_ms = 60'000}, [&](const Request&) {
                  begun.set_value();
                  go_on.get_future().wait();
                  return Response{.body = "late but whole"};
                }).value();
  const RawSocket socket = RawSocket::ConnectTo(server->port());
  socket.Send(fmt::format("GET / HTTP/1.1\r\n{}\r\n", kHost));
  begun.get_future().wait();
  const std::jthread stopping([&] { server->Stop(); });
  go_on.set_value();
  EXPECT_THAT(socket.ReadAll(), EndsWith("late but whole"));
}

TEST_F(ServerTest, ServesManyAtOnce) {
  Serve({.threads = 4});
  std::vector<std::jthread> clients;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      const RawSocket socket = RawSocket::ConnectTo(server_->port());
      for (int round = 0; round < 50; ++round) {
        const std::string target = fmt::format("/{}/{}", i, round);
        socket.Send(fmt::format("GET {} HTTP/1.1\r\n{}\r\n", target, kHost));
        if (socket.ReadTo(" >").ends_with(fmt::format("<GET {} >", target))) ++answered;
      }
    });
  }
  clients.clear();
  EXPECT_EQ(answered, 400);
}

}  // namespace
}  // namespace candour::http
