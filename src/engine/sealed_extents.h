#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/aead.h"

namespace candour::engine {

/// The encrypted contents of one file. Each write that the engine makes is one extent: encrypted
/// where it stands, with its place as associated data, so that extents cannot change places.
///
/// An extent is read back whole or in part; one that was changed on the disk reads as EIO.
/// Threads: any, as the engine reads and writes blocks.
class SealedExtents {
 public:
  explicit SealedExtents(crypto::Aead aead) : aead_(std::move(aead)) {}

  /// As pread(2) and pwrite(2), with plain text on this side. Reading where nothing was written is
  /// EIO, and so is reading the rest of an extent that was written over in part.
  ssize_t Read(int fd, std::span<std::uint8_t> out, std::uint64_t offset);
  ssize_t Write(int fd, std::span<const std::uint8_t> text, std::uint64_t offset);

  /// Where the extents are, with their nonces and tags, sealed under the file's key.
  std::string SealMarks(std::string_view associated) const;

  /// Puts back what SealMarks gave. Errors: kCorruption (changed, or of another key or place).
  Status OpenMarks(std::string_view sealed, std::string_view associated);

  /// Whether anything was written.
  bool empty() const;

  /// Whether an extent did not open.
  bool damaged() const { return damaged_; }

 private:
  struct Extent {
    std::uint32_t size = 0;
    crypto::AeadMark mark;
  };
  using Extents = std::map<std::uint64_t, Extent>;  ///< by offset; none overlap

  bool Find(std::uint64_t offset, std::pair<std::uint64_t, Extent>& found) const;
  bool Load(int fd, std::span<std::uint8_t> out, std::uint64_t start, const Extent& extent);
  ssize_t Refuse();

  const crypto::Aead aead_;
  mutable std::shared_mutex mutex_;
  Extents extents_;
  std::atomic<bool> damaged_ = false;
};

}  // namespace candour::engine
