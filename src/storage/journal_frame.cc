#include "storage/journal_frame.h"

#include <cstring>

#include "base/bytes.h"
#include "storage/crc32c.h"

namespace candour::storage {
namespace {

constexpr std::string_view kMagic = "candour journal 1\n";
constexpr std::size_t kCrcSize = 4;

TreeRoot RootAt(std::string_view bytes) {
  TreeRoot root;
  std::memcpy(root.data(), bytes.data(), root.size());
  return root;
}

}  // namespace

void PutFrame(const Frame& frame, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + kFrameHeadSize);
  char* const head = out.data() + start;
  PutLittleEndian(static_cast<std::uint32_t>(frame.payload.size()), head + 4);
  PutLittleEndian(frame.index, head + 8);
  head[16] = static_cast<char>(frame.type);
  out += frame.payload;
  const std::uint32_t crc = Crc32c(std::string_view(out).substr(start + kCrcSize));
  PutLittleEndian(crc, out.data() + start);
}

std::optional<Frame> GetFrame(std::string_view bytes, std::size_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < kFrameHeadSize) return std::nullopt;
  const char* const head = bytes.data() + offset;
  const std::size_t length = PayloadLength(bytes.substr(offset));
  if (length > kMaxPayloadSize || length > bytes.size() - offset - kFrameHeadSize) {
    return std::nullopt;
  }
  const std::string_view covered =
      bytes.substr(offset + kCrcSize, kFrameHeadSize - kCrcSize + length);
  if (Crc32c(covered) != GetLittleEndian<std::uint32_t>(head)) return std::nullopt;
  return Frame{.index = GetLittleEndian<std::uint64_t>(head + 8),
               .type = static_cast<std::uint8_t>(head[16]),
               .payload = bytes.substr(offset + kFrameHeadSize, length)};
}

std::size_t PayloadLength(std::string_view head) {
  return GetLittleEndian<std::uint32_t>(head.data() + 4);
}

std::string PutTrailer(const BatchTrailer& trailer) {
  std::string payload(sizeof(trailer.entries), '\0');
  PutLittleEndian(trailer.entries, payload.data());
  payload += BytesOf(trailer.root);
  return payload;
}

std::optional<BatchTrailer> GetTrailer(const Frame& frame) {
  BatchTrailer trailer;
  if (frame.type != kTrailerType) return std::nullopt;
  if (frame.payload.size() != sizeof(trailer.entries) + trailer.root.size()) return std::nullopt;
  trailer.entries = GetLittleEndian<std::uint32_t>(frame.payload.data());
  trailer.root = RootAt(frame.payload.substr(sizeof(trailer.entries)));
  return trailer;
}

std::string PutHeader(const TreeRoot& root_before) {
  return std::string(kMagic).append(BytesOf(root_before));
}

std::optional<TreeRoot> GetHeader(const Frame& frame) {
  if (frame.type != kHeaderType || !frame.payload.starts_with(kMagic)) return std::nullopt;
  const std::string_view rest = frame.payload.substr(kMagic.size());
  if (rest.size() != sizeof(TreeRoot)) return std::nullopt;
  return RootAt(rest);
}

}  // namespace candour::storage
