#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candour::storage {

/// A file open for writing at its end.
class AppendFile {
 public:
  virtual ~AppendFile() = default;

  /// Writes all of `bytes` at the end. After an error any part of them may be there.
  virtual Status Append(std::string_view bytes) = 0;

  /// Makes all that was appended survive a loss of power. An error is final: the operating system
  /// may have dropped the bytes, and a second call that succeeds proves nothing.
  virtual Status Sync() = 0;
};

/// A lock that lasts as long as this object, and no longer than the process.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

/// The seam to the machine's files, for what must be durable. Tests put FaultyFilesystem here.
///
/// New files have mode 0600, new folders 0700. Errors: kIo unless said otherwise; the message names
/// the path. Threads: any, but one at a time for a file.
class Filesystem {
 public:
  virtual ~Filesystem() = default;

  /// Opens a file to append to it; makes it when there is none.
  virtual Result<std::unique_ptr<AppendFile>> OpenAppend(const std::filesystem::path& file) = 0;

  /// Makes an empty file, over one that is there.
  virtual Result<std::unique_ptr<AppendFile>> Create(const std::filesystem::path& file) = 0;

  /// The whole file. Errors: kNotFound, kIo.
  virtual Result<std::string> Read(const std::filesystem::path& file) = 0;

  /// `size` bytes from `offset`. Errors: kNotFound, kIo (the file is shorter, too).
  virtual Result<std::string> ReadRange(const std::filesystem::path& file, std::uint64_t offset,
                                        std::size_t size) = 0;

  /// Gives a file another name, over one that is there; durable after SyncDirectory.
  virtual Status Rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;

  /// Takes a file away; durable after SyncDirectory. Errors: kNotFound, kIo.
  virtual Status Remove(const std::filesystem::path& file) = 0;

  /// Makes the names in a folder survive a loss of power.
  virtual Status SyncDirectory(const std::filesystem::path& folder) = 0;

  /// Makes everything that was written to the file system of `folder` survive a loss of power,
  /// bytes and names: for very many files together, each of which would cost a sync. What others
  /// wrote is waited for too. An error may concern any file.
  virtual Status SyncAll(const std::filesystem::path& folder) = 0;

  /// Makes a folder, whose parent exists; nothing happens when it is there.
  virtual Status MakeDirectory(const std::filesystem::path& folder) = 0;

  /// Takes an empty folder away; durable after SyncDirectory of its parent. Errors: kIo.
  virtual Status RemoveDirectory(const std::filesystem::path& folder) = 0;

  /// The names of the plain files in a folder, sorted.
  virtual Result<std::vector<std::string>> List(const std::filesystem::path& folder) = 0;

  /// Whether there is a file of that name.
  virtual Result<bool> Exists(const std::filesystem::path& file) = 0;

  /// Takes the lock that `file` stands for. Errors: kHomeBusy (another process has it), kIo.
  virtual Result<std::unique_ptr<FileLock>> Lock(const std::filesystem::path& file) = 0;
};

/// The files of this machine. Threads: any.
Filesystem& MachineFilesystem();

}  // namespace candour::storage
