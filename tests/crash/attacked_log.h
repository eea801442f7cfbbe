#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "storage/faulty_filesystem.h"
#include "storage/journal_frame.h"

namespace candour::crash {

/// The payloads of the entries of one batch, or of a whole log.
using Batch = std::vector<std::string>;

/// A log under attack: what takes entries in batches and promises to keep them.
class AttackedLog {
 public:
  virtual ~AttackedLog() = default;

  /// Appends a batch and gives the index of its first entry: from then on it is acknowledged.
  virtual Result<std::uint64_t> Append(const Batch& batch) = 0;

  /// All entries in the order of their indexes.
  virtual Result<Batch> ReadAll() const = 0;

  /// Checks all that is stored.
  virtual Status Verify() const = 0;

  /// The root over all entries, RFC 6962.
  virtual storage::TreeRoot Root() const = 0;
};

/// One kind of log and the way to open it, or make it, on a disk.
struct Target {
  std::string name;
  std::function<Result<std::unique_ptr<AttackedLog>>(storage::Filesystem&)> open;

  friend void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }
};

}  // namespace candour::crash
