#include "home/backup_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "home/hashed_copy.h"
#include "home/load.h"
#include "storage/filesystem.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStoreMark("SQLite format 3\0", 16);

bool IsUnfinishedOrLock(const std::string& name) {
  constexpr std::string_view kEndings[] = {".new", "-wal", "-shm", "-journal"};
  return name == "lock" ||
         std::ranges::any_of(kEndings, [&](std::string_view end) { return name.ends_with(end); });
}

/// state/ledger/LOG/public/…: hashes, made from the journal.
bool IsPublished(const fs::path& path) {
  std::vector<std::string> parts;
  for (const fs::path& part : path) parts.push_back(part.string());
  return parts.size() > 4 && parts[1] == "ledger" && parts[3] == "public";
}

class Collector {
 public:
  Collector(const fs::path& home, const KeptOut& kept_out) : home_(home), kept_out_(kept_out) {}

  Result<std::vector<SourceFile>> Collect() {
    CANDOUR_ASSIGN(const FileSum key, SumOf(kept_out_.key_file, {}));
    key_ = key;
    CANDOUR_ASSIGN(const LoadedFiles declared, LoadFiles(home_));
    for (const DeclarationFile& file : declared.files) CANDOUR_TRY(Add(file.path));
    std::error_code failure;
    fs::recursive_directory_iterator it(home_ / "state", failure);
    for (const fs::recursive_directory_iterator end; !failure && it != end; it.increment(failure)) {
      CANDOUR_TRY(AddOfState(*it));
    }
    if (failure) return Fail(ErrorCode::kIo, "The home's state folder cannot be read.");
    std::ranges::sort(files_, {}, &SourceFile::path);
    return std::move(files_);
  }

 private:
  Status AddOfState(const fs::directory_entry& entry) {
    const fs::path path = entry.path().lexically_relative(home_);
    const fs::file_status status = entry.symlink_status();
    if (fs::is_directory(status) || fs::is_socket(status)) return {};
    if (!fs::is_regular_file(status)) {
      return Fail(Error{.code = ErrorCode::kCorruption,
                        .message = fmt::format("The home's state holds what is no plain file: {}.",
                                               path.generic_string())}
                      .FixBy("the operator")
                      .Next("remove it, or put the file itself there"));
    }
    // Where the key lies is noted anew by a restore.
    if (IsUnfinishedOrLock(path.filename().string()) || IsPublished(path) ||
        path == fs::path("state") / "key_file") {
      return {};
    }
    return Add(path.generic_string());
  }

  Status Add(const std::string& path) {
    const fs::path file = home_ / path;
    std::error_code failure;
    const std::uint64_t size = fs::file_size(file, failure);
    if (failure) return Fail(ErrorCode::kIo, fmt::format("A file cannot be read: {}.", path));
    if (fs::equivalent(file, kept_out_.checkpoint_file, failure)) return {};
    if (size == key_.size) {
      CANDOUR_ASSIGN(const FileSum sum, SumOf(file, {}));
      if (sum == key_) return {};
    }
    bool is_store = false;
    if (size >= kStoreMark.size()) {
      CANDOUR_ASSIGN(const std::string start,
                     storage::MachineFilesystem().ReadRange(file, 0, kStoreMark.size()));
      is_store = start == kStoreMark;
    }
    files_.push_back({.path = path, .size = size, .is_store = is_store});
    return {};
  }

  const fs::path& home_;
  const KeptOut& kept_out_;
  FileSum key_;
  std::vector<SourceFile> files_;
};

}  // namespace

Result<std::vector<SourceFile>> FilesToBackUp(const fs::path& home_dir, const KeptOut& kept_out) {
  return Collector(home_dir, kept_out).Collect();
}

}  // namespace candour::home
