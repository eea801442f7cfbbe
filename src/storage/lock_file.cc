#include "storage/lock_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>

namespace candour::storage {

Result<LockFile> LockFile::Acquire(const std::filesystem::path& file) {
  FileDescriptor fd(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  // A disk that became read-only still takes the lock of a file that is there.
  if (!fd.valid() && errno == EROFS) {
    fd = FileDescriptor(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  }
  if (!fd.valid()) return SystemCallFailed("Cannot open the lock file", file);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemCallFailed("Cannot lock the file", file);
    return Fail(Error{.code = ErrorCode::kHomeBusy,
                      .message = fmt::format("Another process holds the lock: {}.", file.string())}
                    .Next("wait for the other process to end, or stop it"));
  }
  return LockFile(std::move(fd));
}

}  // namespace candour::storage
