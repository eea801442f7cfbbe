#include "crypto/secret_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace candour::crypto {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

/// "The key file is open to others: PATH."
Error FileError(ErrorCode code, std::string_view what, std::string_view state,
                const fs::path& file) {
  return Error{.code = code, .message = fmt::format("The {} {}: {}.", what, state, file.string())};
}

std::unexpected<Error> SystemError(std::string_view what, std::string_view state,
                                   const fs::path& file) {
  const int reason = errno;
  return Fail(FileError(ErrorCode::kIo, what, state, file).Found(std::strerror(reason)));
}

Status SyncFolderOf(std::string_view what, const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) {
    return SystemError(what, "cannot be made durable", file);
  }
  return {};
}

Status WriteDurably(int fd, std::string_view what, std::string_view bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return SystemError(what, "cannot be written", file);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  // The mode is set again because the process's umask may have taken the owner's own bits away.
  if (::fchmod(fd, S_IRUSR | S_IWUSR) != 0 || ::fsync(fd) != 0) {
    return SystemError(what, "cannot be made durable", file);
  }
  return {};
}

/// The file's size, once it is seen that only its owner reads it.
Result<std::size_t> CheckFile(int fd, std::string_view what, const fs::path& file,
                              std::size_t most_bytes) {
  struct stat facts = {};
  if (::fstat(fd, &facts) != 0) return SystemError(what, "cannot be looked at", file);
  if (!S_ISREG(facts.st_mode)) {
    return Fail(FileError(ErrorCode::kCorruption, what, "is not a plain file", file));
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0 || facts.st_uid != ::geteuid()) {
    return Fail(FileError(ErrorCode::kHomePermissions, what, "is open to others", file)
                    .Expected("mode 0600, owned by the user who runs Candour")
                    .Found(fmt::format("mode {:04o}", facts.st_mode & 07777))
                    .Next(fmt::format("chmod 600 {}", file.string())));
  }
  if (facts.st_size < 0 || static_cast<std::size_t>(facts.st_size) > most_bytes) {
    return Fail(FileError(ErrorCode::kCorruption, what, "has the wrong size", file)
                    .Expected(fmt::format("at most {} bytes", most_bytes))
                    .Found(fmt::format("{} bytes", facts.st_size)));
  }
  return static_cast<std::size_t>(facts.st_size);
}

}  // namespace

Result<Secret> ReadSecretFile(std::string_view what, const fs::path& file, std::size_t most_bytes) {
  // O_NONBLOCK: opening a pipe put in the file's place must not hang.
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (fd.get() < 0 && errno == ENOENT) {
    return Fail(FileError(ErrorCode::kNotFound, what, "is not there", file));
  }
  if (fd.get() < 0) return SystemError(what, "cannot be opened", file);
  CANDOUR_ASSIGN(const std::size_t size, CheckFile(fd.get(), what, file, most_bytes));
  Secret bytes(size);
  for (std::size_t at = 0; at < size;) {
    const ssize_t got = ::read(fd.get(), bytes.Fill() + at, size - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return SystemError(what, "cannot be read", file);
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

Status CreateSecretFile(std::string_view what, const fs::path& file, std::string_view bytes) {
  const Descriptor fd(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (fd.get() < 0 && errno == EEXIST) {
    return Fail(FileError(ErrorCode::kConflict, what, "is there already", file));
  }
  if (fd.get() < 0) return SystemError(what, "cannot be made", file);
  CANDOUR_TRY(WriteDurably(fd.get(), what, bytes, file));
  return SyncFolderOf(what, file);
}

Status ReplaceSecretFile(std::string_view what, const fs::path& file, std::string_view bytes) {
  fs::path beside = file;
  beside += ".new";
  // What an interrupted call left there is of no use to anybody.
  if (::unlink(beside.c_str()) != 0 && errno != ENOENT) {
    return SystemError(what, "cannot be replaced", beside);
  }
  Status written = CreateSecretFile(what, beside, bytes);
  if (written && std::rename(beside.c_str(), file.c_str()) != 0) {
    written = SystemError(what, "cannot be replaced", file);
  }
  if (!written) {
    ::unlink(beside.c_str());
    return written;
  }
  return SyncFolderOf(what, file);
}

}  // namespace candour::crypto
