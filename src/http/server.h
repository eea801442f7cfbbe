#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace candour::http {

/// Answers one request. It is called on a thread of the server, on several at the same time. What
/// it throws is answered with 500 and not shown.
using Handler = std::function<Response(const Request&)>;

class Listener;

struct ServerOptions {
  std::uint16_t port = 0;                                       ///< 0: any free one
  std::vector<std::string> hosts = {"127.0.0.1", "localhost"};  ///< names it answers to
  std::size_t max_body = 1 << 20;                               ///< bytes
  std::size_t max_connections = 256;                            ///< further ones are closed at once
  int threads = 2;
  std::int64_t idle_ms = 30'000;     ///< until a request's first byte
  std::int64_t request_ms = 10'000;  ///< from there to its last byte
  std::int64_t answer_ms = 10'000;   ///< until the answer is written
  std::int64_t stop_ms = 2'000;      ///< that a stop waits for answers under way
};

/// An HTTP/1.1 server on this machine's own address 127.0.0.1, and on no other: who wants it
/// reachable from elsewhere puts a proxy with TLS before it.
///
/// It refuses every request whose framing could be read in more than one way (see CheckHead), also
/// in chunks: extensions and trailers. Its deadlines hold for a whole request, however slowly its
/// bytes come. Threads: Start and Stop by one.
class Server {
 public:
  /// Listens and serves when it returns. Errors: kIo (the port is taken, or cannot be had).
  static Result<std::unique_ptr<Server>> Start(const ServerOptions& options, Handler handler);

  /// As Stop().
  ~Server();

  /// The port it listens on.
  std::uint16_t port() const;

  /// Takes no more requests, lets answers under way finish within `stop_ms`, then ends. A second
  /// call does nothing.
  void Stop();

 private:
  explicit Server(std::unique_ptr<Listener> listener);
  std::unique_ptr<Listener> listener_;
};

}  // namespace candour::http
