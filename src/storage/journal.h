#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/filesystem.h"
#include "storage/journal_scan.h"

namespace candour::storage {

/// The most entries that a batch may have.
inline constexpr std::size_t kMaxBatchEntries = 4'096;

/// An entry to be appended.
struct JournalRecord {
  std::uint8_t type = 0;  ///< below kFirstOwnType
  std::string_view payload;
};

/// An entry as it is read back.
struct JournalEntry {
  std::uint64_t index = 0;
  std::uint8_t type = 0;
  std::string payload;
};

/// How a journal is kept.
struct JournalOptions {
  /// Gives an empty tree; called on opening and by Verify.
  std::function<std::unique_ptr<JournalTree>()> make_tree;
  /// A segment file that is as long is followed by a new one. At most 1 GiB. Opening writes the
  /// last segment anew, so a longer one makes opening slower.
  std::uint64_t segment_bytes = std::uint64_t{8} << 20;
};

/// An append-only file of entries, in segments, that survives any crash: docs/formats/journal.md.
///
/// Entries are appended in batches; a batch is there whole or not at all, and once Append has
/// returned it is there for good. After any error while writing, the journal only reads until it is
/// opened again, because the disk may hold anything then.
/// The folder belongs to one process (the caller holds a lock). Threads: one appends or verifies;
/// any others read beside it.
class Journal {
 public:
  /// Opens or makes the journal in `folder`, which exists. Makes durable what is there, checks
  /// every frame and root, cuts off a torn tail.
  /// Errors: kLedgerCorrupt (a bad frame before the tail), kIo.
  /// Cost: reads and hashes the last segment, and the indexes of the others; a segment whose index
  /// is missing or does not fit it is read whole. 8 bytes of memory an entry.
  static Result<Journal> Open(Filesystem& files, const std::filesystem::path& folder,
                              JournalOptions options);
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  /// Appends a batch, durable on return, and gives the index of its first entry. One sync.
  /// Errors: kInvalidArgument (no entry, one too long, over kMaxBatchEntries; nothing changes),
  /// kLedgerReadOnly (an earlier error), kIo.
  Result<std::uint64_t> Append(std::span<const JournalRecord> batch);

  /// Entries from `first` on, at most `limit`. Errors: kLedgerCorrupt (changed since), kIo.
  Result<std::vector<JournalEntry>> Read(std::uint64_t first, std::uint64_t limit) const;

  /// The type of entry `index`, which exists. No I/O.
  std::uint8_t TypeOf(std::uint64_t index) const;

  /// How many entries there are, and the root over them.
  std::uint64_t size() const;
  TreeRoot root() const;

  /// Whether an error has ended writing.
  bool read_only() const;

  /// Reads all of it again, indexes too, and checks that it is what this journal wrote and read.
  /// Errors: kLedgerCorrupt naming the file and byte of the first bad frame, kIo.
  Status Verify() const;

 private:
  struct State;
  explicit Journal(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace candour::storage
