#include "engine/sealed_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <utility>

#include "engine/sealed_extents.h"
#include "storage/file_descriptor.h"

namespace candour::engine {
namespace {

namespace fs = std::filesystem;

/// What the operating system knows a file by, whatever it is called.
using FileId = std::pair<dev_t, ino_t>;

FileId IdOf(const struct stat& facts) { return {facts.st_dev, facts.st_ino}; }

/// All sealed files of this process.
class Registry {
 public:
  static Registry& Instance() {
    // Never destroyed: the engine's own threads may still close files while the process ends.
    static Registry* const registry = new Registry;
    return *registry;
  }

  void Expect(const fs::path& path, std::shared_ptr<SealedExtents> extents) {
    const std::unique_lock lock(mutex_);
    expected_[path.string()] = {.extents = std::move(extents)};
    ++users_;
  }

  void ExpectIn(const fs::path& folder, const crypto::Secret& key) {
    const std::unique_lock lock(mutex_);
    Expected& expected = expected_[folder.string()];
    expected.folder_key.emplace(key.Copy());
    ++users_;
  }

  void Forget(const fs::path& path) {
    const std::unique_lock lock(mutex_);
    const auto expected = expected_.find(path.string());
    for (const FileId& id : expected->second.found) {
      if (--open_[id].users == 0) open_.erase(id);
    }
    expected_.erase(expected);
    --users_;
  }

  /// Gives what stands for the file from now on: `extents`, or what somebody added before.
  std::shared_ptr<SealedExtents> Add(const FileId& id, std::shared_ptr<SealedExtents> extents) {
    const std::unique_lock lock(mutex_);
    ++users_;
    Open& open = open_[id];
    ++open.users;
    if (open.extents == nullptr) open.extents = std::move(extents);
    return open.extents;
  }

  void Remove(const FileId& id) {
    const std::unique_lock lock(mutex_);
    if (--open_[id].users == 0) open_.erase(id);
    --users_;
  }

  /// The contents of an open file; null: it is not ours. `writes`: it may be one that is expected.
  std::shared_ptr<SealedExtents> Find(int fd, bool writes) {
    if (users_ == 0) return nullptr;
    struct stat facts = {};
    if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) return nullptr;
    {
      const std::shared_lock lock(mutex_);
      const auto found = open_.find(IdOf(facts));
      if (found != open_.end()) return found->second.extents;
      if (!writes || expected_.empty()) return nullptr;
    }
    return FindExpected(fd, IdOf(facts));
  }

 private:
  struct Open {
    std::shared_ptr<SealedExtents> extents;
    int users = 0;
  };
  struct Expected {
    std::shared_ptr<SealedExtents> extents;    ///< of a file
    std::optional<crypto::Secret> folder_key;  ///< of a folder
    std::vector<FileId> found;
  };

  std::shared_ptr<SealedExtents> FindExpected(int fd, const FileId& id) {
    std::error_code error;
    const fs::path path = fs::read_symlink(fmt::format("/proc/self/fd/{}", fd), error);
    if (error) return nullptr;
    const std::unique_lock lock(mutex_);
    // Another thread may have been here in between.
    if (const auto open = open_.find(id); open != open_.end()) return open->second.extents;
    auto found = expected_.find(path.string());
    if (found == expected_.end()) found = expected_.find(path.parent_path().string());
    if (found == expected_.end()) return nullptr;
    auto& [name, expected] = *found;
    if (expected.folder_key.has_value() == (name == path.string())) return nullptr;
    auto extents = expected.folder_key ? MakeExtents(*expected.folder_key) : expected.extents;
    expected.found.push_back(id);
    open_[id] = {.extents = extents, .users = 1};
    return extents;
  }

  static std::shared_ptr<SealedExtents> MakeExtents(const crypto::Secret& key) {
    return std::make_shared<SealedExtents>(crypto::Aead::Create(key.Copy()).value());
  }

  std::atomic<int> users_ = 0;  ///< what keeps pread and pwrite from looking further
  std::shared_mutex mutex_;
  std::map<FileId, Open> open_;
  std::map<std::string, Expected> expected_;
};

ssize_t OutOfMemory() {
  errno = ENOMEM;
  return -1;
}

Result<fs::path> PlaceOf(const fs::path& file) {
  std::error_code error;
  const fs::path folder = fs::canonical(file.has_parent_path() ? file.parent_path() : ".", error);
  if (error) return Fail(ErrorCode::kIo, "A folder cannot be found: " + file.string());
  return folder / file.filename();
}

}  // namespace

struct SealedFile::State {
  fs::path path;               ///< as the caller named it
  fs::path expected;           ///< of files yet to be made; else empty
  storage::FileDescriptor fd;  ///< of a file that exists: keeps its id from being given to another
  FileId id = {};
  std::shared_ptr<SealedExtents> extents;

  ~State() {
    if (!expected.empty()) {
      Registry::Instance().Forget(expected);
    } else if (fd.valid()) {
      Registry::Instance().Remove(id);
    }
  }
};

SealedFile::SealedFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
SealedFile::SealedFile(SealedFile&&) noexcept = default;
SealedFile& SealedFile::operator=(SealedFile&&) noexcept = default;
SealedFile::~SealedFile() = default;

Result<SealedFile> SealedFile::Create(const fs::path& file, crypto::Secret key) {
  CANDOUR_ASSIGN(fs::path place, PlaceOf(file));
  if (fs::exists(fs::symlink_status(place))) {
    return Fail(ErrorCode::kConflict, "A file is there already: " + file.string());
  }
  CANDOUR_ASSIGN(crypto::Aead aead, crypto::Aead::Create(std::move(key)));
  auto state = std::make_unique<State>();
  state->path = file;
  state->extents = std::make_shared<SealedExtents>(std::move(aead));
  Registry::Instance().Expect(place, state->extents);
  state->expected = std::move(place);
  return SealedFile(std::move(state));
}

Result<SealedFile> SealedFile::CreateIn(const fs::path& folder, crypto::Secret key) {
  CANDOUR_ASSIGN(fs::path place, PlaceOf(folder));
  CANDOUR_TRY(crypto::Aead::Create(crypto::Secret(key.size())));
  auto state = std::make_unique<State>();
  state->path = folder;
  Registry::Instance().ExpectIn(place, key);
  state->expected = std::move(place);
  return SealedFile(std::move(state));
}

Result<SealedFile> SealedFile::Open(const fs::path& file, crypto::Secret key,
                                    std::string_view marks, std::string_view associated) {
  CANDOUR_ASSIGN(crypto::Aead aead, crypto::Aead::Create(std::move(key)));
  auto state = std::make_unique<State>();
  state->path = file;
  state->extents = std::make_shared<SealedExtents>(std::move(aead));
  CANDOUR_TRY(state->extents->OpenMarks(marks, associated));
  storage::FileDescriptor fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat facts = {};
  if (!fd.valid() || ::fstat(fd.get(), &facts) != 0) {
    return storage::SystemCallFailed("Cannot open the file", file);
  }
  state->id = IdOf(facts);
  state->extents = Registry::Instance().Add(state->id, std::move(state->extents));
  state->fd = std::move(fd);
  return SealedFile(std::move(state));
}

const fs::path& SealedFile::path() const { return state_->path; }

std::string SealedFile::SealMarks(std::string_view associated) const {
  return state_->extents->SealMarks(associated);
}

bool SealedFile::HasContents() const {
  return state_->extents != nullptr && !state_->extents->empty();
}

bool SealedFile::IsDamaged() const {
  return state_->extents != nullptr && state_->extents->damaged();
}

}  // namespace candour::engine

// The C library's own names, for every caller in this process; files that are not sealed go on to
// the operating system unchanged. They stand in this file so that whoever seals a file has them.
extern "C" {

[[gnu::visibility("default"), gnu::used]] ssize_t CandourRead(int fd, void* out, size_t size,
                                                              off_t offset) __asm__("pread");
[[gnu::visibility("default"), gnu::used]] ssize_t CandourWrite(int fd, const void* bytes,
                                                               size_t size,
                                                               off_t offset) __asm__("pwrite");

ssize_t CandourRead(int fd, void* out, size_t size, off_t offset) {
  using candour::engine::Registry;
  try {
    const auto extents = Registry::Instance().Find(fd, false);
    if (extents == nullptr || offset < 0) return ::syscall(SYS_pread64, fd, out, size, offset);
    return extents->Read(fd, {static_cast<std::uint8_t*>(out), size},
                         static_cast<std::uint64_t>(offset));
  } catch (const std::bad_alloc&) {
    return candour::engine::OutOfMemory();
  }
}

ssize_t CandourWrite(int fd, const void* bytes, size_t size, off_t offset) {
  using candour::engine::Registry;
  try {
    const auto extents = Registry::Instance().Find(fd, true);
    if (extents == nullptr || offset < 0) return ::syscall(SYS_pwrite64, fd, bytes, size, offset);
    return extents->Write(fd, {static_cast<const std::uint8_t*>(bytes), size},
                          static_cast<std::uint64_t>(offset));
  } catch (const std::bad_alloc&) {
    return candour::engine::OutOfMemory();
  }
}
}
