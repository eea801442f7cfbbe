#include "http/server.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "http/head.h"

namespace candour::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using BeastRequest = beast::http::request_parser<beast::http::string_body>;
using BeastResponse = beast::http::response<beast::http::string_body>;
using boost::system::error_code;

constexpr int kBadRequest = 400;
constexpr int kContentTooLarge = 413;
constexpr int kInternalError = 500;
constexpr std::size_t kReadSize = 16 * 1024;   // bytes
constexpr std::size_t kMaxDrain = 256 * 1024;  // bytes
constexpr auto kDrainTime = std::chrono::seconds(1);
constexpr unsigned kHttp11 = 11;

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

Response Refusal(int status, std::string_view reason) {
  return {.status = status, .body = fmt::format("{}\n", reason)};
}

/// A line break in a field would let whoever chose its value write further fields.
bool CanStandInHead(const Response& response) {
  const auto is_plain = [](std::string_view text) {
    return std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
  };
  return response.status >= 200 && response.status <= 599 && is_plain(response.content_type) &&
         std::ranges::all_of(response.fields, [&is_plain](const Field& field) {
           return !field.name.empty() && is_plain(field.name) && is_plain(field.value);
         });
}

Request ToRequest(beast::http::request<beast::http::string_body>&& message) {
  Request request{.method = std::string(View(message.method_string())),
                  .target = std::string(View(message.target()))};
  for (const auto& field : message) {
    request.fields.push_back(
        {std::string(View(field.name_string())), std::string(View(field.value()))});
  }
  request.body = std::move(message.body());
  return request;
}

BeastResponse ToBeast(Response&& response, bool keep_alive, bool without_body) {
  BeastResponse message(static_cast<beast::http::status>(response.status), kHttp11);
  message.set(beast::http::field::date,
              fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr))));
  message.set(beast::http::field::content_type, response.content_type);
  message.set("X-Content-Type-Options", "nosniff");
  for (const Field& field : response.fields) message.insert(field.name, field.value);
  message.keep_alive(keep_alive);
  message.content_length(response.body.size());
  if (!without_body) message.body() = std::move(response.body);
  return message;
}

}  // namespace

class Connection;

/// Takes connections in, on threads of its own, and knows which are open.
class Listener {
 public:
  Listener(ServerOptions given, Handler answer)
      : options(std::move(given)), handler(std::move(answer)), acceptor_(asio::make_strand(io_)) {}
  ~Listener() { Stop(); }

  Status Start();
  std::uint16_t port() const { return port_; }
  void Stop();

  /// Called by a connection at its end.
  void Leave(Connection* connection);
  bool stopping() const { return stopping_; }

  const ServerOptions options;
  const Handler handler;

 private:
  void Accept();
  void Enter(tcp::socket socket);

  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  ///< over connections_
  std::condition_variable left_;
  std::set<Connection*> connections_;
  // What is above must outlive io_: the last connections leave when it goes.
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::vector<std::jthread> threads_;
};

/// One client's connection: its requests one after the other. All of it runs on one strand.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Listener& server) : stream_(std::move(socket)), server_(server) {}
  ~Connection() { server_.Leave(this); }

  void Start() {
    asio::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->BeginRequest(); });
  }

  /// Ends it now if no request has begun.
  void CloseIfIdle() {
    if (idle_) stream_.close();
  }

  auto executor() { return stream_.get_executor(); }

 private:
  static auto Milliseconds(std::int64_t ms) { return std::chrono::milliseconds(ms); }

  void BeginRequest() {
    idle_ = buffer_.size() == 0;
    if (idle_ && server_.stopping()) return stream_.close();
    stream_.expires_after(
        Milliseconds(idle_ ? server_.options.idle_ms : server_.options.request_ms));
    JudgeHead();
  }

  void JudgeHead() {
    const auto bytes = buffer_.data();
    verdict_ = CheckHead({static_cast<const char*>(bytes.data()), bytes.size()},
                         server_.options.hosts, server_.options.max_body);
    switch (verdict_.kind) {
      case HeadVerdict::kIncomplete:
        return ReadMore();
      case HeadVerdict::kRefused:
        return Answer(Refusal(verdict_.status, verdict_.reason), /*keep_alive=*/false);
      case HeadVerdict::kComplete:
        return ReadMessage();
    }
  }

  void ReadMore() {
    stream_.async_read_some(buffer_.prepare(kReadSize), [self = shared_from_this()](
                                                            error_code error, std::size_t size) {
      if (error) return;
      self->buffer_.commit(size);
      // The time runs from the first byte and is not prolonged by those that follow.
      if (std::exchange(self->idle_, false)) {
        self->stream_.expires_after(Milliseconds(self->server_.options.request_ms));
      }
      self->JudgeHead();
    });
  }

  void ReadMessage() {
    parser_.emplace();
    parser_->header_limit(kMaxHeadSize);
    parser_->body_limit(server_.options.max_body);
    on_chunk_ = [](std::uint64_t, beast::string_view extensions, error_code& error) {
      if (!extensions.empty()) error = beast::http::error::bad_chunk_extension;
    };
    parser_->on_chunk_header(on_chunk_);
    beast::http::async_read(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->OnMessage(error); });
  }

  void OnMessage(error_code error) {
    if (error == beast::http::error::body_limit) {
      return Answer(Refusal(kContentTooLarge, "The request's body is too large."), false);
    }
    if (error.category() ==
            beast::http::make_error_code(beast::http::error::bad_chunk).category() &&
        error != beast::http::error::end_of_stream &&
        error != beast::http::error::partial_message) {
      return Answer(Refusal(kBadRequest, "The request's body is not framed as its head says."),
                    false);
    }
    if (error) return;
    auto message = parser_->release();
    // The parser puts trailers among the fields, where they would pass for checked ones.
    if (static_cast<std::size_t>(std::distance(message.begin(), message.end())) !=
        verdict_.fields) {
      return Answer(Refusal(kBadRequest, "The request has fields after its body."), false);
    }
    const bool keep_alive = message.keep_alive();
    head_only_ = message.method() == beast::http::verb::head;
    Answer(Handle(ToRequest(std::move(message))), keep_alive);
  }

  Response Handle(const Request& request) {
    try {
      Response response = server_.handler(request);
      if (CanStandInHead(response)) return response;
    } catch (const std::exception&) {
      // Its text may quote data, so it is not shown.
    }
    return Refusal(kInternalError, "The server stopped at something it did not expect.");
  }

  void Answer(Response response, bool keep_alive) {
    keep_alive = keep_alive && !server_.stopping();
    answer_ = ToBeast(std::move(response), keep_alive, std::exchange(head_only_, false));
    stream_.expires_after(Milliseconds(server_.options.answer_ms));
    beast::http::async_write(
        stream_, answer_, [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
          if (error) return;
          if (keep_alive) return self->BeginRequest();
          self->stream_.socket().shutdown(tcp::socket::shutdown_send, error);
          self->stream_.expires_after(kDrainTime);
          self->Drain(0);
        });
  }

  /// Takes in and forgets what the client still sends: closing over unread bytes would reset the
  /// connection, and the client might never see the answer.
  void Drain(std::size_t drained) {
    if (drained > kMaxDrain) return;
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kReadSize), [self = shared_from_this(), drained](
                                                            error_code error, std::size_t size) {
      if (!error) self->Drain(drained + size);
    });
  }

  beast::tcp_stream stream_;
  Listener& server_;
  beast::flat_buffer buffer_;
  HeadVerdict verdict_;
  std::optional<BeastRequest> parser_;
  std::function<void(std::uint64_t, beast::string_view, error_code&)> on_chunk_;
  BeastResponse answer_;
  bool idle_ = true;
  bool head_only_ = false;
};

Status Listener::Start() {
  error_code error;
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), options.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    return Fail(Error{.code = ErrorCode::kIo, .message = "The server cannot listen."}
                    .Found(fmt::format("port {}: {}", options.port, error.message()))
                    .Next("stop what listens there, or choose another port"));
  }
  port_ = acceptor_.local_endpoint(error).port();
  asio::post(acceptor_.get_executor(), [this] { Accept(); });
  for (int i = 0; i < options.threads; ++i) {
    threads_.emplace_back([this] { io_.run(); });
  }
  return {};
}

void Listener::Accept() {
  acceptor_.async_accept(asio::make_strand(io_), [this](error_code error, tcp::socket socket) {
    if (stopping_ || error == asio::error::operation_aborted) return;
    if (!error) Enter(std::move(socket));
    Accept();
  });
}

void Listener::Enter(tcp::socket socket) {
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    if (connections_.size() >= options.max_connections) return;
    connection = std::make_shared<Connection>(std::move(socket), *this);
    connections_.insert(connection.get());
  }
  connection->Start();
}

void Listener::Leave(Connection* connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection);
  left_.notify_all();
}

void Listener::Stop() {
  if (stopping_.exchange(true)) return;
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
  });
  std::vector<std::shared_ptr<Connection>> open;
  std::unique_lock lock(mutex_);
  for (Connection* const connection : connections_) {
    // One that is ending just now can no longer be shared.
    if (auto shared = connection->weak_from_this().lock()) open.push_back(std::move(shared));
  }
  // The last to let go of a connection takes the lock to say so.
  lock.unlock();
  for (std::shared_ptr<Connection>& connection : open) {
    const auto executor = connection->executor();
    asio::post(executor, [closing = std::move(connection)] { closing->CloseIfIdle(); });
  }
  lock.lock();
  left_.wait_for(lock, std::chrono::milliseconds(options.stop_ms),
                 [this] { return connections_.empty(); });
  lock.unlock();
  io_.stop();
  threads_.clear();
  // The loop may have ended before it came to the acceptor; callers shall not wait at a dead door.
  error_code ignored;
  acceptor_.close(ignored);
}

Server::Server(std::unique_ptr<Listener> listener) : listener_(std::move(listener)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, Handler handler) {
  auto listener = std::make_unique<Listener>(options, std::move(handler));
  CANDOUR_TRY(listener->Start());
  return std::unique_ptr<Server>(new Server(std::move(listener)));
}

std::uint16_t Server::port() const { return listener_->port(); }
void Server::Stop() { listener_->Stop(); }

}  // namespace candour::http
