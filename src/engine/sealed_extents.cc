#include "engine/sealed_extents.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <vector>

#include "base/bytes.h"

namespace candour::engine {
namespace {

// An offset, a size, a nonce and a tag.
constexpr std::size_t kMarkBytes = 8 + 4 + crypto::kAeadOverhead;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;  ///< of one message

// pread(2) and pwrite(2) themselves: the names of the C library lead back here.
ssize_t RawRead(int fd, void* out, std::size_t size, std::uint64_t offset) {
  return ::syscall(SYS_pread64, fd, out, size, static_cast<off_t>(offset));
}
ssize_t RawWrite(int fd, const void* bytes, std::size_t size, std::uint64_t offset) {
  return ::syscall(SYS_pwrite64, fd, bytes, size, static_cast<off_t>(offset));
}

bool ReadAll(int fd, std::span<std::uint8_t> out, std::uint64_t offset) {
  while (!out.empty()) {
    const ssize_t got = RawRead(fd, out.data(), out.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out = out.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return true;
}

bool WriteAll(int fd, std::span<const std::uint8_t> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t put = RawWrite(fd, bytes.data(), bytes.size(), offset);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return true;
}

bool IsPastTheEnd(int fd, std::uint64_t offset) {
  struct stat facts = {};
  return ::fstat(fd, &facts) == 0 && offset >= static_cast<std::uint64_t>(facts.st_size);
}

/// Associated data of the marks: longer than that of any extent.
std::string MarksPlace(std::string_view associated) {
  return fmt::format("marks of a sealed file: {}", associated);
}

/// The place of an extent, as associated data.
class Place {
 public:
  explicit Place(std::uint64_t offset) { PutLittleEndian(offset, bytes_); }
  std::string_view text() const { return {bytes_, sizeof(bytes_)}; }

 private:
  char bytes_[sizeof(std::uint64_t)];
};

}  // namespace

ssize_t SealedExtents::Refuse() {
  damaged_ = true;
  errno = EIO;
  return -1;
}

bool SealedExtents::Find(std::uint64_t offset, std::pair<std::uint64_t, Extent>& found) const {
  const std::shared_lock lock(mutex_);
  auto after = extents_.upper_bound(offset);
  if (after == extents_.begin()) return false;
  found = *--after;
  return offset - found.first < found.second.size;
}

bool SealedExtents::Load(int fd, std::span<std::uint8_t> out, std::uint64_t start,
                         const Extent& extent) {
  return ReadAll(fd, out, start) && aead_.OpenInPlace(out, extent.mark, Place(start).text());
}

ssize_t SealedExtents::Read(int fd, std::span<std::uint8_t> out, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < out.size()) {
    const std::uint64_t at = offset + done;
    std::pair<std::uint64_t, Extent> found;
    if (!Find(at, found)) {
      if (IsPastTheEnd(fd, at)) break;
      return Refuse();
    }
    const auto& [start, extent] = found;
    const std::span<std::uint8_t> wanted = out.subspan(done);
    if (at == start && wanted.size() >= extent.size) {
      if (!Load(fd, wanted.first(extent.size), start, extent)) return Refuse();
      done += extent.size;
      continue;
    }
    crypto::Secret whole(extent.size);
    if (!Load(fd, {whole.Fill(), whole.size()}, start, extent)) return Refuse();
    const std::size_t skip = at - start;
    const std::size_t part = std::min<std::size_t>(wanted.size(), extent.size - skip);
    std::ranges::copy(std::span(whole.Fill(), whole.size()).subspan(skip, part), wanted.begin());
    done += part;
  }
  return static_cast<ssize_t>(done);
}

ssize_t SealedExtents::Write(int fd, std::span<const std::uint8_t> text, std::uint64_t offset) {
  if (text.empty()) return 0;
  if (text.size() > kMostBytes) return Refuse();
  std::vector<std::uint8_t> bytes(text.begin(), text.end());
  Extent extent{.size = static_cast<std::uint32_t>(text.size())};
  extent.mark = aead_.SealInPlace(bytes, Place(offset).text());
  if (!WriteAll(fd, bytes, offset)) return -1;
  const std::unique_lock lock(mutex_);
  auto first = extents_.upper_bound(offset);
  if (first != extents_.begin()) {
    const auto before = std::prev(first);
    if (before->first + before->second.size > offset) first = before;
  }
  extents_.erase(first, extents_.lower_bound(offset + text.size()));
  extents_[offset] = extent;
  return static_cast<ssize_t>(text.size());
}

std::string SealedExtents::SealMarks(std::string_view associated) const {
  const std::shared_lock lock(mutex_);
  std::string marks;
  marks.reserve(extents_.size() * kMarkBytes);
  for (const auto& [offset, extent] : extents_) {
    char place[12];
    PutLittleEndian(offset, place);
    PutLittleEndian(extent.size, place + 8);
    marks.append(place, sizeof(place));
    marks += BytesOf(extent.mark.nonce);
    marks += BytesOf(extent.mark.tag);
  }
  return aead_.Seal(marks, MarksPlace(associated));
}

Status SealedExtents::OpenMarks(std::string_view sealed, std::string_view associated) {
  CANDOUR_ASSIGN(const crypto::Secret opened, aead_.Open(sealed, MarksPlace(associated)));
  std::string_view marks = opened.Reveal();
  if (marks.size() % kMarkBytes != 0) {
    return Fail(ErrorCode::kCorruption, "the marks of a sealed file are of another form");
  }
  const std::unique_lock lock(mutex_);
  extents_.clear();
  for (; !marks.empty(); marks.remove_prefix(kMarkBytes)) {
    Extent extent{.size = GetLittleEndian<std::uint32_t>(marks.data() + 8)};
    std::ranges::copy(marks.substr(12, 12), extent.mark.nonce.begin());
    std::ranges::copy(marks.substr(24, 16), extent.mark.tag.begin());
    extents_.emplace_hint(extents_.end(), GetLittleEndian<std::uint64_t>(marks.data()), extent);
  }
  return {};
}

bool SealedExtents::empty() const {
  const std::shared_lock lock(mutex_);
  return extents_.empty();
}

}  // namespace candour::engine
