#include "storage/faulty_filesystem.h"

#include <fmt/format.h>

namespace candour::storage {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> Broken(ErrorCode code, const fs::path& path) {
  return Fail(code, fmt::format("The test's disk failed: {}.", path.string()));
}

}  // namespace

class FaultyFilesystem::File final : public AppendFile {
 public:
  File(FaultyFilesystem& owner, fs::path path, std::shared_ptr<Content> content)
      : owner_(owner),
        path_(std::move(path)),
        content_(std::move(content)),
        generation_(owner.generation_) {}

  Status Append(std::string_view bytes) override {
    if (generation_ != owner_.generation_) return Broken(ErrorCode::kIo, path_);
    const Fault* fault = nullptr;
    const Status begun = owner_.Begin(path_, &fault);
    if (fault != nullptr) content_->bytes += bytes.substr(0, owner_.torn_bytes_);
    CANDOUR_TRY(begun);
    content_->bytes += bytes;
    return {};
  }

  Status Sync() override {
    if (generation_ != owner_.generation_) return Broken(ErrorCode::kIo, path_);
    const Fault* fault = nullptr;
    const Status begun = owner_.Begin(path_, &fault);
    if (fault != nullptr) content_->lost = true;
    CANDOUR_TRY(begun);
    if (!content_->lost) content_->synced = content_->bytes;
    return {};
  }

 private:
  FaultyFilesystem& owner_;
  fs::path path_;
  std::shared_ptr<Content> content_;
  std::uint64_t generation_;
};

class FaultyFilesystem::HeldLock final : public FileLock {
 public:
  HeldLock(FaultyFilesystem& owner, fs::path file)
      : owner_(owner), file_(std::move(file)), generation_(owner.generation_) {}
  ~HeldLock() override {
    if (generation_ == owner_.generation_) owner_.locks_.erase(file_);
  }

 private:
  FaultyFilesystem& owner_;
  fs::path file_;
  std::uint64_t generation_;
};

void FaultyFilesystem::FailAt(std::uint64_t operation, Fault fault, std::size_t torn_bytes) {
  fail_at_ = operation;
  fault_ = fault;
  torn_bytes_ = torn_bytes;
}

Status FaultyFilesystem::Begin(const fs::path& path, const Fault** fault) {
  const bool struck = operations_++ == fail_at_;
  if (!power_) return Broken(ErrorCode::kIo, path);
  if (!struck) return {};
  if (fault != nullptr) *fault = &fault_;
  if (fault_ == Fault::kPowerCut) power_ = false;
  return Broken(ErrorCode::kIo, path);
}

void FaultyFilesystem::PowerCycle(Survivors survivors) {
  live_ = durable_;
  for (auto& [name, content] : live_) {
    const std::string_view written = content->bytes;
    std::string left = content->synced;
    if (written.starts_with(left)) {
      std::string rest(written.substr(left.size(), survivors.kept));
      const std::size_t zeroed = std::min(survivors.zeroed, rest.size());
      left += rest.replace(0, zeroed, zeroed, '\0');
    }
    content = std::make_shared<Content>(Content{.bytes = left, .synced = left});
  }
  durable_ = live_;
  Kill();
}

void FaultyFilesystem::Kill() {
  ++generation_;
  locks_.clear();
  power_ = true;
  fail_at_ = ~std::uint64_t{0};
}

Result<std::shared_ptr<FaultyFilesystem::Content>> FaultyFilesystem::Find(
    const fs::path& file) const {
  const auto it = live_.find(file);
  if (it == live_.end()) return Broken(ErrorCode::kNotFound, file);
  return it->second;
}

Result<std::unique_ptr<AppendFile>> FaultyFilesystem::OpenAppend(const fs::path& file) {
  CANDOUR_TRY(Begin(file));
  std::shared_ptr<Content>& content = live_[file];
  if (content == nullptr) content = std::make_shared<Content>();
  return std::make_unique<File>(*this, file, content);
}

Result<std::unique_ptr<AppendFile>> FaultyFilesystem::Create(const fs::path& file) {
  CANDOUR_TRY(Begin(file));
  std::shared_ptr<Content>& content = live_[file];
  if (content == nullptr) content = std::make_shared<Content>();
  content->bytes.clear();
  return std::make_unique<File>(*this, file, content);
}

Result<std::string> FaultyFilesystem::Read(const fs::path& file) {
  CANDOUR_TRY(Begin(file));
  CANDOUR_ASSIGN(const std::shared_ptr<Content> content, Find(file));
  return content->bytes;
}

Result<std::string> FaultyFilesystem::ReadRange(const fs::path& file, std::uint64_t offset,
                                                std::size_t size) {
  CANDOUR_TRY(Begin(file));
  CANDOUR_ASSIGN(const std::shared_ptr<Content> content, Find(file));
  if (offset + size > content->bytes.size()) return Broken(ErrorCode::kIo, file);
  return content->bytes.substr(offset, size);
}

Status FaultyFilesystem::Rename(const fs::path& from, const fs::path& to) {
  CANDOUR_TRY(Begin(from));
  CANDOUR_ASSIGN(const std::shared_ptr<Content> content, Find(from));
  live_.erase(from);
  live_[to] = content;
  return {};
}

Status FaultyFilesystem::Remove(const fs::path& file) {
  CANDOUR_TRY(Begin(file));
  CANDOUR_TRY(Find(file));
  live_.erase(file);
  return {};
}

Status FaultyFilesystem::SyncDirectory(const fs::path& folder) {
  CANDOUR_TRY(Begin(folder));
  std::erase_if(durable_, [&](const auto& name) { return name.first.parent_path() == folder; });
  for (const auto& [name, content] : live_) {
    if (name.parent_path() == folder) durable_[name] = content;
  }
  return {};
}

// Folders need no names of their own here: a file's path is enough.
Status FaultyFilesystem::MakeDirectory(const fs::path& folder) { return Begin(folder); }

Result<std::vector<std::string>> FaultyFilesystem::List(const fs::path& folder) {
  CANDOUR_TRY(Begin(folder));
  std::vector<std::string> names;
  for (const auto& [name, content] : live_) {
    if (name.parent_path() == folder) names.push_back(name.filename().string());
  }
  return names;
}

Result<bool> FaultyFilesystem::Exists(const fs::path& file) {
  CANDOUR_TRY(Begin(file));
  return live_.contains(file);
}

Result<std::unique_ptr<FileLock>> FaultyFilesystem::Lock(const fs::path& file) {
  CANDOUR_TRY(Begin(file));
  if (!locks_.insert(file).second) return Broken(ErrorCode::kHomeBusy, file);
  return std::make_unique<HeldLock>(*this, file);
}

}  // namespace candour::storage
