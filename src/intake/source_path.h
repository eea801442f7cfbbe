#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalogue/dataset.h"

namespace candour::intake {

/// Where sources may be read from, as candour.yaml says under `sources.allow`.
struct AllowedSources {
  std::filesystem::path home_dir;
  std::filesystem::path state_dir;   ///< never a source, even when it lies in an allowed folder
  std::vector<std::string> entries;  ///< folders, relative to the home, or "postgresql:HOST"
};

/// The file a dataset's source names, with every link followed, once it is known to lie in an
/// allowed folder.
///
/// Errors: kSourceNotAllowed (outside, also by a link or ".."), kDataInvalid (no such file, not a
/// plain file, or a name that the engine would take for a pattern).
/// Threads: any. Not promised: that nobody swaps the file afterwards; who can write in an allowed
/// folder decides what is read from it anyway.
Result<std::filesystem::path> ResolveSourceFile(const catalogue::Dataset& dataset,
                                                const AllowedSources& allowed);

/// Whether `entries` allow the PostgreSQL server `host`.
bool AllowsPostgresHost(const AllowedSources& allowed, std::string_view host);

}  // namespace candour::intake
