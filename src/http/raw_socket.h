#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace candour::http {

/// A connection on this machine that sends just the bytes it is given, for tests. It gives up
/// after ten seconds.
class RawSocket {
 public:
  static RawSocket ConnectTo(std::uint16_t port) {
    RawSocket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in to = Loopback(port);
    made.connected_ = ::connect(made.fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    return made;
  }
  /// Listens on a free port.
  static RawSocket Listen() {
    RawSocket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in at = Loopback(0);
    made.connected_ = ::bind(made.fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0 &&
                      ::listen(made.fd_, 8) == 0;
    return made;
  }
  RawSocket Accept() const { return RawSocket(::accept(fd_, nullptr, nullptr)); }

  RawSocket(RawSocket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }

  bool connected() const { return connected_; }
  std::uint16_t port() const {
    sockaddr_in at = {};
    socklen_t size = sizeof at;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    return ntohs(at.sin_port);
  }

  void Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // the other side has closed, which is what some tests want
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// That nothing more will be sent.
  void EndSending() const { ::shutdown(fd_, SHUT_WR); }

  /// What comes until the other side closes.
  std::string ReadAll() const {
    std::string all;
    while (ReadSome(all)) {
    }
    return all;
  }
  /// What comes until `end` has come.
  std::string ReadTo(std::string_view end) const {
    std::string all;
    while (!all.contains(end) && ReadSome(all)) {
    }
    return all;
  }

 private:
  explicit RawSocket(int fd) : fd_(fd) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  static sockaddr_in Loopback(std::uint16_t port) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  bool ReadSome(std::string& all) const {
    char bytes[4096];
    const ssize_t size = ::recv(fd_, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    all.append(bytes, static_cast<std::size_t>(size));
    return true;
  }

  int fd_;
  bool connected_ = true;
};

}  // namespace candour::http
