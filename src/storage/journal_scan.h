#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/journal_frame.h"

namespace candour::storage {

/// The tree over a journal's payloads, which gives the root that every batch trailer carries. The
/// journal knows nothing else of it, so that hashing stays on its own floor.
class JournalTree {
 public:
  virtual ~JournalTree() = default;
  virtual void Add(std::string_view payload) = 0;
  virtual TreeRoot Root() const = 0;

  /// All it remembers, as bytes, and the way back. Errors: kCorruption (not such bytes; the tree is
  /// as it was).
  virtual std::string Save() const = 0;
  virtual Status Restore(std::string_view bytes) = 0;
};

/// Where an entry's frame begins. Eight bytes each: a journal of ten million takes 80 MB.
struct EntryPlace {
  std::uint32_t offset = 0;
  std::uint32_t segment : 24 = 0;
  std::uint32_t type : 8 = 0;

  bool operator==(const EntryPlace&) const = default;
};

/// What a scan of one segment found.
struct SegmentScan {
  std::uint64_t kept_bytes = 0;  ///< up to the end of the last complete batch; 0: not even a header
  bool sealed = false;           ///< the last batch is followed by its seal
  bool torn = false;             ///< bytes after `kept_bytes` are of a batch never acknowledged
};

/// Reads a segment's bytes from the first, checks every frame and every root, adds the entries of
/// complete batches to `tree` and `places`.
///
/// What follows the last complete batch is a torn tail when the segment is the last one and nothing
/// in it shows that a later batch was acknowledged; else it is damage.
/// Errors: kLedgerCorrupt, naming `file` and the offset of the first bad frame.
Result<SegmentScan> ScanSegment(std::string_view bytes, std::string_view file,
                                std::uint32_t segment, bool last, JournalTree& tree,
                                std::vector<EntryPlace>& places);

}  // namespace candour::storage
