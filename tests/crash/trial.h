#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "attacked_log.h"
#include "merkle/compact_range.h"
#include "storage/faulty_filesystem.h"

namespace candour::crash {

/// One disk with one log on it, through many lives, and the promises that must hold all the while:
///
/// - every acknowledged entry is there, at the same index, with the same bytes;
/// - a batch that was refused is there whole or not at all, and never before the log is opened
///   again; what one life has served is there in the next;
/// - the root is that of RFC 6962 over the entries, so every root continues all earlier ones;
/// - nothing fails without a fault, and after an error while writing the log refuses to write.
///
/// Each breach is a failure of the test that runs. Threads: one at a time.
class Trial {
 public:
  explicit Trial(const Target& target) : target_(target) {}

  storage::FaultyFilesystem& disk() { return disk_; }

  /// Lets the operation that comes so many operations after the next one fail.
  void Strike(std::uint64_t operations, storage::Fault fault, std::size_t byte);

  /// Leaves room for so many bytes more than now, until the next Widen.
  void Narrow(std::uint64_t used_bytes, std::uint64_t more_bytes);
  void Widen();

  /// Opens the log and checks all promises; false if a fault kept it from opening.
  bool Open();

  /// Appends a batch; false once a fault has ended writing.
  bool Append(const Batch& batch);

  /// How a life ends; the next one begins with Open.
  void Kill();
  void PowerCycle(const storage::Survivors& survivors);

  /// A last life without faults: everything is there, the log takes a batch and keeps it over a
  /// loss of power that is drawn from `seed`.
  void ExpectSound(std::uint64_t seed);

  std::uint64_t power_cuts() const { return power_cuts_; }

 private:
  bool Struck() const;
  bool Excused(const Error& error) const;
  void CheckEntries(const Batch& entries);
  void CheckAfterRefusal();
  void Acknowledge(const Batch& batch);
  void EndLife();

  const Target& target_;
  storage::FaultyFilesystem disk_;
  std::unique_ptr<AttackedLog> log_;
  Batch certain_;              ///< entries that must be there
  Batch refused_;              ///< the last batch refused, which may be there after the next Open
  merkle::CompactRange tree_;  ///< over the certain ones
  std::uint64_t strikes_at_ = ~std::uint64_t{0};
  storage::Fault fault_ = storage::Fault::kIoError;
  bool narrow_ = false;
  std::uint64_t power_cuts_ = 0;
};

}  // namespace candour::crash
