#include "log_target.h"

#include <fmt/format.h>

#include <utility>

#include "ledger/log.h"
#include "merkle/node_source.h"
#include "storage/faulty_filesystem.h"

namespace candour::crash {
namespace {

using ledger::CheckpointStore;
using ledger::Log;

constexpr std::uint8_t kType = 7;

class AttackedLedgerLog final : public AttackedLog {
 public:
  explicit AttackedLedgerLog(std::unique_ptr<Log> log) : log_(std::move(log)) {}

  /// Publishing may fail after the batch was acknowledged: then nothing may follow it.
  Result<std::uint64_t> Append(const Batch& batch) override {
    std::vector<storage::JournalRecord> records;
    for (const std::string& payload : batch) records.push_back({kType, payload});
    CANDOUR_ASSIGN(const std::uint64_t first, log_->Commit(records));
    static_cast<void>(log_->Publish());
    return first;
  }

  Result<Batch> ReadAll() const override {
    CANDOUR_ASSIGN(auto entries, log_->journal().Read(0, ~std::uint64_t{0}));
    Batch payloads;
    for (storage::JournalEntry& entry : entries) payloads.push_back(std::move(entry.payload));
    CANDOUR_ASSIGN(const crypto::Digest root, merkle::RootOf(log_->tree(), log_->size()));
    const tlog::Checkpoint& last = log_->last_signed()->checkpoint;
    if (root != log_->journal().root() || last.size != log_->size() || last.root != root) {
      return Fail(ErrorCode::kInternal, "What was signed is not what is there.");
    }
    return payloads;
  }

  Status Verify() const override { return log_->Verify(); }
  storage::TreeRoot Root() const override { return log_->journal().root(); }

 private:
  std::unique_ptr<Log> log_;
};

/// The checkpoint store of the disk under attack; a disk that nothing was done with has a new one.
Result<CheckpointStore*> StoreOf(storage::Filesystem& files) {
  static std::unique_ptr<CheckpointStore> store;
  const auto& disk = dynamic_cast<const storage::FaultyFilesystem&>(files);
  if (store == nullptr || disk.operations() == 0) {
    CANDOUR_ASSIGN(store, CheckpointStore::Open(":memory:"));
  }
  return store.get();
}

Result<std::unique_ptr<AttackedLog>> OpenLog(storage::Filesystem& files) {
  CANDOUR_ASSIGN(CheckpointStore * store, StoreOf(files));
  CANDOUR_ASSIGN(crypto::Ed25519Key key, crypto::Ed25519Key::FromSeed(crypto::Secret(32)));
  CANDOUR_ASSIGN(tlog::Signer signer, tlog::Signer::Create("example.org/log", std::move(key)));
  CANDOUR_ASSIGN(
      std::unique_ptr<Log> log,
      Log::Open("/log", {.files = files, .checkpoints = *store, .signer = std::move(signer)}));
  return std::make_unique<AttackedLedgerLog>(std::move(log));
}

}  // namespace

Target LogTarget() { return {.name = "LogOfTheLedger", .open = OpenLog}; }

}  // namespace candour::crash
