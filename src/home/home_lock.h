#pragma once

#include <filesystem>

#include "base/result.h"
#include "storage/lock_file.h"

namespace candour::home {

/// Makes this process the one that owns the home, for as long as what it gives lives. A short
/// command may hold the home just now, so it waits up to five seconds.
/// Errors: kHomeBusy, kIo.
Result<storage::LockFile> LockHome(const std::filesystem::path& state_dir);

}  // namespace candour::home
