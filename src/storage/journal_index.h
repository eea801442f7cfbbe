#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/journal_scan.h"

namespace candour::storage {

/// What a scan of a segment finds, kept beside a segment that another follows, so that opening a
/// journal does not read all of it. It can be made again from the segment at any time.
struct SegmentIndex {
  std::uint64_t first = 0;         ///< number of the segment's first entry
  std::uint64_t bytes = 0;         ///< the segment's length
  std::vector<EntryPlace> places;  ///< of its entries
  std::string tree;                ///< JournalTree::Save() after its last entry
};

/// The index's file name, for the segment's.
std::string IndexName(std::string_view segment_name);

/// The bytes of an index: docs/formats/journal.md.
std::string PutSegmentIndex(const SegmentIndex& index);

/// Reads them; nothing when they are not whole. `segment`: which one the places are in.
std::optional<SegmentIndex> GetSegmentIndex(std::string_view bytes, std::uint32_t segment);

}  // namespace candour::storage
