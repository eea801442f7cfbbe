#include "tlog/entry_bundle.h"

#include <cstdint>

#include "base/bytes.h"
#include "tlog/tile.h"

namespace candour::tlog {
namespace {

constexpr std::size_t kLengthSize = sizeof(std::uint16_t);

std::unexpected<Error> WrongLength() {
  return Fail(ErrorCode::kReceiptForm,
              "The bundle of entries has not the length that its entries take.");
}

}  // namespace

Result<std::string> EncodeBundle(std::span<const std::string> entries) {
  if (entries.empty() || entries.size() > kTileWidth) {
    return Fail(ErrorCode::kInvalidArgument, "A bundle has between 1 and 256 entries.");
  }
  std::string bytes;
  for (const std::string& entry : entries) {
    if (entry.size() > kMaxEntrySize) {
      return Fail(ErrorCode::kInvalidArgument, "An entry has at most 65,535 bytes.");
    }
    char length[kLengthSize];
    PutBigEndian(static_cast<std::uint16_t>(entry.size()), length);
    bytes.append(length, kLengthSize).append(entry);
  }
  return bytes;
}

Result<std::vector<std::string_view>> DecodeBundle(std::string_view bytes, int width) {
  if (width < 1 || width > kTileWidth) {
    return Fail(ErrorCode::kInvalidArgument, "A bundle has between 1 and 256 entries.");
  }
  std::vector<std::string_view> entries;
  for (int i = 0; i < width; ++i) {
    if (bytes.size() < kLengthSize) return WrongLength();
    const std::size_t length = GetBigEndian<std::uint16_t>(bytes.data());
    bytes.remove_prefix(kLengthSize);
    if (bytes.size() < length) return WrongLength();
    entries.push_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  if (!bytes.empty()) return WrongLength();
  return entries;
}

}  // namespace candour::tlog
