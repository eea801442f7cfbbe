#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace candour::cli {

/// All bytes of a file, or of standard input where `file` is "-".
///
/// Errors: kIo (it cannot be read; a folder cannot), `too_large` (it has more than `max_size`
/// bytes, no more of which are read). Threads: one for standard input, any for files.
Result<std::string> ReadInput(const std::string& file, std::size_t max_size, ErrorCode too_large);

}  // namespace candour::cli
