#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candour::storage {

/// The root of the tree over all payloads of a journal: a SHA-256 digest.
using TreeRoot = std::array<std::uint8_t, 32>;

/// Frame types of the journal's own; all below kFirstOwnType are its user's entries.
inline constexpr std::uint8_t kFirstOwnType = 0xF0;
inline constexpr std::uint8_t kSealType = 0xFD;     ///< the batch before it was made durable
inline constexpr std::uint8_t kHeaderType = 0xFE;   ///< the first frame of a segment
inline constexpr std::uint8_t kTrailerType = 0xFF;  ///< the last frame of a batch

/// Bytes of a frame before its payload: crc32c, length, index, type.
inline constexpr std::size_t kFrameHeadSize = 4 + 4 + 8 + 1;

/// Bytes of a segment's first frame: a head, 18 bytes that say what the file is, and a root.
inline constexpr std::size_t kHeaderFrameSize = kFrameHeadSize + 18 + sizeof(TreeRoot);

/// The longest payload. Source: C2SP tlog-tiles, which gives an entry's length two bytes.
inline constexpr std::size_t kMaxPayloadSize = 65'535;

/// One frame of the journal; docs/formats/journal.md gives its bytes.
struct Frame {
  std::uint64_t index = 0;
  std::uint8_t type = 0;
  std::string_view payload;  ///< lives as long as the bytes it was read from

  std::size_t size() const { return kFrameHeadSize + payload.size(); }
};

/// Writes `frame` at the end of `out`.
void PutFrame(const Frame& frame, std::string& out);

/// The frame that begins at `offset`, or nothing when there is none that is whole.
std::optional<Frame> GetFrame(std::string_view bytes, std::size_t offset);

/// The payload length that a frame's head, of kFrameHeadSize bytes, gives; not yet checked.
std::size_t PayloadLength(std::string_view head);

/// What a trailer's payload says. Its frame's index is the number of entries after the batch.
struct BatchTrailer {
  std::uint32_t entries = 0;
  TreeRoot root = {};
};

std::string PutTrailer(const BatchTrailer& trailer);
std::optional<BatchTrailer> GetTrailer(const Frame& frame);

/// The header's payload: what the file is, and the root of all entries in the segments before it.
std::string PutHeader(const TreeRoot& root_before);
std::optional<TreeRoot> GetHeader(const Frame& frame);

}  // namespace candour::storage
