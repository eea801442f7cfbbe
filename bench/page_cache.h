#pragma once

#include <filesystem>

namespace candour::bench {

/// Drops a file, or all files in a folder, from the page cache as far as the system lets go of
/// them, so that who reads them next waits for the disk.
void DropFromCache(const std::filesystem::path& path);

}  // namespace candour::bench
