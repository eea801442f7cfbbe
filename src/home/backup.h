#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "home/backup_manifest.h"

namespace candour::home {

/// What a backup did.
struct BackupReport {
  BackupManifest manifest;
  std::string digest;              ///< of the manifest's bytes: the backup's name in the ledger
  std::uint64_t bytes = 0;         ///< that it holds
  std::uint64_t copied_bytes = 0;  ///< that were not there from the backup before
};

/// Copies a home into `folder`, which is made if it is not there: declarations, state, the ledger
/// with its private halves; never the root key or the checkpoint store. Mode 0700.
///
/// The home is opened and closed first, so that all that was recorded is signed; then it is held
/// locked while it is copied, so that all parts are of one moment. Made again into the same folder,
/// only what changed is copied. The manifest is replaced last: cut off at any moment, the folder
/// holds the backup before, or none.
///
/// `progress` is called with the part done, 0 to 1. Errors: those of Home::Open; kInvalidArgument
/// (a folder inside the home), kConflict (the folder holds something else or the backup of another
/// home), kHomeBusy, kIo. Threads: one at a time for a folder.
/// Format: docs/formats/backup.md.
Result<BackupReport> BackUpHome(const std::filesystem::path& home_dir,
                                const std::filesystem::path& folder, const Clock& clock,
                                const std::function<void(double)>& progress);

}  // namespace candour::home
