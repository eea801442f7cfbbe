#pragma once

#include <string_view>

namespace candour {

/// Prints `what` with its place and aborts. Used by the macros below; on in release builds too,
/// because a door that has broken its own rule must not go on.
[[noreturn]] void FailCheck(std::string_view kind, std::string_view what, const char* file,
                            int line);

}  // namespace candour

/// The caller broke the function's contract.
#define CANDOUR_REQUIRE(condition) \
  ((condition) ? void() : ::candour::FailCheck("contract", #condition, __FILE__, __LINE__))

/// We broke an invariant of our own.
#define CANDOUR_CHECK(condition) \
  ((condition) ? void() : ::candour::FailCheck("invariant", #condition, __FILE__, __LINE__))
