#pragma once

#include <cstdint>

namespace candour::crash {

/// A number from the environment, `otherwise` if it is not set. A text that is no number is a
/// failure of the test that runs.
std::uint64_t Setting(const char* name, std::uint64_t otherwise);

}  // namespace candour::crash
