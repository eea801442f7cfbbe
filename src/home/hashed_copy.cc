#include "home/hashed_copy.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/sha256.h"
#include "storage/filesystem.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;

Result<FileSum> ReadPieces(const fs::path& file, const OnBytes& on_bytes,
                           const std::function<Status(std::string_view)>& on_piece) {
  constexpr std::uint64_t kPiece = 1 << 20;
  storage::Filesystem& files = storage::MachineFilesystem();
  std::error_code failure;
  if (!fs::is_regular_file(file, failure)) {
    return Fail(ErrorCode::kNotFound, fmt::format("There is no such file: {}.", file.string()));
  }
  const std::uint64_t size = fs::file_size(file, failure);
  if (failure) {
    return Fail(ErrorCode::kIo, fmt::format("A file cannot be read: {}.", file.string()));
  }
  crypto::Sha256Hasher hasher;
  for (std::uint64_t at = 0; at < size; at += kPiece) {
    const std::uint64_t some = std::min(kPiece, size - at);
    CANDOUR_ASSIGN(const std::string piece, files.ReadRange(file, at, some));
    hasher.Update(piece);
    CANDOUR_TRY(on_piece(piece));
    if (on_bytes) on_bytes(some);
  }
  const crypto::Digest digest = hasher.Finish();
  return FileSum{.sha256 = HexEncode(BytesOf(digest)), .size = size};
}

}  // namespace

Result<FileSum> SumOf(const fs::path& file, const OnBytes& on_bytes) {
  return ReadPieces(file, on_bytes, [](std::string_view) { return Status(); });
}

Result<FileSum> CopyWithSum(const fs::path& from, const fs::path& to, const OnBytes& on_bytes) {
  CANDOUR_ASSIGN(const std::unique_ptr<storage::AppendFile> copy,
                 storage::MachineFilesystem().Create(to));
  CANDOUR_ASSIGN(FileSum sum, ReadPieces(from, on_bytes, [&](std::string_view piece) {
                   return copy->Append(piece);
                 }));
  CANDOUR_TRY(copy->Sync());
  return sum;
}

}  // namespace candour::home
