#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace candour::home {

/// A file that belongs into a backup.
struct SourceFile {
  std::string path;        ///< in the home, "/" between folders
  std::uint64_t size = 0;  ///< as it lies there
  bool is_store = false;   ///< a SQLite store: to be copied by SQLite, never as a file
};

/// What stays out of every backup, wherever it lies: whoever has it with the backup can sign, or
/// can make an old ledger look like the newest.
struct KeptOut {
  std::filesystem::path key_file;
  std::filesystem::path checkpoint_file;
};

/// The files of a home that a backup holds, sorted by path: its declarations, and all of state/ but
/// locks, unfinished files, what is published (it is made again) and what is to be kept out. A copy
/// of the root key is kept out under any name.
/// Errors: kHomeMissing, kCorruption (state/ holds a link or another thing that is no file), kIo.
Result<std::vector<SourceFile>> FilesToBackUp(const std::filesystem::path& home_dir,
                                              const KeptOut& kept_out);

}  // namespace candour::home
