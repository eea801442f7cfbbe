#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace candour::storage {

/// What the power leaves of what was not synced; what was synced is always there. Without a seed,
/// the same in every file, by the first two numbers.
struct Survivors {
  /// How many of the first unsynced bytes read as zeros: their page was not written.
  std::size_t zeroed = 0;
  /// How many unsynced bytes there are, the zeroed ones included.
  std::size_t kept = 0;
  /// Whether the changes of names that no sync of their folder saved are made all the same.
  bool names = false;
  /// If not 0, everything above is drawn from it instead, for each file and name on its own: an
  /// unsynced write is there, is not, or is in some of its sectors; a name is old or new.
  std::uint64_t seed = 0;
};

/// The bytes of one file of a FaultyFilesystem, as the running system sees them, and the writes
/// since the last sync, each of which a loss of power may undo. Holes read as zeros.
///
/// Threads: one at a time.
class CachedFile {
 public:
  /// What a disk writes whole or not at all.
  static constexpr std::size_t kSectorBytes = 512;

  /// A file whose bytes are all synced.
  explicit CachedFile(std::string synced = {}) : bytes_(synced), synced_(std::move(synced)) {}

  const std::string& bytes() const { return bytes_; }
  void Append(std::string_view bytes);
  void Truncate();

  /// Saves all writes but those that a failed sync has met. Cost: that of the bytes saved.
  void Sync();

  /// A sync fails: the writes it should have saved are read back while the system runs, and no
  /// later sync saves them, because the system takes their pages for written.
  void FailSync();

  /// Damage at rest, seen now and after any restart. `offset` is below the size.
  void Flip(std::size_t offset, std::uint8_t mask);

  /// What is read after a loss of power; from `random` only if the survivors have a seed.
  std::string AfterPowerCut(const Survivors& survivors, std::mt19937_64& random) const;

 private:
  struct Change {
    std::size_t offset = 0;
    std::string bytes;
    bool truncates = false;
    bool given_up = false;  ///< a sync failed on it
  };
  std::string AnySubset(std::mt19937_64& random) const;

  std::string bytes_;
  std::string synced_;
  std::vector<Change> unsynced_;  ///< oldest first
};

}  // namespace candour::storage
