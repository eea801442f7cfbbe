#include "journal_target.h"

#include <fmt/format.h>

#include "ledger/ledger_tree.h"
#include "storage/journal.h"

namespace candour::crash {
namespace {

/// Any rule will do by which the type can be told from the payload.
std::uint8_t TypeFor(std::string_view payload) {
  return static_cast<std::uint8_t>(1 + payload.size() % 200);
}

class AttackedJournal final : public AttackedLog {
 public:
  explicit AttackedJournal(storage::Journal journal) : journal_(std::move(journal)) {}

  Result<std::uint64_t> Append(const Batch& batch) override {
    std::vector<storage::JournalRecord> records;
    for (const std::string& payload : batch) records.push_back({TypeFor(payload), payload});
    return journal_.Append(records);
  }

  Result<Batch> ReadAll() const override {
    CANDOUR_ASSIGN(auto entries, journal_.Read(0, ~std::uint64_t{0}));
    Batch payloads;
    for (storage::JournalEntry& entry : entries) {
      const std::uint8_t type = TypeFor(entry.payload);
      if (entry.index != payloads.size() || entry.type != type ||
          journal_.TypeOf(entry.index) != type) {
        return Fail(ErrorCode::kInternal, "The journal gave an entry a wrong index or type.");
      }
      payloads.push_back(std::move(entry.payload));
    }
    if (payloads.size() != journal_.size()) {
      return Fail(ErrorCode::kInternal, "The journal has another size than it has entries.");
    }
    return payloads;
  }

  Status Verify() const override { return journal_.Verify(); }
  storage::TreeRoot Root() const override { return journal_.root(); }

 private:
  storage::Journal journal_;
};

}  // namespace

Target JournalTarget(std::uint64_t segment_bytes, std::filesystem::path folder) {
  const auto open = [segment_bytes, folder = std::move(folder)](
                        storage::Filesystem& files) -> Result<std::unique_ptr<AttackedLog>> {
    CANDOUR_ASSIGN(
        storage::Journal journal,
        storage::Journal::Open(
            files, folder, {.make_tree = ledger::MakeLedgerTree, .segment_bytes = segment_bytes}));
    return std::make_unique<AttackedJournal>(std::move(journal));
  };
  return {.name = fmt::format("JournalOf{}ByteSegments", segment_bytes), .open = open};
}

}  // namespace candour::crash
