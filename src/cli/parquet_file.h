#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "engine/value.h"

namespace candour::cli {

/// Whether a file of that name can be made: asked before any data moves. Errors: kConflict.
Status CheckNew(const std::filesystem::path& file);

/// Writes an answer as a Parquet file of mode 0600, which must not exist yet: a file is never
/// overwritten. On an error there is no file. Errors: kConflict, kIo.
Status WriteParquet(const std::filesystem::path& file, const std::vector<engine::Column>& columns,
                    const std::vector<std::vector<engine::Value>>& rows);

}  // namespace candour::cli
