#include "storage/durable_file.h"

namespace candour::storage {
namespace {

Status WriteBeside(Filesystem& files, const std::filesystem::path& temporary,
                   std::string_view bytes) {
  CANDOUR_ASSIGN(const std::unique_ptr<AppendFile> file, files.Create(temporary));
  CANDOUR_TRY(file->Append(bytes));
  return file->Sync();
}

}  // namespace

Status WriteDurably(Filesystem& files, const std::filesystem::path& file, std::string_view bytes) {
  std::filesystem::path temporary = file;
  temporary += ".new";
  Status written = WriteBeside(files, temporary, bytes);
  if (written) written = files.Rename(temporary, file);
  if (!written) {
    // What is left of it does no harm when it cannot be removed: the next write begins it anew.
    static_cast<void>(files.Remove(temporary));
    return written;
  }
  return files.SyncDirectory(file.has_parent_path() ? file.parent_path() : ".");
}

}  // namespace candour::storage
