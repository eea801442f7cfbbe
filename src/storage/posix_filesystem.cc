#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "storage/file_descriptor.h"
#include "storage/filesystem.h"
#include "storage/lock_file.h"

namespace candour::storage {
namespace {

namespace fs = std::filesystem;

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(FileDescriptor fd, fs::path file) : fd_(std::move(fd)), file_(std::move(file)) {}

  Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return SystemCallFailed("Cannot write the file", file_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Status Sync() override {
    if (::fdatasync(fd_.get()) != 0) return SystemCallFailed("Cannot make the file durable", file_);
    return {};
  }

 private:
  FileDescriptor fd_;
  fs::path file_;
};

class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(LockFile lock) : lock_(std::move(lock)) {}

 private:
  LockFile lock_;
};

class PosixFilesystem final : public Filesystem {
 public:
  Result<std::unique_ptr<AppendFile>> OpenAppend(const fs::path& file) override {
    return OpenToWrite(file, O_APPEND);
  }

  Result<std::unique_ptr<AppendFile>> Create(const fs::path& file) override {
    return OpenToWrite(file, O_APPEND | O_TRUNC);
  }

  Result<std::string> Read(const fs::path& file) override {
    CANDOUR_ASSIGN(const FileDescriptor fd, OpenToRead(file));
    struct stat facts = {};
    if (::fstat(fd.get(), &facts) != 0) return SystemCallFailed("Cannot look at the file", file);
    return ReadAt(fd, file, 0, static_cast<std::size_t>(facts.st_size));
  }

  Result<std::string> ReadRange(const fs::path& file, std::uint64_t offset,
                                std::size_t size) override {
    CANDOUR_ASSIGN(const FileDescriptor fd, OpenToRead(file));
    return ReadAt(fd, file, offset, size);
  }

  Status Rename(const fs::path& from, const fs::path& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) {
      return SystemCallFailed("Cannot rename the file", from);
    }
    return {};
  }

  Status Remove(const fs::path& file) override {
    if (::unlink(file.c_str()) != 0) return SystemCallFailed("Cannot remove the file", file);
    return {};
  }

  Status SyncDirectory(const fs::path& folder) override {
    const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid() || ::fsync(fd.get()) != 0) {
      return SystemCallFailed("Cannot make the folder durable", folder);
    }
    return {};
  }

  Status SyncAll(const fs::path& folder) override {
    const FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid() || ::syncfs(fd.get()) != 0) {
      return SystemCallFailed("Cannot make the disk's files durable", folder);
    }
    return {};
  }

  Status MakeDirectory(const fs::path& folder) override {
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
    return SystemCallFailed("Cannot make the folder", folder);
  }

  Status RemoveDirectory(const fs::path& folder) override {
    if (::rmdir(folder.c_str()) != 0) return SystemCallFailed("Cannot remove the folder", folder);
    return {};
  }

  Result<std::vector<std::string>> List(const fs::path& folder) override {
    std::vector<std::string> names;
    std::error_code reason;
    for (fs::directory_iterator it(folder, reason), end; !reason && it != end;
         it.increment(reason)) {
      if (it->is_regular_file(reason)) names.push_back(it->path().filename().string());
    }
    if (reason) {
      errno = reason.value();
      return SystemCallFailed("Cannot list the folder", folder);
    }
    std::ranges::sort(names);
    return names;
  }

  Result<bool> Exists(const fs::path& file) override {
    struct stat facts = {};
    if (::stat(file.c_str(), &facts) == 0) return true;
    if (errno == ENOENT) return false;
    return SystemCallFailed("Cannot look for the file", file);
  }

  Result<std::unique_ptr<FileLock>> Lock(const fs::path& file) override {
    CANDOUR_ASSIGN(LockFile lock, LockFile::Acquire(file));
    return std::make_unique<PosixFileLock>(std::move(lock));
  }

 private:
  static Result<std::unique_ptr<AppendFile>> OpenToWrite(const fs::path& file, int flags) {
    constexpr int kAlways = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
    FileDescriptor fd(::open(file.c_str(), kAlways | flags, 0600));
    if (!fd.valid()) return SystemCallFailed("Cannot open the file for writing", file);
    return std::make_unique<PosixAppendFile>(std::move(fd), file);
  }

  static Result<FileDescriptor> OpenToRead(const fs::path& file) {
    FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.valid()) return SystemCallFailed("Cannot open the file", file);
    return fd;
  }

  static Result<std::string> ReadAt(const FileDescriptor& fd, const fs::path& file,
                                    std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t at = 0; at < size;) {
      const ssize_t got =
          ::pread(fd.get(), bytes.data() + at, size - at, static_cast<off_t>(offset + at));
      if (got < 0 && errno == EINTR) continue;
      if (got == 0) errno = EIO;  // shorter than it was
      if (got <= 0) return SystemCallFailed("Cannot read the file", file);
      at += static_cast<std::size_t>(got);
    }
    return bytes;
  }
};

}  // namespace

Filesystem& MachineFilesystem() {
  static PosixFilesystem filesystem;
  return filesystem;
}

}  // namespace candour::storage
