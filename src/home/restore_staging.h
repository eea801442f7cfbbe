#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>

#include "base/result.h"
#include "home/backup_manifest.h"
#include "home/hashed_copy.h"
#include "storage/filesystem.h"

namespace candour::home {

/// A backup on its way back into a home: it is put into a folder inside the home's, looked at
/// there, and moved into place. What was not moved goes away with this object.
class RestoreStaging {
 public:
  /// `dir` is new or empty. All arguments outlive this. `progress` is called with 0 to 1.
  RestoreStaging(const std::filesystem::path& backup, const BackupManifest& manifest,
                 const std::filesystem::path& dir, const std::function<void(double)>& progress);
  ~RestoreStaging();
  RestoreStaging(const RestoreStaging&) = delete;
  RestoreStaging& operator=(const RestoreStaging&) = delete;

  /// Where the files are put.
  std::filesystem::path folder() const { return dir_ / ".restoring"; }

  /// Reads all of the backup and writes nothing. Errors: kCorruption, naming the file; kIo.
  Status CheckAll();

  /// Copies all of it, checked once more, durably. Errors: kCorruption, kIo.
  Status CopyAll();

  /// Makes it the home: state/ comes last, for without it there is none. Errors: kIo.
  Status Move();

 private:
  OnBytes Advance();
  Status MakeFolder(const std::filesystem::path& made);

  const std::filesystem::path& backup_;
  const BackupManifest& manifest_;
  const std::filesystem::path& dir_;
  const std::function<void(double)>& progress_;
  storage::Filesystem& files_ = storage::MachineFilesystem();
  std::set<std::filesystem::path> folders_;
  std::uint64_t total_ = 0;
  std::uint64_t done_ = 0;
  bool made_ = false;
  bool made_dir_ = false;
};

}  // namespace candour::home
