#include "intake/adopt.h"

#include <fmt/format.h>

#include <optional>

#include "intake/dataset_version.h"
#include "intake/identify.h"
#include "intake/materialise.h"
#include "intake/present_file.h"
#include "intake/read_source.h"
#include "intake/sealed_version.h"
#include "storage/filesystem.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;
using catalogue::Dataset;

/// The register's transaction; undone unless it was committed.
class RegisterChange {
 public:
  static Result<RegisterChange> Begin(people::Register& people) {
    CANDOUR_TRY(people.Begin());
    return RegisterChange(people);
  }
  RegisterChange(RegisterChange&& other) noexcept
      : people_(std::exchange(other.people_, nullptr)) {}
  RegisterChange& operator=(RegisterChange&&) = delete;
  ~RegisterChange() {
    // The store rolls back by itself when this fails: nothing was committed.
    if (people_ != nullptr) static_cast<void>(people_->Rollback());
  }
  Status Commit() {
    CANDOUR_TRY(people_->Commit());
    people_ = nullptr;
    return {};
  }

 private:
  explicit RegisterChange(people::Register& people) : people_(&people) {}
  people::Register* people_;
};

Status CheckNames(const Dataset& dataset) {
  // The name becomes a folder.
  if (dataset.name.empty() || dataset.name.starts_with('.') ||
      dataset.name.find('/') != std::string::npos) {
    return Fail(ErrorCode::kDeclarationInvalid, "a dataset's name is not schema.table");
  }
  for (const catalogue::Field& field : dataset.fields) {
    if (!field.name.starts_with('_')) continue;
    return Fail(Error{.code = ErrorCode::kDeclarationInvalid,
                      .message = "a field's name begins with an underscore: " + field.name,
                      .where = field.where,
                      .expected = "a name that begins with a letter"});
  }
  if (dataset.person_key && dataset.FindField(dataset.person_key->field) == nullptr) {
    return Fail(Error{.code = ErrorCode::kDeclarationUnknownName,
                      .message = "the person key is not a field: " + dataset.person_key->field,
                      .where = dataset.where});
  }
  return {};
}

Result<std::optional<DatasetVersion>> LoadPrevious(const fs::path& state_dir,
                                                   const std::string& name) {
  auto version = LoadCurrent(state_dir, name);
  if (version) return *std::move(version);
  if (version.error().code == ErrorCode::kDatasetEmpty) return std::nullopt;
  return Fail(version.error());
}

Status MakeFolders(storage::Filesystem& files, const fs::path& folder) {
  CANDOUR_TRY(files.MakeDirectory(folder.parent_path()));
  CANDOUR_TRY(files.MakeDirectory(folder));
  CANDOUR_TRY(files.SyncDirectory(folder.parent_path().parent_path()));
  return files.SyncDirectory(folder.parent_path());
}

/// Removes every file but the pointer and those of the version in force: older versions, and what
/// an interrupted adopt left.
Status CleanUp(storage::Filesystem& files, const fs::path& folder,
               const std::optional<DatasetVersion>& current) {
  CANDOUR_ASSIGN(const std::vector<std::string> names, files.List(folder));
  for (const std::string& name : names) {
    const bool in_force = current && (name == "current" || name == current->file.filename() ||
                                      name == current->quarantine_file.filename() ||
                                      name == PresentFile(folder, current->number).filename() ||
                                      name == KeyFile(folder, current->number).filename());
    if (!in_force) CANDOUR_TRY(files.Remove(folder / name));
  }
  return {};
}

Status RefuseIfNothingIsLeft(const Dataset& dataset, const StagedSource& staged,
                             const std::vector<QuarantineCount>& quarantined) {
  std::int64_t broken = 0;
  std::string reasons;
  for (const QuarantineCount& count : quarantined) {
    broken += count.count;
    reasons += fmt::format("{}{} ({})", reasons.empty() ? "" : ", ", count.reason, count.count);
  }
  if (staged.rows == 0 || broken < staged.rows) return {};
  return Fail(Error{.code = ErrorCode::kDataInvalid,
                    .message = "not one row of the source keeps the contract of " + dataset.name,
                    .where = dataset.where,
                    .found = reasons,
                    .next = "correct the source or the contract; the dataset is as it was"});
}

/// One adopt, step by step.
class Adoption {
 public:
  Adoption(const AdoptRequest& request, fs::path folder, std::optional<DatasetVersion> previous,
           Workbench bench)
      : request_(request),
        folder_(std::move(folder)),
        previous_(std::move(previous)),
        bench_(std::move(bench)) {}

  Result<AdoptReport> Run() {
    Tell(0);
    const AllowedSources allowed{.home_dir = request_.home_dir,
                                 .state_dir = request_.state_dir,
                                 .entries = request_.allowed_sources};
    const Dataset& dataset = request_.dataset;
    CANDOUR_ASSIGN(StagedSource staged, StageSource(bench_, dataset, allowed, folder_));
    report_.ignored_columns = std::move(staged.ignored);
    Tell(0.35);
    CANDOUR_ASSIGN(report_.quarantined, CheckContract(bench_, dataset, staged));
    CANDOUR_TRY(RefuseIfNothingIsLeft(dataset, staged, report_.quarantined));
    if (dataset.row_category) {
      CANDOUR_TRY(StageCategories(bench_, dataset, request_.lookup, request_.state_dir,
                                  request_.key_encryption_key));
    }
    Tell(0.55);
    CANDOUR_TRY(IdentifyAndPublish(staged.rows));
    Tell(1);
    return report_;
  }

 private:
  void Tell(double done) const {
    if (request_.progress) request_.progress(done);
  }

  Status IdentifyAndPublish(std::int64_t source_rows) {
    if (!request_.dataset.HasPeople()) return WriteAndPublish(source_rows, {}, nullptr);
    CANDOUR_ASSIGN(RegisterChange change, RegisterChange::Begin(request_.people));
    CANDOUR_ASSIGN(const Identified identified,
                   IdentifyRecords(bench_, request_.dataset, previous_, request_.people,
                                   request_.clock.Now(), request_.key_encryption_key));
    Tell(0.7);
    return WriteAndPublish(source_rows, identified, &change);
  }

  /// The order is the promise: files durable, register committed, pointer swapped.
  Status WriteAndPublish(std::int64_t source_rows, const Identified& identified,
                         RegisterChange* change) {
    storage::Filesystem& files = storage::MachineFilesystem();
    DatasetVersion version{.dataset = request_.dataset.name,
                           .sealed = true,
                           .number = previous_ ? previous_->number + 1 : 1,
                           .people_records = identified.people_records,
                           .adopted_at = request_.clock.Now(),
                           .source = SourceText(),
                           .declared_links = DeclaredLinks(request_.dataset)};
    CANDOUR_ASSIGN(const SealedVersion sealed, CreateSealedVersion(folder_, version.number));
    CANDOUR_ASSIGN(const Materialised written,
                   Materialise(bench_, request_.dataset, source_rows, sealed));
    Tell(0.95);
    version.rows = written.rows;
    version.quarantined = written.quarantined;
    CANDOUR_TRY(WritePresent(files, PresentFile(folder_, version.number), identified.present));
    CANDOUR_TRY(WriteVersionKey(files, folder_, version, request_.key_encryption_key, sealed));
    CANDOUR_TRY(files.SyncDirectory(folder_));
    if (change != nullptr) CANDOUR_TRY(change->Commit());
    CANDOUR_TRY(PublishVersion(files, folder_, version));
    report_.version = version.number;
    report_.rows = version.rows;
    report_.people_records = version.people_records;
    report_.links = identified.links;
    return {};
  }

  /// A connection string may hold a password, so of PostgreSQL only the table is kept.
  std::string SourceText() const {
    const catalogue::Source& source = request_.dataset.source;
    return source.kind == catalogue::Source::Kind::kPostgres ? "postgresql:" + source.table
                                                             : source.location;
  }

  const AdoptRequest& request_;
  fs::path folder_;
  std::optional<DatasetVersion> previous_;
  Workbench bench_;
  AdoptReport report_;
};

}  // namespace

Result<AdoptReport> Adopt(const AdoptRequest& request) {
  CANDOUR_TRY(CheckNames(request.dataset));
  storage::Filesystem& files = storage::MachineFilesystem();
  CANDOUR_ASSIGN(auto previous, LoadPrevious(request.state_dir, request.dataset.name));
  const fs::path folder = VersionFolder(request.state_dir, request.dataset.name);
  CANDOUR_TRY(MakeFolders(files, folder));
  CANDOUR_TRY(CleanUp(files, folder, previous));
  CANDOUR_ASSIGN(Workbench bench, Workbench::Open(folder, request.limits));
  return Adoption(request, folder, std::move(previous), std::move(bench)).Run();
}

}  // namespace candour::intake
