#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "home/declarations.h"
#include "home/read.h"

namespace candour::home {

/// The most declaration files a home may hold.
inline constexpr std::size_t kMaxDeclarationFiles = 10'000;

/// The files of a home's folder, and what is wrong with them as files.
struct LoadedFiles {
  std::vector<DeclarationFile> files;
  Diagnostics errors;
};

/// Reads the declaration files of the home at `dir` without understanding them.
///
/// Left alone: state/, hidden entries, README and LICENSE files. Everything else at the top and in
/// the folders of declarations is handed on, so that a misspelt folder is reported and not skipped;
/// other folders at the top are reported unless sources.allow names them.
/// Refused, one error each: links that lead out of the home, what is no plain file, files over
/// 1 MiB, more files than kMaxDeclarationFiles.
/// Errors: kHomeMissing (no folder), kIo. Cost: one read of each file.
Result<LoadedFiles> LoadFiles(const std::filesystem::path& dir);

/// LoadFiles and ReadDeclarations: what the home at `dir` declares and all that is wrong with it.
Result<Reading> LoadHome(const std::filesystem::path& dir);

}  // namespace candour::home
