#include "storage/journal_scan.h"

#include <fmt/format.h>

namespace candour::storage {
namespace {

std::unexpected<Error> Corrupt(std::string_view file, std::size_t offset, std::string_view found) {
  return Fail(Error{.code = ErrorCode::kLedgerCorrupt,
                    .message = fmt::format("The journal is damaged: {}, byte {}.", file, offset)}
                  .Expected("frames as Candour wrote them")
                  .Found(std::string(found))
                  .FixBy("the operator, from a backup")
                  .Next("keep the damaged file for inspection"));
}

class Scanner {
 public:
  Scanner(std::string_view bytes, std::string_view file, std::uint32_t segment, JournalTree& tree,
          std::vector<EntryPlace>& places)
      : bytes_(bytes), file_(file), segment_(segment), tree_(tree), places_(places) {}

  Result<SegmentScan> Run(bool last) {
    CANDOUR_ASSIGN(const bool header, ReadHeader());
    while (header) {
      CANDOUR_ASSIGN(const bool batch, ReadBatch());
      if (!batch) break;
    }
    scan_.torn = scan_.kept_bytes != bytes_.size();
    if (!last && (!header || scan_.torn)) {
      return Corrupt(file_, bad_, "a bad frame with another segment after it");
    }
    if (scan_.torn && SealFollows()) {
      return Corrupt(file_, bad_, "a bad frame with acknowledged entries at or after it");
    }
    return scan_;
  }

 private:
  Result<bool> ReadHeader() {
    const auto frame = GetFrame(bytes_, 0);
    if (!frame) return false;
    const auto root = GetHeader(*frame);
    if (!root || frame->index != places_.size() || *root != tree_.Root()) {
      return Corrupt(file_, 0, "a segment that does not continue the one before it");
    }
    at_ = bad_ = frame->size();
    // A header alone is kept: the next batch follows it. It is durable when that batch is.
    scan_.kept_bytes = at_;
    scan_.sealed = true;
    return true;
  }

  /// One batch with its seal; false when there is none that is complete.
  Result<bool> ReadBatch() {
    std::vector<EntryPlace> places;
    std::vector<std::string_view> payloads;
    bad_ = at_;
    while (auto frame = GetFrame(bytes_, bad_)) {
      const std::uint64_t next = places_.size() + places.size();
      if (frame->index != next) return Corrupt(file_, bad_, "a frame out of its turn");
      if (frame->type == kTrailerType) {
        CANDOUR_TRY(Accept(*frame, places, payloads));
        return true;
      }
      if (frame->type >= kFirstOwnType) return Corrupt(file_, bad_, "a frame out of its place");
      places.push_back({.offset = static_cast<std::uint32_t>(bad_),
                        .segment = segment_ & 0xFFFFFF,
                        .type = frame->type});
      payloads.push_back(frame->payload);
      bad_ += frame->size();
    }
    return false;
  }

  Status Accept(const Frame& frame, const std::vector<EntryPlace>& places,
                const std::vector<std::string_view>& payloads) {
    const auto trailer = GetTrailer(frame);
    if (!trailer || trailer->entries != places.size()) {
      return Corrupt(file_, bad_, "a batch trailer that does not fit its batch");
    }
    for (const std::string_view payload : payloads) tree_.Add(payload);
    if (trailer->root != tree_.Root()) {
      return Corrupt(file_, bad_, "a batch trailer whose root is not that of the entries");
    }
    places_.insert(places_.end(), places.begin(), places.end());
    bad_ += frame.size();
    const auto seal = GetFrame(bytes_, bad_);
    scan_.sealed = seal && seal->type == kSealType && seal->index == places_.size();
    if (scan_.sealed) bad_ += seal->size();
    scan_.kept_bytes = at_ = bad_;
    return {};
  }

  /// Whether a seal of a later batch lies anywhere after the last complete one. A seal is written
  /// only once its batch is durable, so the damage struck what was acknowledged.
  bool SealFollows() const {
    for (std::size_t i = scan_.kept_bytes; i + kFrameHeadSize <= bytes_.size(); ++i) {
      if (static_cast<std::uint8_t>(bytes_[i + kFrameHeadSize - 1]) != kSealType) continue;
      const auto frame = GetFrame(bytes_, i);
      if (frame && frame->payload.empty() && frame->index > places_.size()) return true;
    }
    return false;
  }

  std::string_view bytes_;
  std::string_view file_;
  std::uint32_t segment_;
  JournalTree& tree_;
  std::vector<EntryPlace>& places_;
  std::size_t at_ = 0;   ///< where the next batch begins
  std::size_t bad_ = 0;  ///< where the next frame begins: the first that is bad, at the end
  SegmentScan scan_;
};

}  // namespace

Result<SegmentScan> ScanSegment(std::string_view bytes, std::string_view file,
                                std::uint32_t segment, bool last, JournalTree& tree,
                                std::vector<EntryPlace>& places) {
  return Scanner(bytes, file, segment, tree, places).Run(last);
}

}  // namespace candour::storage
