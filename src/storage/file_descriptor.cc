#include "storage/file_descriptor.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace candour::storage {

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

std::unexpected<Error> SystemCallFailed(std::string_view what, const std::filesystem::path& path) {
  const int reason = errno;
  const ErrorCode code = reason == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
  return Fail(Error{.code = code, .message = fmt::format("{}: {}.", what, path.string())}.Found(
      std::strerror(reason)));
}

}  // namespace candour::storage
