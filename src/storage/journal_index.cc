#include "storage/journal_index.h"

#include "base/bytes.h"
#include "storage/crc32c.h"

namespace candour::storage {
namespace {

constexpr std::string_view kMagic = "candour journal index 1\n";
constexpr std::size_t kPlaceSize = 4 + 1;

template <class Unsigned>
void Put(Unsigned value, std::string& out) {
  out.resize(out.size() + sizeof(Unsigned));
  PutLittleEndian(value, out.data() + out.size() - sizeof(Unsigned));
}

/// Takes numbers and bytes off the front of a text; `whole` ends when there were too few.
struct Cutter {
  std::string_view bytes;
  bool whole = true;

  std::string_view Take(std::size_t size) {
    whole &= size <= bytes.size();
    const std::string_view taken = bytes.substr(0, size);
    bytes.remove_prefix(taken.size());
    return taken;
  }

  template <class Unsigned>
  Unsigned Number() {
    const std::string_view taken = Take(sizeof(Unsigned));
    return whole ? GetLittleEndian<Unsigned>(taken.data()) : Unsigned{0};
  }
};

}  // namespace

std::string IndexName(std::string_view segment_name) {
  return std::string(segment_name.substr(0, segment_name.rfind('.'))).append(".index");
}

std::string PutSegmentIndex(const SegmentIndex& index) {
  std::string body;
  body.reserve(64 + index.tree.size() + index.places.size() * kPlaceSize);
  Put(index.first, body);
  Put(index.bytes, body);
  Put(static_cast<std::uint64_t>(index.places.size()), body);
  Put(static_cast<std::uint32_t>(index.tree.size()), body);
  body += index.tree;
  for (const EntryPlace& place : index.places) {
    Put(place.offset, body);
    Put(static_cast<std::uint8_t>(place.type), body);
  }
  std::string bytes(kMagic);
  Put(Crc32c(body), bytes);
  return bytes += body;
}

std::optional<SegmentIndex> GetSegmentIndex(std::string_view bytes, std::uint32_t segment) {
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  Cutter cut{bytes.substr(kMagic.size())};
  const auto checksum = cut.Number<std::uint32_t>();
  if (!cut.whole || checksum != Crc32c(cut.bytes)) return std::nullopt;
  SegmentIndex index{.first = cut.Number<std::uint64_t>(), .bytes = cut.Number<std::uint64_t>()};
  const auto count = cut.Number<std::uint64_t>();
  index.tree = cut.Take(cut.Number<std::uint32_t>());
  if (!cut.whole || cut.bytes.size() % kPlaceSize != 0 || count != cut.bytes.size() / kPlaceSize ||
      index.bytes == 0) {
    return std::nullopt;
  }
  index.places.reserve(count);
  while (!cut.bytes.empty()) {
    EntryPlace place{.offset = cut.Number<std::uint32_t>(), .segment = segment & 0xFFFFFF};
    place.type = cut.Number<std::uint8_t>();
    index.places.push_back(place);
  }
  return index;
}

}  // namespace candour::storage
