#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace candour {

void FailCheck(std::string_view kind, std::string_view what, const char* file, int line) {
  std::fprintf(stderr, "candour: broken %.*s at %s:%d: %.*s\n", static_cast<int>(kind.size()),
               kind.data(), file, line, static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace candour
