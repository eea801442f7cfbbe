#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/aead.h"
#include "storage/filesystem.h"
#include "storage/journal.h"

namespace candour::ledger {

/// What a record of a break-glass file is: the type of its frames (docs/formats/break-glass.md).
enum class GlassRecordType : std::uint8_t {
  kFile = 1,      ///< the first: the file's own random id
  kStarted = 2,   ///< an access, before anything runs
  kFinished = 3,  ///< what came of it
  kDenied = 4,    ///< a request that was refused
  kSet = 5,       ///< a set of people that accesses name
  kGrant = 11,    ///< who broke the glass, why, and until when
};

/// One record, opened.
struct GlassRecord {
  std::uint64_t number = 0;  ///< of its first frame
  GlassRecordType type = GlassRecordType::kFile;
  std::string content;
};

/// What could be read of a break-glass file.
struct GlassReading {
  std::string id;  ///< of the file, hex; empty when not even that is whole
  std::vector<GlassRecord> records;
  std::optional<Error> damage;  ///< what follows the last of `records` was recorded and is lost
};

/// The file in a break-glass folder that is being written.
std::filesystem::path OpenGlassFile(const std::filesystem::path& folder);

/// Reads a break-glass file, whether or not it was ended well. A torn tail was never acknowledged
/// and is passed over; what a damaged file holds before its first bad byte is given.
/// Errors: kNotFound, kIo. Cost: the file's size in memory.
Result<GlassReading> ReadGlassFile(storage::Filesystem& files, const std::filesystem::path& file,
                                   const crypto::Aead& seal);

/// The durable record of an emergency, apart from the ledger: sealed records in a journal.
///
/// The folder belongs to one process (the caller holds the home's lock). Threads: one at a time.
class BreakGlassFile {
 public:
  /// Opens or makes the file in `folder`, which is made when its parent exists.
  /// Errors: kLedgerCorrupt (damage), kCorruption (sealed with another key), kIo.
  static Result<BreakGlassFile> Open(storage::Filesystem& files,
                                     const std::filesystem::path& folder, const crypto::Aead& seal);

  /// Adds records, all or none, durable on return. Gives the number of the first; `record.number`
  /// of each is filled in. One sync.
  /// Errors: kExhausted (the file is full), kLedgerReadOnly (an earlier error), kIo.
  Result<std::uint64_t> Append(std::span<GlassRecord> added);

  const std::string& id() const { return id_; }
  const std::vector<GlassRecord>& records() const { return records_; }

 private:
  BreakGlassFile(storage::Journal journal, const crypto::Aead& seal)
      : journal_(std::move(journal)), seal_(&seal) {}

  storage::Journal journal_;
  const crypto::Aead* seal_;
  std::string id_;
  std::vector<GlassRecord> records_;
  std::uint64_t bytes_ = 0;
};

}  // namespace candour::ledger
