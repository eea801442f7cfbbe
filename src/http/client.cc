#include "http/client.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <utility>

#include "http/url.h"

namespace candour::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using BeastRequest = beast::http::request<beast::http::string_body>;
using BeastAnswer = beast::http::response<beast::http::string_body>;
using boost::system::error_code;

constexpr unsigned kHttp11 = 11;
constexpr std::uint32_t kMaxHeadSize = 16 * 1024;  // bytes

std::unexpected<Error> NoAnswer(const Url& url, const char* message, const error_code& error) {
  return Fail(Error{.code = ErrorCode::kUnavailable, .message = message}
                  .Found(fmt::format("{}: {}", url.Authority(), error.message()))
                  .Next("check that it runs and that the address is right; try again later"));
}

/// One exchange. Each step runs the loop until the step is done, so that one deadline, which the
/// stream keeps, holds for all of them.
class Exchange {
 public:
  Exchange(const Url& url, const ClientLimits& limits) : url_(url), limits_(limits), stream_(io_) {}

  Result<Response> Run(const BeastRequest& request) {
    CANDOUR_ASSIGN(const tcp::resolver::results_type endpoints, Resolve());
    stream_.expires_after(std::chrono::milliseconds(limits_.deadline_ms));
    if (const error_code error = Await([&](auto done) {
          stream_.async_connect(endpoints,
                                [done](error_code failed, const tcp::endpoint&) { done(failed); });
        })) {
      return NoAnswer(url_, "There is no connection to the server.", error);
    }
    if (const error_code error = Await([&](auto done) {
          beast::http::async_write(stream_, request,
                                   [done](error_code failed, std::size_t) { done(failed); });
        })) {
      return NoAnswer(url_, "The server does not take the request.", error);
    }
    return Read();
  }

 private:
  template <class Start>
  error_code Await(const Start& start) {
    error_code result;
    start([&result](error_code error) { result = error; });
    io_.restart();
    io_.run();
    return result;
  }

  Result<tcp::resolver::results_type> Resolve() {
    tcp::resolver resolver(io_);
    error_code error;
    auto endpoints = resolver.resolve(url_.host, std::to_string(url_.port),
                                      tcp::resolver::numeric_service, error);
    if (error) return NoAnswer(url_, "The server's name is not known.", error);
    return endpoints;
  }

  Result<Response> Read() {
    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.header_limit(kMaxHeadSize);
    parser.body_limit(limits_.max_body);
    if (const error_code error = Await([&](auto done) {
          beast::http::async_read(stream_, buffer, parser,
                                  [done](error_code failed, std::size_t) { done(failed); });
        })) {
      return NoAnswer(url_, "The server gives no answer that can be read.", error);
    }
    BeastAnswer message = parser.release();
    Response response{.status = static_cast<int>(message.result_int()), .content_type = {}};
    for (const auto& field : message) {
      const auto name = field.name_string();
      const auto value = field.value();
      if (field.name() == beast::http::field::content_type) {
        response.content_type.assign(value.data(), value.size());
      } else {
        response.fields.push_back(
            {std::string(name.data(), name.size()), std::string(value.data(), value.size())});
      }
    }
    response.body = std::move(message.body());
    return response;
  }

  const Url& url_;
  const ClientLimits& limits_;
  asio::io_context io_;
  beast::tcp_stream stream_;
};

Result<Response> Send(BeastRequest request, const std::string& address,
                      const ClientLimits& limits) {
  CANDOUR_ASSIGN(const Url url, ParseUrl(address));
  request.version(kHttp11);
  request.target(url.target);
  request.set(beast::http::field::host, url.Authority());
  request.keep_alive(false);
  return Exchange(url, limits).Run(request);
}

}  // namespace

Result<Response> Get(const std::string& url, const ClientLimits& limits) {
  BeastRequest request;
  request.method(beast::http::verb::get);
  return Send(std::move(request), url, limits);
}

Result<Response> Post(const std::string& url, std::string_view content_type, std::string body,
                      const ClientLimits& limits) {
  BeastRequest request;
  request.method(beast::http::verb::post);
  request.set(beast::http::field::content_type,
              beast::string_view(content_type.data(), content_type.size()));
  request.body() = std::move(body);
  request.content_length(request.body().size());
  return Send(std::move(request), url, limits);
}

}  // namespace candour::http
