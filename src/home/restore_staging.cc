#include "home/restore_staging.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace candour::home {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> DamagedFile(const BackupFile& file) {
  return Fail(
      Error{.code = ErrorCode::kCorruption,
            .message = fmt::format("A file of the backup is damaged or missing: {}.", file.path)}
          .Found(fmt::format("files/{}", file.sha256))
          .FixBy("the operator")
          .Next("use another backup"));
}

/// A path that stays inside the folder it is put in.
bool StaysInside(const std::string& path) {
  const fs::path parts(path);
  return !path.empty() && parts.is_relative() && parts.has_filename() &&
         std::ranges::none_of(parts, [](const fs::path& part) { return part == ".."; });
}

}  // namespace

RestoreStaging::RestoreStaging(const fs::path& backup, const BackupManifest& manifest,
                               const fs::path& dir, const std::function<void(double)>& progress)
    : backup_(backup), manifest_(manifest), dir_(dir), progress_(progress) {
  for (const BackupFile& file : manifest_.files) total_ += 2 * file.size;
}

RestoreStaging::~RestoreStaging() {
  std::error_code ignored;
  if (made_) fs::remove_all(folder(), ignored);
  if (made_dir_) fs::remove(dir_, ignored);  // only when it is empty
}

Status RestoreStaging::CheckAll() {
  for (const BackupFile& file : manifest_.files) {
    if (!StaysInside(file.path)) return DamagedFile(file);
    const auto sum = SumOf(ObjectFile(backup_, file.sha256), Advance());
    if (!sum || sum->sha256 != file.sha256 || sum->size != file.size) return DamagedFile(file);
  }
  return {};
}

Status RestoreStaging::CopyAll() {
  std::error_code failure;
  made_dir_ = fs::create_directories(dir_, failure);
  if (failure) {
    return Fail(ErrorCode::kIo, fmt::format("The folder cannot be made: {}.", dir_.string()));
  }
  made_ = true;
  CANDOUR_TRY(files_.MakeDirectory(folder()));
  CANDOUR_TRY(MakeFolder(folder() / "state"));
  for (const BackupFile& file : manifest_.files) {
    const fs::path to = folder() / file.path;
    CANDOUR_TRY(MakeFolder(to.parent_path()));
    CANDOUR_ASSIGN(const FileSum sum, CopyWithSum(ObjectFile(backup_, file.sha256), to, Advance()));
    if (sum.sha256 != file.sha256) return DamagedFile(file);
  }
  for (const fs::path& made : folders_) CANDOUR_TRY(files_.SyncDirectory(made));
  return files_.SyncDirectory(folder());
}

Status RestoreStaging::Move() {
  std::vector<fs::path> names;
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder(), failure)) {
    if (entry.path().filename() != "state") names.push_back(entry.path().filename());
  }
  if (failure) return Fail(ErrorCode::kIo, "The restored files cannot be listed.");
  names.emplace_back("state");
  made_dir_ = false;
  for (const fs::path& name : names) CANDOUR_TRY(files_.Rename(folder() / name, dir_ / name));
  CANDOUR_TRY(files_.RemoveDirectory(folder()));
  made_ = false;
  return files_.SyncDirectory(dir_);
}

OnBytes RestoreStaging::Advance() {
  return [this](std::uint64_t bytes) {
    done_ += bytes;
    if (progress_) progress_(static_cast<double>(done_) / static_cast<double>(total_));
  };
}

Status RestoreStaging::MakeFolder(const fs::path& made) {
  if (made == folder() || folders_.contains(made)) return {};
  CANDOUR_TRY(MakeFolder(made.parent_path()));
  CANDOUR_TRY(files_.MakeDirectory(made));
  folders_.insert(made);
  return {};
}

}  // namespace candour::home
