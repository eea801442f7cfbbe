#include "storage/journal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "storage/durable_file.h"

namespace candour::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxBatchEntries = 4'096;
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
  TreeRoot root = {};
  std::vector<EntryPlace> places;
  std::vector<std::string> segments;  ///< file names, oldest first
  std::unique_ptr<AppendFile> tail;   ///< of the last segment; none while there is no segment
  std::uint64_t tail_bytes = 0;
  bool read_only = false;

  Status Recover();
  Status MakeDurable();
  Status CutTail(const SegmentScan& scan);
  Status RewriteTail(const fs::path& file, bool sealed);
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
  for (std::uint32_t i = 0; i < segments.size(); ++i) {
    CANDOUR_ASSIGN(const std::string bytes, files.Read(folder / segments[i]));
    if (segments[i] != SegmentName(places.size())) {
      return Fail(
          Error{.code = ErrorCode::kLedgerCorrupt,
                .message = fmt::format("A journal segment is missing before {}.", segments[i])}
              .Expected(SegmentName(places.size())));
    }
    const bool last = i + 1 == segments.size();
    CANDOUR_ASSIGN(scan, ScanSegment(bytes, segments[i], i, last, *tree, places));
  }
  root = tree->Root();
  return segments.empty() ? Status() : CutTail(scan);
}

/// Takes away what was never acknowledged, so that the next batch follows the last complete one.
Status Journal::State::CutTail(const SegmentScan& scan) {
  const fs::path file = folder / segments.back();
  if (scan.kept_bytes == 0) {  // the power went while the segment was begun: it is begun again
    segments.pop_back();
    CANDOUR_TRY(files.Remove(file));
    return files.SyncDirectory(folder);
  }
  tail_bytes = scan.kept_bytes;
  if (scan.torn || !scan.sealed) CANDOUR_TRY(RewriteTail(file, scan.sealed));
  CANDOUR_ASSIGN(tail, files.OpenAppend(file));
  return {};
}

/// A segment that ends in a torn batch, or without a seal, may be one whose sync failed; then the
/// system may hold bytes that it will never write, and a sync that succeeds proves nothing. A new
/// file has no such past.
Status Journal::State::RewriteTail(const fs::path& file, bool sealed) {
  CANDOUR_ASSIGN(std::string bytes, files.Read(file));
  bytes.resize(tail_bytes);
  if (!sealed) PutFrame({.index = places.size(), .type = kSealType}, bytes);
  tail_bytes = bytes.size();
  return WriteDurably(files, file, bytes);
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
  if (tail != nullptr) CANDOUR_TRY(tail->Sync());
  const std::string name = SegmentName(places.size());
  CANDOUR_ASSIGN(tail, files.Create(folder / name));
  CANDOUR_TRY(files.SyncDirectory(folder));
  segments.push_back(name);
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
  if (state_->read_only) {
    return Fail(Error{.code = ErrorCode::kLedgerReadOnly,
                      .message = "The journal takes no entry since a write to it failed."}
                    .FixBy("the operator")
                    .Next("free or repair the disk, then open the ledger again"));
  }
  const std::uint64_t first = state_->places.size();
  if (Status done = state_->AppendDurably(batch); !done) {
    state_->read_only = true;
    return std::unexpected(std::move(done).error());
  }
  // The batch is durable: a seal that cannot be written takes nothing back, but nothing may follow.
  if (!state_->WriteSeal()) state_->read_only = true;
  return first;
}

/// Entries `first` to `end` - 1, which lie in one segment, by one read.
Status Journal::State::ReadRun(std::uint64_t first, std::uint64_t end,
                               std::vector<JournalEntry>& entries) const {
  const std::string& name = segments[places[first].segment];
  const std::uint64_t begin = places[first].offset;
  const std::uint64_t last = places[end - 1].offset;
  CANDOUR_ASSIGN(const std::string head, files.ReadRange(folder / name, last, kFrameHeadSize));
  const std::size_t size =
      last - begin + kFrameHeadSize + std::min(PayloadLength(head), kMaxPayloadSize);
  CANDOUR_ASSIGN(const std::string bytes, files.ReadRange(folder / name, begin, size));
  for (std::uint64_t index = first; index < end; ++index) {
    const EntryPlace place = places[index];
    const auto frame = GetFrame(bytes, place.offset - begin);
    if (!frame || frame->index != index || frame->type != place.type) {
      return Fail(ErrorCode::kLedgerCorrupt,
                  fmt::format("The journal was changed: {}, entry {}.", name, index));
    }
    entries.push_back({index, frame->type, std::string(frame->payload)});
  }
  return {};
}

Result<std::vector<JournalEntry>> Journal::Read(std::uint64_t first, std::uint64_t limit) const {
  constexpr std::uint64_t kMaxRun = 1'024;
  std::vector<JournalEntry> entries;
  const std::uint64_t end = first + std::min(limit, size() - std::min(first, size()));
  while (first < end) {
    std::uint64_t stop = first + 1;
    while (stop < std::min(end, first + kMaxRun) &&
           state_->places[stop].segment == state_->places[first].segment) {
      ++stop;
    }
    CANDOUR_TRY(state_->ReadRun(first, stop, entries));
    first = stop;
  }
  return entries;
}

std::uint8_t Journal::TypeOf(std::uint64_t index) const {
  return static_cast<std::uint8_t>(state_->places[index].type);
}

std::uint64_t Journal::size() const { return state_->places.size(); }
const TreeRoot& Journal::root() const { return state_->root; }
bool Journal::read_only() const { return state_->read_only; }

Status Journal::Verify() const {
  const std::unique_ptr<JournalTree> tree = state_->options.make_tree();
  std::vector<EntryPlace> places;
  for (std::uint32_t i = 0; i < state_->segments.size(); ++i) {
    const std::string& name = state_->segments[i];
    const bool last = i + 1 == state_->segments.size();
    CANDOUR_ASSIGN(const std::string bytes, state_->files.Read(state_->folder / name));
    CANDOUR_ASSIGN(const SegmentScan scan, ScanSegment(bytes, name, i, last, *tree, places));
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
