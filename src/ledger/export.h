#pragma once

#include <filesystem>
#include <functional>

#include "base/result.h"
#include "ledger/log.h"

namespace candour::ledger {

/// What an export holds beside checkpoint and tiles.
enum class ExportScope {
  kPublic,    ///< nothing: it may be shown to anybody
  kAuditors,  ///< bundles of all entries
};

/// Copies what a log has published into `folder`, a static log that any client of C2SP tlog-tiles
/// can read. Made again into the same folder it adds what is new; the checkpoint comes last.
///
/// `folder` is made if it is not there. `progress` is called with the part done, 0 to 1.
/// Errors: kNotFound (nothing is published yet), kConflict (the folder holds another log, or a
/// longer one), kIo. Threads: one at a time for a log.
Status ExportLog(const Log& log, const std::filesystem::path& folder, ExportScope scope,
                 const std::function<void(double)>& progress);

}  // namespace candour::ledger
