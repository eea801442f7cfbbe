#include "home/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "home/backup_custody.h"
#include "home/backup_source.h"
#include "home/custody.h"
#include "home/hashed_copy.h"
#include "home/home.h"
#include "home/home_lock.h"
#include "home/state_format.h"
#include "ledger/restore.h"
#include "storage/durable_file.h"
#include "storage/sqlite.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> NotFree(std::string_view message) {
  return Fail(Error{.code = ErrorCode::kConflict, .message = std::string(message)}.Next(
      "name a folder of its own for the backups of this home"));
}

/// The folder for the backups of one home, made if it is not there, and nothing else in it.
Status PrepareFolder(const fs::path& home_dir, const fs::path& folder) {
  std::error_code failure;
  const fs::path home = fs::weakly_canonical(home_dir, failure);
  const fs::path target = fs::weakly_canonical(folder, failure);
  if (std::ranges::mismatch(home, target).in1 == home.end()) {
    return Fail(Error{.code = ErrorCode::kInvalidArgument,
                      .message = "A backup cannot lie in the home that it is of."}
                    .Next("name a folder outside the home, best on another machine"));
  }
  fs::create_directories(folder / "files", failure);
  if (!failure) fs::permissions(folder, fs::perms::owner_all, failure);
  if (!failure) fs::permissions(folder / "files", fs::perms::owner_all, failure);
  if (failure) {
    return Fail(ErrorCode::kIo,
                fmt::format("The backup's folder cannot be made: {}.", folder.string()));
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
    const std::string name = entry.path().filename().string();
    if (name != "files" && !name.starts_with("manifest.json")) {
      return NotFree("The folder holds something else than backups.");
    }
  }
  return {};
}

/// Copies the files of a home that is locked.
class BackupWriter {
 public:
  BackupWriter(fs::path home, fs::path folder, const std::function<void(double)>& progress)
      : home_(std::move(home)), folder_(std::move(folder)), progress_(progress) {}

  Status CopyAll(const std::vector<SourceFile>& sources) {
    for (const SourceFile& source : sources) expected_ += source.size;
    for (const SourceFile& source : sources) {
      done_before_ = done_;
      CANDOUR_ASSIGN(const FileSum sum, source.is_store ? CopyStore(source) : CopyFile(source));
      done_ = done_before_ + source.size;
      report.manifest.files.push_back(
          {.path = source.path, .sha256 = sum.sha256, .size = sum.size});
      report.bytes += sum.size;
    }
    return files_.SyncDirectory(folder_ / "files");
  }

  Status Finish(const crypto::Secret& key) {
    CANDOUR_ASSIGN(const std::string text, EncodeManifest(report.manifest, key));
    CANDOUR_TRY(storage::WriteDurably(files_, ManifestFile(folder_), text));
    report.digest = ManifestDigest(text);
    return RemoveOthers();
  }

  BackupReport report;

 private:
  fs::path Unfinished() const { return folder_ / "files" / "copy.new"; }

  void Advance(std::uint64_t bytes) {
    // A file is read once to know it and perhaps once more to copy it; the bar counts it once.
    done_ = std::min(done_ + bytes, expected_);
    if (progress_ && expected_ > 0) {
      progress_(static_cast<double>(done_) / static_cast<double>(expected_));
    }
  }

  /// Whether the file of these bytes is there, and holds them still.
  bool Holds(const FileSum& sum) {
    const auto there = SumOf(ObjectFile(folder_, sum.sha256), {});
    return there && *there == sum;
  }

  Status Keep(const FileSum& sum) {
    report.copied_bytes += sum.size;
    return files_.Rename(Unfinished(), ObjectFile(folder_, sum.sha256));
  }

  Result<FileSum> CopyFile(const SourceFile& source) {
    const auto on_bytes = [this](std::uint64_t bytes) { Advance(bytes); };
    CANDOUR_ASSIGN(const FileSum sum, SumOf(home_ / source.path, on_bytes));
    if (Holds(sum)) return sum;
    CANDOUR_ASSIGN(const FileSum copied, CopyWithSum(home_ / source.path, Unfinished(), {}));
    if (copied != sum) {
      return Fail(ErrorCode::kConflict,
                  fmt::format("A file changed while it was copied: {}.", source.path));
    }
    CANDOUR_TRY(Keep(sum));
    return sum;
  }

  Result<FileSum> CopyStore(const SourceFile& source) {
    std::error_code ignored;
    fs::remove(Unfinished(), ignored);
    {
      CANDOUR_ASSIGN(const storage::Sqlite store, storage::Sqlite::Open(home_ / source.path));
      CANDOUR_TRY(store.CopyToFile(Unfinished()));
    }
    CANDOUR_ASSIGN(const FileSum sum, SumOf(Unfinished(), {}));
    Advance(source.size);
    if (Holds(sum)) {
      CANDOUR_TRY(files_.Remove(Unfinished()));
      return sum;
    }
    CANDOUR_ASSIGN(const std::unique_ptr<storage::AppendFile> copy,
                   files_.OpenAppend(Unfinished()));
    CANDOUR_TRY(copy->Sync());
    CANDOUR_TRY(Keep(sum));
    return sum;
  }

  /// Takes away what only an older backup, or one that was cut off, needed.
  Status RemoveOthers() {
    std::set<std::string> needed;
    for (const BackupFile& file : report.manifest.files) needed.insert(file.sha256);
    CANDOUR_ASSIGN(const std::vector<std::string> names, files_.List(folder_ / "files"));
    for (const std::string& name : names) {
      if (!needed.contains(name)) CANDOUR_TRY(files_.Remove(folder_ / "files" / name));
    }
    return files_.SyncDirectory(folder_ / "files");
  }

  fs::path home_;
  fs::path folder_;
  const std::function<void(double)>& progress_;
  storage::Filesystem& files_ = storage::MachineFilesystem();
  std::uint64_t expected_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t done_before_ = 0;
};

/// The extents of both logs, which must be what was signed, or the copy would not be of one moment.
Result<std::vector<ledger::LogExtent>> SignedExtents(const ledger::LedgerSettings& settings) {
  CANDOUR_ASSIGN(std::vector<ledger::LogStanding> standings, ledger::ReadStandings(settings));
  std::vector<ledger::LogExtent> extents;
  for (ledger::LogStanding& log : standings) {
    if (!log.last || log.last->checkpoint.root != log.extent.root) {
      return Fail(
          Error{.code = ErrorCode::kHomeBusy, .message = "The ledger went on before it was copied."}
              .Next("make the backup again"));
    }
    extents.push_back(std::move(log.extent));
  }
  return extents;
}

}  // namespace

Result<BackupReport> BackUpHome(const fs::path& home_dir, const fs::path& folder,
                                const Clock& clock, const std::function<void(double)>& progress) {
  const fs::path state = home_dir / "state";
  CANDOUR_TRY(Home::Open(home_dir, clock));
  CANDOUR_ASSIGN(const storage::LockFile lock, LockHome(state));
  CANDOUR_ASSIGN(const fs::path key_file, FindKeyFile(state));
  CANDOUR_ASSIGN(const BackupCustody custody, ReadCustody(key_file));
  CANDOUR_ASSIGN(const StateFormat format, ReadStateFormat(state));
  CANDOUR_TRY(PrepareFolder(home_dir, folder));
  const auto before = ReadManifest(folder, custody.backup_key);
  if (before ? before->origin != format.origin : before.error().code != ErrorCode::kNotFound) {
    return NotFree("The folder holds the backup of another home, or one that is damaged.");
  }
  BackupWriter writer(home_dir, folder, progress);
  BackupManifest& manifest = writer.report.manifest;
  manifest.time = clock.Now();
  manifest.origin = format.origin;
  CANDOUR_ASSIGN(manifest.logs, SignedExtents(LedgerSettingsOf(custody, state, format.origin)));
  CANDOUR_ASSIGN(const std::vector<SourceFile> sources,
                 FilesToBackUp(home_dir, {.key_file = custody.key_file,
                                          .checkpoint_file = custody.checkpoint_file}));
  CANDOUR_TRY(writer.CopyAll(sources));
  CANDOUR_TRY(writer.Finish(custody.backup_key));
  return std::move(writer.report);
}

}  // namespace candour::home
