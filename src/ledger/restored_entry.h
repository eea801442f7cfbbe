#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/checkpoint_store.h"
#include "ledger/copy.h"
#include "storage/filesystem.h"
#include "storage/journal.h"

namespace candour::ledger {

/// The backup that a log was put back from.
struct BackupSource {
  std::string manifest;  ///< SHA-256 of its manifest, in hex
  UtcTime time;          ///< when it was made
};

/// What a `restored` entry says: a log was closed, and goes on from here under another origin.
struct Restored {
  std::string origin;                  ///< as it goes on
  std::string closed;                  ///< as it was closed
  std::optional<SignedNote> last;      ///< what was signed for it last; none: nobody knows any more
  std::uint64_t kept = 0;              ///< how many of its entries are here
  std::optional<BackupSource> backup;  ///< none: the home went on with what it had
};

/// What the entry only commits to.
struct RestoredBy {
  std::string principal;
  std::string os_user;
  std::string reason;
};

/// What opens the commitments of a `restored` entry, with new blinding values.
/// Errors: kInvalidArgument (text that is not UTF-8).
Result<std::vector<Opening>> OpeningsOf(const RestoredBy& by);

/// The canonical bytes of the entry: docs/formats/entry.md. Errors: kInvalidArgument.
Result<std::string> EncodeRestored(UtcTime time, const Restored& restored,
                                   const std::vector<Opening>& openings);

/// Where in a journal a life of its log begins.
struct LifeStart {
  std::string origin;
  std::uint64_t index = 0;  ///< of its `restored` entry; 0 for the first life
};

/// The lives in which a log went on, as the `restored` entries of its journal say, oldest first;
/// none when it was never closed. Errors: kLedgerCorrupt, kIo.
/// Cost: a look at the type of every entry, in memory.
Result<std::vector<LifeStart>> LaterLives(const storage::Journal& journal);

/// Where the openings of entry `index` are kept, in a log's folder; a file each, because a log is
/// closed once in years.
std::filesystem::path OpeningsFile(const std::filesystem::path& log_folder, std::uint64_t index);

/// Keeps the openings; durable on return. Errors: kIo.
Status WriteOpenings(storage::Filesystem& files, const std::filesystem::path& file,
                     const std::vector<Opening>& openings);

/// Reads them again; none when the file is not there. Errors: kCorruption, kIo.
Result<std::vector<Opening>> ReadOpenings(storage::Filesystem& files,
                                          const std::filesystem::path& file);

/// Holds every `restored` entry of a log against what is kept of its openings.
/// Errors: kLedgerCorrupt, naming the entry; kCorruption, kIo.
Status VerifyRestored(storage::Filesystem& files, const std::filesystem::path& log_folder,
                      const storage::Journal& journal);

}  // namespace candour::ledger
