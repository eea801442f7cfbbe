#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "storage/filesystem.h"

namespace candour::storage {

/// Puts `bytes` into `file`, over what was there, so that at any time, over any crash, the file is
/// the old one or the new one and never half of it. Durable on return.
///
/// Its folder must exist; beside it a file with ".new" at its end comes and goes. Errors: kIo; the
/// old file then stands, or the new one without the promise that it survives a loss of power.
/// Cost: one sync of the file, one of the folder.
Status WriteDurably(Filesystem& files, const std::filesystem::path& file, std::string_view bytes);

}  // namespace candour::storage
