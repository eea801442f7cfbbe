#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace candour::engine {

class SealedExtents;

/// A file of the engine that is encrypted on the disk, or a folder whose new files are.
///
/// While this object lives, what the engine writes there is encrypted on its way to the disk
/// (AES-256-GCM, a random nonce for each block) and decrypted on its way back; the engine itself
/// knows nothing of it, and no key comes near a statement. It works because the engine reaches its
/// files through the C library's pread and pwrite, for which this program has its own: see
/// docs/adr/0014. Where that failed, the engine would find no database in the file, and
/// Database::AttachNew looks before a row is written.
///
/// Promised: what lies on the disk tells nothing but sizes, and a changed block is an error.
/// Not promised: that memory, or swap, holds no plain text. Names and sizes of files are not
/// hidden. Threads: any. Cost: see the ADR; about 0.3 ms for a megabyte.
class SealedFile {
 public:
  /// A file that the engine will make at `file`, whose folder exists. Errors: kIo, kConflict.
  static Result<SealedFile> Create(const std::filesystem::path& file, crypto::Secret key);

  /// Every file that the engine makes in `folder`, for as long as this object lives; nobody reads
  /// them afterwards. Errors: kIo.
  static Result<SealedFile> CreateIn(const std::filesystem::path& folder, crypto::Secret key);

  /// A file as it was when SealMarks gave `marks` for the same `associated` data.
  /// Errors: kCorruption (the marks are not of this key or place), kNotFound, kIo.
  static Result<SealedFile> Open(const std::filesystem::path& file, crypto::Secret key,
                                 std::string_view marks, std::string_view associated);

  SealedFile(SealedFile&&) noexcept;
  SealedFile& operator=(SealedFile&&) noexcept;
  ~SealedFile();

  const std::filesystem::path& path() const;

  /// What Open needs beside the key, for the file as it stands. 40 bytes a block, sealed.
  std::string SealMarks(std::string_view associated) const;

  /// Whether something was written through this object, or can be read.
  bool HasContents() const;

  /// Whether a block of it was found changed.
  bool IsDamaged() const;

 private:
  struct State;
  explicit SealedFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace candour::engine
