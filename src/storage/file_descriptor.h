#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace candour::storage {

/// A file descriptor of the operating system, closed at the end of its scope.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// The error for a system call that just failed on `path`: kNotFound for a file that is not there,
/// else kIo. `what` is the first half of the sentence, e.g. "Cannot read the file".
std::unexpected<Error> SystemCallFailed(std::string_view what, const std::filesystem::path& path);

}  // namespace candour::storage
