#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "storage/cached_names.h"
#include "storage/filesystem.h"

namespace candour::storage {

/// What goes wrong at one operation of a FaultyFilesystem.
enum class Fault {
  /// It fails. A write leaves its first bytes, a sync loses for ever what it should have saved.
  kIoError,
  /// The disk is full from here on: what takes space fails, a write leaves its first bytes. Room
  /// comes by removing or shortening files, or with a restart.
  kDiskFull,
  /// A write leaves its first bytes; it and all that comes after fail until PowerCycle or Kill.
  kPowerCut,
  /// A read gives one bit wrong, this once; other operations go well.
  kBitFlip,
};

/// Files in memory that behave as badly as a disk may, for tests: of what was not synced any part
/// is lost with the power (bytes by 512-byte sectors, names, removals), any operation can fail, the
/// disk can fill up, bits flip. Everything is drawn from seeds, so that each failure can be
/// replayed.
///
/// Every operation counts up `operations`; a test runs a workload once to learn their number and
/// then again for each of them with each fault. A failed sync of a folder may be repeated: file
/// systems keep names in a journal of their own, and stop when they cannot. Threads: any.
class FaultyFilesystem final : public Filesystem {
 public:
  /// From now on the operation of this number (from 0) fails so, once. `byte`: how many bytes of a
  /// write reach the file; in which byte of a read, counted round, the bit flips.
  void FailAt(std::uint64_t operation, Fault fault, std::size_t byte = 0);

  /// How many operations there have been.
  std::uint64_t operations() const;

  /// From now on the disk has room for so many bytes in all files together, and stays so.
  void SetSpace(std::uint64_t bytes);

  /// Changes the bits of `mask` in a byte of a file at rest. Errors: kNotFound, kInvalidArgument
  /// (the file is not so long).
  Status Damage(const std::filesystem::path& file, std::size_t offset, std::uint8_t mask);

  /// Takes the power away and gives it back: what was synced is there, and of the rest what
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
  Status SyncAll(const std::filesystem::path& folder) override;
  Status MakeDirectory(const std::filesystem::path& folder) override;
  Status RemoveDirectory(const std::filesystem::path& folder) override;
  Result<std::vector<std::string>> List(const std::filesystem::path& folder) override;
  Result<bool> Exists(const std::filesystem::path& file) override;
  Result<std::unique_ptr<FileLock>> Lock(const std::filesystem::path& file) override;

 private:
  class File;
  class HeldLock;
  /// What an operation does, which decides what can go wrong with it.
  enum class Kind { kLook, kRead, kSpace };
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  Status Begin(const std::filesystem::path& path, Kind kind, bool* struck = nullptr);
  Status Append(const std::filesystem::path& path, CachedFile& file, std::string_view bytes);
  Result<std::shared_ptr<CachedFile>> OpenToWrite(const std::filesystem::path& file);
  Result<std::shared_ptr<CachedFile>> Find(const std::filesystem::path& file) const;
  std::string AsRead(std::string bytes);
  std::uint64_t Room() const;
  void Restart();

  mutable std::mutex mutex_;  ///< of all below; held by every public function
  CachedNames names_;
  std::set<std::filesystem::path> locks_;
  std::uint64_t operations_ = 0;
  std::uint64_t generation_ = 0;  ///< counts restarts, so that old files stop working
  std::uint64_t fail_at_ = kNever;
  Fault fault_ = Fault::kIoError;
  std::size_t byte_ = 0;
  std::uint64_t space_bytes_ = kNever;
  std::uint64_t full_at_bytes_ = kNever;  ///< since a fault filled the disk
  bool flips_ = false;                    ///< the read that has begun gives a bit wrong
  bool power_ = true;
};

}  // namespace candour::storage
