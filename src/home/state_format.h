#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace candour::home {

/// The format of a home's state/ that this program writes; docs/formats/home.md tells each.
inline constexpr int kStateFormat = 2;

/// What `state/home.json` says of a home.
struct StateFormat {
  int format = kStateFormat;
  std::string origin;             ///< of the ledger; settled by its first entry
  bool unsigned_entries = false;  ///< the ledger comes from a format that signed nothing
};

/// What format a home's state is in. A new home has the present one and no origin.
/// Errors: kUnsupported (a newer format), kCorruption (the file is damaged, or missing while the
/// ledger is there), kIo.
Result<StateFormat> ReadStateFormat(const std::filesystem::path& state_dir);

/// Notes it; durable on return. Errors: kIo.
Status WriteStateFormat(const std::filesystem::path& state_dir, const StateFormat& format);

/// Brings state/ to the present format. It may be cut off at any point and run again.
/// Changes `format` to what was noted. Errors: kIo.
Status MigrateState(const std::filesystem::path& state_dir, StateFormat& format);

/// Whether the home's ledger has any entry.
bool HasEntries(const std::filesystem::path& state_dir);

}  // namespace candour::home
