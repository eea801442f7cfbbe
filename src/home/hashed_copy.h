#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"

namespace candour::home {

/// What a file's bytes are.
struct FileSum {
  std::string sha256;  ///< in hex
  std::uint64_t size = 0;
  bool operator==(const FileSum&) const = default;
};

/// Told of bytes as they are read, for a progress bar.
using OnBytes = std::function<void(std::uint64_t bytes)>;

/// Reads a file of any size, a piece at a time. Errors: kNotFound, kIo.
Result<FileSum> SumOf(const std::filesystem::path& file, const OnBytes& on_bytes);

/// Copies a file over what is at `to`, mode 0600, and says what was copied. The bytes are durable
/// on return, the name once its folder is synced. Errors: kNotFound, kIo.
Result<FileSum> CopyWithSum(const std::filesystem::path& from, const std::filesystem::path& to,
                            const OnBytes& on_bytes);

}  // namespace candour::home
