#include "page_cache.h"

#include <fcntl.h>
#include <unistd.h>

namespace candour::bench {
namespace {

namespace fs = std::filesystem;

void DropFile(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  fdatasync(descriptor);
  posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
  close(descriptor);
}

}  // namespace

void DropFromCache(const fs::path& path) {
  DropFile(path);
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
    if (entry.is_regular_file(error)) DropFile(entry.path());
  }
}

}  // namespace candour::bench
