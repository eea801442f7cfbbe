#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "storage/filesystem.h"

namespace candour::storage {

/// What goes wrong at one operation of a FaultyFilesystem.
enum class Fault {
  kIoError,   ///< it fails; a write leaves its first bytes, a sync loses what it should have saved
  kDiskFull,  ///< a write leaves its first bytes and fails; other operations fail as they are
  kPowerCut,  ///< a write leaves its first bytes; it and all after it fail until PowerOn
};

/// What survives a loss of power of the bytes that were appended and not synced, in each file.
struct Survivors {
  std::size_t zeroed =
      0;                 ///< how many of the first bytes read as zeros: their page was not written
  std::size_t kept = 0;  ///< how many bytes there are, the zeroed ones included
};

/// Files in memory that behave as badly as a disk may, for tests: what was not synced is lost with
/// the power (bytes, names, removals), writes tear at any byte, any operation can fail.
///
/// Every operation counts up `operations`; a test runs a workload once to learn their number and
/// then again for each of them with a fault. Threads: one at a time.
class FaultyFilesystem final : public Filesystem {
 public:
  /// From now on the operation of this number (from 0) fails so, once. `torn_bytes` of a write
  /// reach the file.
  void FailAt(std::uint64_t operation, Fault fault, std::size_t torn_bytes = 0);

  /// How many operations there have been.
  std::uint64_t operations() const { return operations_; }

  /// Takes the power away and gives it back: only what was synced is there, and of the rest what
  /// `survivors` says. Locks are free, files that were open no longer work.
  void PowerCycle(Survivors survivors = {});

  /// Ends the process as kill -9 does: the operating system keeps all that was written.
  void Kill();

  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::filesystem::path& file) override;
  Result<std::unique_ptr<AppendFile>> Create(const std::filesystem::path& file) override;
  Result<std::string> Read(const std::filesystem::path& file) override;
  Result<std::string> ReadRange(const std::filesystem::path& file, std::uint64_t offset,
                                std::size_t size) override;
  Status Rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  Status Remove(const std::filesystem::path& file) override;
  Status SyncDirectory(const std::filesystem::path& folder) override;
  Status MakeDirectory(const std::filesystem::path& folder) override;
  Result<std::vector<std::string>> List(const std::filesystem::path& folder) override;
  Result<bool> Exists(const std::filesystem::path& file) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::filesystem::path& file) override;

 private:
  class File;
  class HeldLock;
  struct Content {
    std::string bytes;   ///< as the running system sees them
    std::string synced;  ///< as they are after a loss of power
    bool lost = false;   ///< a sync failed: later ones say yes and save nothing
  };
  using Names = std::map<std::filesystem::path, std::shared_ptr<Content>>;

  /// Counts the operation; gives the fault that strikes it, or an error once the power is off.
  Status Begin(const std::filesystem::path& path, const Fault** fault = nullptr);
  Result<std::shared_ptr<Content>> Find(const std::filesystem::path& file) const;

  Names live_;
  Names durable_;
  std::set<std::filesystem::path> locks_;
  std::uint64_t operations_ = 0;
  std::uint64_t generation_ = 0;  ///< counts restarts, so that old files stop working
  std::uint64_t fail_at_ = ~std::uint64_t{0};
  Fault fault_ = Fault::kIoError;
  std::size_t torn_bytes_ = 0;
  bool power_ = true;
};

}  // namespace candour::storage
