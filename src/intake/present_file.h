#pragma once

#include <filesystem>
#include <memory>

#include "base/bitmap.h"
#include "base/result.h"
#include "storage/filesystem.h"

namespace candour::intake {

/// Writes the set of records that a dataset version holds rows of; durable on return.
/// Equal sets give equal bytes. Errors: kIo. Format: docs/formats/dataset_version.md.
Status WritePresent(storage::Filesystem& files, const std::filesystem::path& file,
                    const Bitmap& present);

/// Reads it back. Errors: kCorruption (not such a file, cut short, or changed), kIo, kNotFound.
/// Cost: linear; 5 million records are 625 KB.
Result<std::shared_ptr<const Bitmap>> ReadPresent(storage::Filesystem& files,
                                                  const std::filesystem::path& file);

}  // namespace candour::intake
