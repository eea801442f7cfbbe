#include "storage/faulty_filesystem.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace candour::storage {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> Broken(ErrorCode code, const fs::path& path) {
  return Fail(code, fmt::format("The test's disk failed: {}.", path.string()));
}

std::unexpected<Error> Full(const fs::path& path) {
  return Fail(ErrorCode::kIo, fmt::format("The test's disk is full: {}.", path.string()));
}

}  // namespace

class FaultyFilesystem::File final : public AppendFile {
 public:
  File(FaultyFilesystem& owner, fs::path path, std::shared_ptr<CachedFile> file)
      : owner_(owner),
        path_(std::move(path)),
        file_(std::move(file)),
        generation_(owner.generation_) {}

  Status Append(std::string_view bytes) override {
    const std::lock_guard lock(owner_.mutex_);
    if (generation_ != owner_.generation_) return Broken(ErrorCode::kIo, path_);
    return owner_.Append(path_, *file_, bytes);
  }

  Status Sync() override {
    const std::lock_guard lock(owner_.mutex_);
    if (generation_ != owner_.generation_) return Broken(ErrorCode::kIo, path_);
    bool struck = false;
    const Status begun = owner_.Begin(path_, Kind::kSpace, &struck);
    if (struck) file_->FailSync();
    CANDOUR_TRY(begun);
    file_->Sync();
    return {};
  }

 private:
  FaultyFilesystem& owner_;
  fs::path path_;
  std::shared_ptr<CachedFile> file_;
  std::uint64_t generation_;
};

class FaultyFilesystem::HeldLock final : public FileLock {
 public:
  HeldLock(FaultyFilesystem& owner, fs::path file)
      : owner_(owner), file_(std::move(file)), generation_(owner.generation_) {}
  ~HeldLock() override {
    const std::lock_guard lock(owner_.mutex_);
    if (generation_ == owner_.generation_) owner_.locks_.erase(file_);
  }

 private:
  FaultyFilesystem& owner_;
  fs::path file_;
  std::uint64_t generation_;
};

void FaultyFilesystem::FailAt(std::uint64_t operation, Fault fault, std::size_t byte) {
  const std::lock_guard lock(mutex_);
  fail_at_ = operation;
  fault_ = fault;
  byte_ = byte;
}

/// Counts the operation. An error when a fault strikes it, or once the power is off.
Status FaultyFilesystem::Begin(const fs::path& path, Kind kind, bool* struck) {
  const bool strikes = operations_++ == fail_at_;
  flips_ = false;
  if (!power_) return Broken(ErrorCode::kIo, path);
  if (!strikes) return {};
  if (fault_ == Fault::kBitFlip) {
    flips_ = kind == Kind::kRead;
    return {};
  }
  if (fault_ == Fault::kDiskFull) full_at_bytes_ = names_.Bytes();
  if (fault_ == Fault::kDiskFull && kind != Kind::kSpace) return {};
  if (fault_ == Fault::kPowerCut) power_ = false;
  if (struck != nullptr) *struck = true;
  return Broken(ErrorCode::kIo, path);
}

std::uint64_t FaultyFilesystem::Room() const {
  const std::uint64_t space = std::min(space_bytes_, full_at_bytes_);
  if (space == kNever) return kNever;
  return space - std::min(space, names_.Bytes());
}

Status FaultyFilesystem::Append(const fs::path& path, CachedFile& file, std::string_view bytes) {
  bool struck = false;
  const Status begun = Begin(path, Kind::kSpace, &struck);
  if (struck) {
    file.Append(bytes.substr(0, byte_));
    if (fault_ == Fault::kDiskFull) full_at_bytes_ = names_.Bytes();
  }
  CANDOUR_TRY(begun);
  const std::uint64_t room = Room();
  file.Append(bytes.substr(0, room));
  if (bytes.size() > room) return Full(path);
  return {};
}

Status FaultyFilesystem::Damage(const fs::path& file, std::size_t offset, std::uint8_t mask) {
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(const std::shared_ptr<CachedFile> found, Find(file));
  if (offset >= found->bytes().size()) return Broken(ErrorCode::kInvalidArgument, file);
  found->Flip(offset, mask);
  return {};
}

std::uint64_t FaultyFilesystem::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

void FaultyFilesystem::SetSpace(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  space_bytes_ = bytes;
}

void FaultyFilesystem::PowerCycle(Survivors survivors) {
  const std::lock_guard lock(mutex_);
  names_.PowerCycle(survivors);
  Restart();
}

void FaultyFilesystem::Kill() {
  const std::lock_guard lock(mutex_);
  Restart();
}

void FaultyFilesystem::Restart() {
  ++generation_;
  locks_.clear();
  power_ = true;
  fail_at_ = kNever;
  full_at_bytes_ = kNever;
}

Result<std::shared_ptr<CachedFile>> FaultyFilesystem::Find(const fs::path& file) const {
  std::shared_ptr<CachedFile> found = names_.Find(file);
  if (found == nullptr) return Broken(ErrorCode::kNotFound, file);
  return found;
}

Result<std::shared_ptr<CachedFile>> FaultyFilesystem::OpenToWrite(const fs::path& file) {
  CANDOUR_TRY(Begin(file, Kind::kSpace));
  std::shared_ptr<CachedFile> found = names_.Find(file);
  if (found != nullptr) return found;
  if (Room() == 0) return Full(file);
  found = std::make_shared<CachedFile>();
  names_.Add(file, found);
  return found;
}

Result<std::unique_ptr<AppendFile>> FaultyFilesystem::OpenAppend(const fs::path& file) {
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(std::shared_ptr<CachedFile> opened, OpenToWrite(file));
  return std::make_unique<File>(*this, file, std::move(opened));
}

Result<std::unique_ptr<AppendFile>> FaultyFilesystem::Create(const fs::path& file) {
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(std::shared_ptr<CachedFile> opened, OpenToWrite(file));
  opened->Truncate();
  return std::make_unique<File>(*this, file, std::move(opened));
}

std::string FaultyFilesystem::AsRead(std::string bytes) {
  if (std::exchange(flips_, false) && !bytes.empty()) {
    char& byte = bytes[byte_ % bytes.size()];
    byte = static_cast<char>(byte ^ (1 << (byte_ % 8)));
  }
  return bytes;
}

Result<std::string> FaultyFilesystem::Read(const fs::path& file) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(file, Kind::kRead));
  CANDOUR_ASSIGN(const std::shared_ptr<CachedFile> found, Find(file));
  return AsRead(found->bytes());
}

Result<std::string> FaultyFilesystem::ReadRange(const fs::path& file, std::uint64_t offset,
                                                std::size_t size) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(file, Kind::kRead));
  CANDOUR_ASSIGN(const std::shared_ptr<CachedFile> found, Find(file));
  const std::string& bytes = found->bytes();
  if (offset > bytes.size() || size > bytes.size() - offset) return Broken(ErrorCode::kIo, file);
  return AsRead(bytes.substr(offset, size));
}

Status FaultyFilesystem::Rename(const fs::path& from, const fs::path& to) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(from, Kind::kSpace));
  CANDOUR_TRY(Find(from));
  names_.Rename(from, to);
  return {};
}

Status FaultyFilesystem::Remove(const fs::path& file) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(file, Kind::kLook));
  CANDOUR_TRY(Find(file));
  names_.Remove(file);
  return {};
}

Status FaultyFilesystem::SyncDirectory(const fs::path& folder) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(folder, Kind::kSpace));
  names_.Sync(folder);
  return {};
}

Status FaultyFilesystem::SyncAll(const fs::path& folder) {
  const std::lock_guard lock(mutex_);
  bool struck = false;
  const Status begun = Begin(folder, Kind::kSpace, &struck);
  if (struck) names_.FailSyncAll();
  CANDOUR_TRY(begun);
  names_.SyncAll();
  return {};
}

// Folders need no names of their own here: a file's path is enough.
Status FaultyFilesystem::MakeDirectory(const fs::path& folder) {
  const std::lock_guard lock(mutex_);
  return Begin(folder, Kind::kSpace);
}

Status FaultyFilesystem::RemoveDirectory(const fs::path& folder) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(folder, Kind::kLook));
  if (!names_.List(folder).empty()) return Broken(ErrorCode::kIo, folder);
  return {};
}

Result<std::vector<std::string>> FaultyFilesystem::List(const fs::path& folder) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(folder, Kind::kLook));
  return names_.List(folder);
}

Result<bool> FaultyFilesystem::Exists(const fs::path& file) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(file, Kind::kLook));
  return names_.Find(file) != nullptr;
}

Result<std::unique_ptr<FileLock>> FaultyFilesystem::Lock(const fs::path& file) {
  const std::lock_guard lock(mutex_);
  CANDOUR_TRY(Begin(file, Kind::kLook));
  if (!locks_.insert(file).second) return Broken(ErrorCode::kHomeBusy, file);
  return std::make_unique<HeldLock>(*this, file);
}

}  // namespace candour::storage
