#include "storage/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "base/check.h"
#include "storage/durable_file.h"
#include "storage/journal_index.h"

namespace candour::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIndexDigits = 20;
constexpr std::string_view kSuffix = ".journal";

std::string SegmentName(std::uint64_t first) {
  return fmt::format("{:0{}}{}", first, kIndexDigits, kSuffix);
}

bool IsSegmentName(std::string_view name) {
  return name.size() == kIndexDigits + kSuffix.size() && name.ends_with(kSuffix) &&
         name.substr(0, kIndexDigits).find_first_not_of("0123456789") == std::string_view::npos;
}

Status CheckBatch(std::span<const JournalRecord> batch) {
  if (batch.empty() || batch.size() > kMaxBatchEntries) {
    return Fail(
        Error{.code = ErrorCode::kInvalidArgument, .message = "The batch has no entry or too many."}
            .Expected(fmt::format("1 to {} entries", kMaxBatchEntries))
            .Found(fmt::format("{} entries", batch.size())));
  }
  for (const JournalRecord& record : batch) {
    CANDOUR_REQUIRE(record.type < kFirstOwnType);
    if (record.payload.size() > kMaxPayloadSize) {
      return Fail(
          Error{.code = ErrorCode::kInvalidArgument, .message = "The journal entry is too long."}
              .Expected(fmt::format("at most {} bytes", kMaxPayloadSize))
              .Found(fmt::format("{} bytes", record.payload.size())));
    }
  }
  return {};
}

}  // namespace

struct Journal::State {
  State(Filesystem& filesystem, fs::path where, JournalOptions how)
      : files(filesystem), folder(std::move(where)), options(std::move(how)) {}

  Filesystem& files;
  fs::path folder;
  JournalOptions options;
  std::unique_ptr<JournalTree> tree;
  mutable std::mutex mutex;  ///< of the next four, which are read while a batch is appended
  TreeRoot root = {};
  std::vector<EntryPlace> places;
  std::vector<std::string> segments;  ///< file names, oldest first
  std::unique_ptr<AppendFile> tail;   ///< of the last segment; none while there is no segment
  std::uint64_t tail_bytes = 0;
  bool read_only = false;

  std::uint64_t size() const;
  Status Recover();
  Status RecoverClosed(std::uint32_t segment);
  Status CheckIndexed(const std::string& name, std::uint64_t bytes) const;
  Status WriteIndex(std::uint32_t segment, std::uint64_t bytes) const;
  Status CheckIndex(const std::string& name, const SegmentIndex& truth) const;
  Status MakeDurable();
  Status CutTail(const SegmentScan& scan, std::string bytes);
  Status AppendDurably(std::span<const JournalRecord> batch);
  Status StartSegment();
  Status Write(std::string_view bytes);
  Status WriteSeal();
  Status ReadRun(std::uint64_t first, std::uint64_t end, std::vector<JournalEntry>& entries) const;
};

/// Before anything is served: what a killed process wrote may be only in the page cache.
Status Journal::State::MakeDurable() {
  for (const std::string& name : segments) {
    CANDOUR_ASSIGN(const std::unique_ptr<AppendFile> file, files.OpenAppend(folder / name));
    CANDOUR_TRY(file->Sync());
  }
  return files.SyncDirectory(folder);
}

Status Journal::State::Recover() {
  CANDOUR_ASSIGN(const std::vector<std::string> names, files.List(folder));
  std::ranges::copy_if(names, std::back_inserter(segments), IsSegmentName);
  CANDOUR_TRY(MakeDurable());
  tree = options.make_tree();
  SegmentScan scan;
  std::string bytes;
  for (std::uint32_t i = 0; i < segments.size(); ++i) {
    if (segments[i] != SegmentName(places.size())) {
      return Fail(
          Error{.code = ErrorCode::kLedgerCorrupt,
                .message = fmt::format("A journal segment is missing before {}.", segments[i])}
              .Expected(SegmentName(places.size())));
    }
    if (i + 1 < segments.size()) {
      CANDOUR_TRY(RecoverClosed(i));
    } else {
      CANDOUR_ASSIGN(bytes, files.Read(folder / segments[i]));
      CANDOUR_ASSIGN(scan, ScanSegment(bytes, segments[i], i, true, *tree, places));
    }
  }
  root = tree->Root();
  return segments.empty() ? Status() : CutTail(scan, std::move(bytes));
}

/// A segment that another follows is known by its index; without one that fits it is read whole,
/// and gets its index again.
Status Journal::State::RecoverClosed(std::uint32_t segment) {
  const std::string& name = segments[segment];
  const auto bytes = files.Read(folder / IndexName(name));
  const auto index = bytes ? GetSegmentIndex(*bytes, segment) : std::nullopt;
  if (index && index->first == places.size() && CheckIndexed(name, index->bytes)) {
    const std::string before = tree->Save();
    if (tree->Restore(index->tree)) {
      places.insert(places.end(), index->places.begin(), index->places.end());
      return {};
    }
    CANDOUR_TRY(tree->Restore(before));
  }
  CANDOUR_ASSIGN(const std::string frames, files.Read(folder / name));
  CANDOUR_TRY(ScanSegment(frames, name, segment, false, *tree, places));
  return WriteIndex(segment, frames.size());
}

/// That the segment continues the one before it and is as long as its index says.
Status Journal::State::CheckIndexed(const std::string& name, std::uint64_t bytes) const {
  CANDOUR_ASSIGN(const std::string head, files.ReadRange(folder / name, 0, kHeaderFrameSize));
  const auto frame = GetFrame(head, 0);
  const auto before = frame ? GetHeader(*frame) : std::nullopt;
  if (!before || frame->index != places.size() || *before != tree->Root()) {
    return Fail(ErrorCode::kLedgerCorrupt, "The segment does not continue the one before it.");
  }
  CANDOUR_TRY(files.ReadRange(folder / name, bytes - 1, 1));
  return {};
}

/// Keeps what a scan of the segment finds; its entries are the last ones known.
Status Journal::State::WriteIndex(std::uint32_t segment, std::uint64_t bytes) const {
  const auto first = std::ranges::lower_bound(
      places, segment, {}, [](const EntryPlace& place) { return place.segment; });
  const SegmentIndex index{.first = static_cast<std::uint64_t>(first - places.begin()),
                           .bytes = bytes,
                           .places = {first, places.end()},
                           .tree = tree->Save()};
  return WriteDurably(files, folder / IndexName(segments[segment]), PutSegmentIndex(index));
}

std::uint64_t Journal::State::size() const {
  const std::lock_guard lock(mutex);
  return places.size();
}

/// Takes away what was never acknowledged, so that the next batch follows the last complete one.
///
/// The last segment is always written anew, from the bytes that were checked. A process before this
/// one may have seen a sync of it fail; then the system may hold bytes (if only the last seal) that
/// it will never write, and a sync that succeeds proves nothing. A new file has no such past.
Status Journal::State::CutTail(const SegmentScan& scan, std::string bytes) {
  const fs::path file = folder / segments.back();
  if (scan.kept_bytes == 0) {  // the power went while the segment was begun: it is begun again
    segments.pop_back();
    CANDOUR_TRY(files.Remove(file));
    return files.SyncDirectory(folder);
  }
  bytes.resize(scan.kept_bytes);
  if (!scan.sealed) PutFrame({.index = places.size(), .type = kSealType}, bytes);
  tail_bytes = bytes.size();
  CANDOUR_TRY(WriteDurably(files, file, bytes));
  CANDOUR_ASSIGN(tail, files.OpenAppend(file));
  return {};
}

Status Journal::State::Write(std::string_view bytes) {
  CANDOUR_TRY(tail->Append(bytes));
  tail_bytes += bytes.size();
  return {};
}

/// Says, after the sync, that the batch was acknowledged. It needs no sync of its own: it only
/// helps to tell damage from a torn tail, and the next sync saves it.
Status Journal::State::WriteSeal() {
  std::string bytes;
  PutFrame({.index = places.size(), .type = kSealType}, bytes);
  return Write(bytes);
}

Status Journal::State::StartSegment() {
  // The segment before must be whole, seal and all, once it is no longer the last.
  if (tail != nullptr) {
    CANDOUR_TRY(tail->Sync());
    CANDOUR_TRY(WriteIndex(static_cast<std::uint32_t>(segments.size() - 1), tail_bytes));
  }
  const std::string name = SegmentName(places.size());
  CANDOUR_ASSIGN(tail, files.Create(folder / name));
  CANDOUR_TRY(files.SyncDirectory(folder));
  {
    const std::lock_guard lock(mutex);
    segments.push_back(name);
  }
  tail_bytes = 0;
  std::string bytes;
  PutFrame({.index = places.size(), .type = kHeaderType, .payload = PutHeader(root)}, bytes);
  return Write(bytes);
}

Status Journal::State::AppendDurably(std::span<const JournalRecord> batch) {
  if (tail == nullptr || tail_bytes >= options.segment_bytes) CANDOUR_TRY(StartSegment());
  std::vector<EntryPlace> added;
  std::string bytes;
  for (const JournalRecord& record : batch) {
    added.push_back({.offset = static_cast<std::uint32_t>(tail_bytes + bytes.size()),
                     .segment = static_cast<std::uint32_t>(segments.size() - 1) & 0xFFFFFF,
                     .type = record.type});
    PutFrame({places.size() + added.size() - 1, record.type, record.payload}, bytes);
    tree->Add(record.payload);
  }
  const BatchTrailer trailer{.entries = static_cast<std::uint32_t>(batch.size()),
                             .root = tree->Root()};
  const std::string payload = PutTrailer(trailer);
  PutFrame({places.size() + added.size(), kTrailerType, payload}, bytes);
  CANDOUR_TRY(Write(bytes));
  CANDOUR_TRY(tail->Sync());
  const std::lock_guard lock(mutex);
  places.insert(places.end(), added.begin(), added.end());
  root = trailer.root;
  return {};
}

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::Open(Filesystem& files, const fs::path& folder, JournalOptions options) {
  CANDOUR_REQUIRE(options.make_tree != nullptr);
  CANDOUR_REQUIRE(options.segment_bytes <= std::uint64_t{1} << 30);
  auto state = std::make_unique<State>(files, folder, std::move(options));
  CANDOUR_TRY(state->Recover());
  return Journal(std::move(state));
}

Result<std::uint64_t> Journal::Append(std::span<const JournalRecord> batch) {
  CANDOUR_TRY(CheckBatch(batch));
  if (read_only()) {
    return Fail(Error{.code = ErrorCode::kLedgerReadOnly,
                      .message = "The journal takes no entry since a write to it failed."}
                    .FixBy("the operator")
                    .Next("free or repair the disk, then open the ledger again"));
  }
  const std::uint64_t first = state_->places.size();
  Status done = state_->AppendDurably(batch);
  // The batch is durable: a seal that cannot be written takes nothing back, but nothing may follow.
  if (!done || !state_->WriteSeal()) {
    const std::lock_guard lock(state_->mutex);
    state_->read_only = true;
  }
  if (!done) return std::unexpected(std::move(done).error());
  return first;
}

/// Entries from `first` on that lie in one segment, before `end` and at most 1,024, by one read.
Status Journal::State::ReadRun(std::uint64_t first, std::uint64_t end,
                               std::vector<JournalEntry>& entries) const {
  constexpr std::uint64_t kMaxRun = 1'024;
  std::vector<EntryPlace> run;
  std::string name;
  {
    const std::lock_guard lock(mutex);
    for (std::uint64_t at = first; at < std::min(end, first + kMaxRun); ++at) {
      if (places[at].segment != places[first].segment) break;
      run.push_back(places[at]);
    }
    name = segments[places[first].segment];
  }
  const std::uint64_t begin = run.front().offset;
  const std::uint64_t last = run.back().offset;
  CANDOUR_ASSIGN(const std::string head, files.ReadRange(folder / name, last, kFrameHeadSize));
  const std::size_t size =
      last - begin + kFrameHeadSize + std::min(PayloadLength(head), kMaxPayloadSize);
  CANDOUR_ASSIGN(const std::string bytes, files.ReadRange(folder / name, begin, size));
  for (std::size_t i = 0; i < run.size(); ++i) {
    const auto frame = GetFrame(bytes, run[i].offset - begin);
    if (!frame || frame->index != first + i || frame->type != run[i].type) {
      return Fail(ErrorCode::kLedgerCorrupt,
                  fmt::format("The journal was changed: {}, entry {}.", name, first + i));
    }
    entries.push_back({first + i, frame->type, std::string(frame->payload)});
  }
  return {};
}

Result<std::vector<JournalEntry>> Journal::Read(std::uint64_t first, std::uint64_t limit) const {
  std::vector<JournalEntry> entries;
  const std::uint64_t known = size();
  const std::uint64_t end = first + std::min(limit, known - std::min(first, known));
  for (std::uint64_t next = first; next < end; next = first + entries.size()) {
    CANDOUR_TRY(state_->ReadRun(next, end, entries));
  }
  return entries;
}

std::uint8_t Journal::TypeOf(std::uint64_t index) const {
  const std::lock_guard lock(state_->mutex);
  return static_cast<std::uint8_t>(state_->places[index].type);
}

std::uint64_t Journal::size() const { return state_->size(); }

TreeRoot Journal::root() const {
  const std::lock_guard lock(state_->mutex);
  return state_->root;
}

bool Journal::read_only() const {
  const std::lock_guard lock(state_->mutex);
  return state_->read_only;
}

Status Journal::State::CheckIndex(const std::string& name, const SegmentIndex& truth) const {
  CANDOUR_ASSIGN(const std::string bytes, files.Read(folder / IndexName(name)));
  const std::string expected = PutSegmentIndex(truth);
  if (bytes == expected) return {};
  const auto differs = std::ranges::mismatch(bytes, expected).in1 - bytes.begin();
  return Fail(
      Error{.code = ErrorCode::kLedgerCorrupt,
            .message = fmt::format("The index of a journal segment is damaged: {}, byte {}.",
                                   IndexName(name), differs)}
          .Next("remove it; it is made again when the ledger is opened"));
}

Status Journal::Verify() const {
  const std::unique_ptr<JournalTree> tree = state_->options.make_tree();
  std::vector<EntryPlace> places;
  for (std::uint32_t i = 0; i < state_->segments.size(); ++i) {
    const std::string& name = state_->segments[i];
    const bool last = i + 1 == state_->segments.size();
    CANDOUR_ASSIGN(const std::string bytes, state_->files.Read(state_->folder / name));
    const std::uint64_t first = places.size();
    CANDOUR_ASSIGN(const SegmentScan scan, ScanSegment(bytes, name, i, last, *tree, places));
    if (!last) {
      CANDOUR_TRY(state_->CheckIndex(name, {first,
                                            bytes.size(),
                                            {places.begin() + std::ptrdiff_t(first), places.end()},
                                            tree->Save()}));
    }
    // While it writes, a journal has no torn tail but the one that made it read-only.
    if (scan.torn && !state_->read_only) {
      return Fail(ErrorCode::kLedgerCorrupt,
                  fmt::format("The journal is damaged: {}, byte {}.", name, scan.kept_bytes));
    }
  }
  if (places.size() < size() || (places.size() == size() && tree->Root() != state_->root)) {
    return Fail(Error{.code = ErrorCode::kLedgerCorrupt,
                      .message = "The journal holds fewer or other entries than it did."}
                    .Expected(fmt::format("{} entries", size()))
                    .Found(fmt::format("{} entries", places.size())));
  }
  return {};
}

}  // namespace candour::storage
