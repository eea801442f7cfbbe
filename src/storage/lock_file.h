#pragma once

#include <filesystem>

#include "base/result.h"
#include "storage/file_descriptor.h"

namespace candour::storage {

/// The right to be the one process that changes something, by a lock on a file. The operating
/// system takes it back when the process ends, however it ends, so that no stale lock is left.
///
/// The file stays behind, empty; taking it away would let two processes lock two files of one name.
/// Source: flock(2).
class LockFile {
 public:
  /// Errors: kHomeBusy (another process, or another LockFile of this one, has it), kIo.
  static Result<LockFile> Acquire(const std::filesystem::path& file);

 private:
  explicit LockFile(FileDescriptor fd) : fd_(std::move(fd)) {}
  FileDescriptor fd_;
};

}  // namespace candour::storage
