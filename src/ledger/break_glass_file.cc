#include "ledger/break_glass_file.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "crypto/random.h"
#include "ledger/ledger_tree.h"
#include "storage/journal_scan.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;
using storage::JournalEntry;

// What a frame can take, less what sealing adds and the mark of whether more follows.
constexpr std::size_t kPieceSize = 60'000;
constexpr std::size_t kIdSize = 16;
// An emergency lasts an hour; a file far longer than it can need is refused, so that opening it,
// which reads it whole, stays quick and it stays in one segment.
constexpr std::uint64_t kMaxFileBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kSegmentBytes = std::uint64_t{1} << 30;

/// What binds a sealed frame to its place, so that none can be moved to another one or repeated.
std::string PlaceOf(std::string_view file, std::uint64_t frame, std::uint8_t type) {
  return fmt::format("candour/break-glass/v1\n{}\n{}\n{}", file, frame, type);
}

bool IsType(std::uint8_t type) {
  switch (static_cast<GlassRecordType>(type)) {
    case GlassRecordType::kFile:
    case GlassRecordType::kStarted:
    case GlassRecordType::kFinished:
    case GlassRecordType::kDenied:
    case GlassRecordType::kSet:
    case GlassRecordType::kGrant:
      return true;
  }
  return false;
}

/// Puts opened frames together again.
class Assembler {
 public:
  explicit Assembler(const crypto::Aead& seal) : seal_(seal) {}

  Status Add(std::uint64_t index, std::uint8_t type, std::string_view sealed) {
    const auto wrong = [index] {
      return Fail(
          ErrorCode::kCorruption,
          fmt::format("The break-glass file holds a frame that cannot be opened: {}.", index));
    };
    const auto opened = seal_.Open(sealed, PlaceOf(reading_.id, index, type));
    if (!opened || opened->size() == 0 || !IsType(type)) return wrong();
    if ((index == 0) != (type == static_cast<std::uint8_t>(GlassRecordType::kFile))) return wrong();
    const std::string_view text = opened->Reveal();
    if (!more_) {
      pending_ = {.number = index, .type = static_cast<GlassRecordType>(type), .content = {}};
    } else if (pending_.type != static_cast<GlassRecordType>(type)) {
      return wrong();
    }
    pending_.content += text.substr(1);
    more_ = text.front() != 0;
    if (more_) return {};
    if (index == 0) {
      reading_.id = pending_.content;
    } else {
      reading_.records.push_back(std::move(pending_));
    }
    return {};
  }

  GlassReading& reading() { return reading_; }

 private:
  const crypto::Aead& seal_;
  GlassReading reading_;
  GlassRecord pending_;
  bool more_ = false;
};

/// The frames of records, sealed for the places from `next` on.
std::vector<std::string> SealAll(std::span<GlassRecord> records, std::uint64_t next,
                                 std::string_view file, const crypto::Aead& seal,
                                 std::vector<std::uint8_t>& types) {
  std::vector<std::string> frames;
  for (GlassRecord& record : records) {
    record.number = next;
    std::string_view rest = record.content;
    bool more = true;
    while (more) {
      more = rest.size() > kPieceSize;
      const auto type = static_cast<std::uint8_t>(record.type);
      std::string piece(1, more ? '\1' : '\0');
      piece.append(rest.substr(0, kPieceSize));
      rest.remove_prefix(std::min(rest.size(), kPieceSize));
      frames.push_back(seal.Seal(piece, PlaceOf(file, next++, type)));
      types.push_back(type);
    }
  }
  return frames;
}

}  // namespace

fs::path OpenGlassFile(const fs::path& folder) { return folder / "00000000000000000000.journal"; }

Result<GlassReading> ReadGlassFile(storage::Filesystem& files, const fs::path& file,
                                   const crypto::Aead& seal) {
  CANDOUR_ASSIGN(const std::string bytes, files.Read(file));
  const auto tree = MakeLedgerTree();
  std::vector<storage::EntryPlace> places;
  const auto scan = storage::ScanSegment(bytes, file.filename().string(), 0, true, *tree, places);
  Assembler assembler(seal);
  Status opened;
  for (std::size_t i = 0; opened && i < places.size(); ++i) {
    const auto frame = storage::GetFrame(bytes, places[i].offset);
    if (!frame) break;  // the scan has just read it
    opened = assembler.Add(i, frame->type, frame->payload);
  }
  GlassReading reading = std::move(assembler.reading());
  if (!opened) {
    reading.damage = opened.error();
  } else if (!scan) {
    reading.damage = scan.error();
  }
  return reading;
}

Result<BreakGlassFile> BreakGlassFile::Open(storage::Filesystem& files, const fs::path& folder,
                                            const crypto::Aead& seal) {
  CANDOUR_TRY(files.MakeDirectory(folder));
  CANDOUR_TRY(files.SyncDirectory(folder.has_parent_path() ? folder.parent_path() : "."));
  CANDOUR_ASSIGN(storage::Journal journal,
                 storage::Journal::Open(files, folder,
                                        {.make_tree = [] { return MakeLedgerTree(); },
                                         .segment_bytes = kSegmentBytes}));
  BreakGlassFile file(std::move(journal), seal);
  CANDOUR_ASSIGN(const std::vector<JournalEntry> frames,
                 file.journal_.Read(0, file.journal_.size()));
  Assembler assembler(seal);
  for (const JournalEntry& frame : frames) {
    CANDOUR_TRY(assembler.Add(frame.index, frame.type, frame.payload));
    file.bytes_ += frame.payload.size();
  }
  file.id_ = std::move(assembler.reading().id);
  file.records_ = std::move(assembler.reading().records);
  if (!frames.empty()) return file;
  GlassRecord first{.type = GlassRecordType::kFile,
                    .content = HexEncode(crypto::RandomBytes(kIdSize))};
  CANDOUR_TRY(file.Append({&first, 1}));
  file.id_ = std::move(first.content);
  file.records_.clear();
  return file;
}

Result<std::uint64_t> BreakGlassFile::Append(std::span<GlassRecord> added) {
  std::vector<std::uint8_t> types;
  const std::vector<std::string> sealed = SealAll(added, journal_.size(), id_, *seal_, types);
  std::vector<storage::JournalRecord> frames;
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    frames.push_back({.type = types[i], .payload = sealed[i]});
    size += sealed[i].size();
  }
  if (bytes_ + size > kMaxFileBytes || frames.size() > storage::kMaxBatchEntries) {
    return Fail(
        Error{.code = ErrorCode::kExhausted, .message = "The break-glass file is full."}.FixBy(
            "the operator, by repairing the ledger"));
  }
  CANDOUR_TRY(journal_.Append(frames));
  bytes_ += size;
  records_.insert(records_.end(), added.begin(), added.end());
  return added.front().number;
}

}  // namespace candour::ledger
