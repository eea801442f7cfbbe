#pragma once

#include <filesystem>

#include "base/result.h"

namespace candour::home {

/// The file in state/ in which `init` notes where it made the key.
std::filesystem::path KeyNote(const std::filesystem::path& state_dir);

/// Makes the root key of a new home: in the file CANDOUR_KEY_FILE names, else under the user's
/// configuration folder. Returns where it is. Errors: kConflict (there is one), kIo.
Result<std::filesystem::path> MakeKey(const std::filesystem::path& home_dir);

/// Where the home's root key is: in the file CANDOUR_KEY_FILE names, else where `init` noted.
/// Errors: kNotFound.
Result<std::filesystem::path> FindKeyFile(const std::filesystem::path& state_dir);

/// Where the ledger's last signed checkpoints are kept: in the file CANDOUR_CHECKPOINT_FILE names,
/// else beside the key. What was signed must not travel back in time with a home's backup, so it
/// stays where the key stays.
std::filesystem::path CheckpointFile(const std::filesystem::path& key_file);

/// The folder in which emergencies are recorded while the ledger cannot be written: the one that
/// CANDOUR_BREAK_GLASS_FILE names, else beside the key. It works when the home's disk does not.
std::filesystem::path BreakGlassFolder(const std::filesystem::path& key_file);

}  // namespace candour::home
