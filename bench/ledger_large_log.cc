#include "ledger_large_log.h"

#include <fmt/format.h>

#include <future>
#include <vector>

#include "crypto/key_store.h"
#include "crypto/random.h"
#include "ledger/commitment.h"
#include "ledger/entry.h"
#include "ledger/log.h"
#include "ledger/test_settings.h"
#include "ledger/vault.h"

namespace candour::bench {
namespace {

namespace fs = std::filesystem;
using ledger::Ledger;
using ledger::PrivateHalf;
using storage::kMaxBatchEntries;
using storage::MachineFilesystem;

constexpr std::uint64_t kPublishEvery = std::uint64_t{1} << 20;

struct Batch {
  std::vector<std::string> payloads;
  std::vector<std::uint8_t> types;
  std::vector<PrivateHalf> halves;
};

std::string Blinding() { return crypto::RandomBytes(ledger::kBlindingSize); }

ledger::VaultAccess MakeAccess(std::uint64_t number, const ledger::SetId& available) {
  return {.detail = {.started = number,
                     .time = SystemClock().Now(),
                     .principal = "analyst",
                     .use = "basket-insight",
                     .purpose = "range-planning",
                     .recipient = "planners",
                     .output = "aggregates",
                     .datasets = "food.products,food.transactions",
                     .statement = fmt::format("SELECT count(*) FROM food.transactions WHERE week "
                                              "= {}",
                                              number),
                     .os_user = "bench",
                     .available = available,
                     .available_people = 25'000},
          .blindings = {.actor = Blinding(), .statement = Blinding(), .counts = Blinding()}};
}

/// Entries from `first`, an even number, on: in turn what starts an access and what ends it.
Result<Batch> MakeBatch(std::uint64_t first, std::uint64_t count, const ledger::SetId& available) {
  Batch batch;
  for (std::uint64_t number = first; number < first + count; ++number) {
    if (number % 2 == 0) {
      ledger::VaultAccess access = MakeAccess(number, available);
      CANDOUR_ASSIGN(std::string payload, EncodeStarted(access.detail, access.blindings));
      batch.payloads.push_back(std::move(payload));
      batch.types.push_back(static_cast<std::uint8_t>(ledger::EntryType::kStarted));
      batch.halves.emplace_back(std::move(access));
    } else {
      ledger::Outcome outcome{.finished = number,
                              .started = number - 1,
                              .time = SystemClock().Now(),
                              .rows = 40,
                              .outcome = "released",
                              .blinding = Blinding()};
      CANDOUR_ASSIGN(std::string payload, EncodeFinished(outcome));
      batch.payloads.push_back(std::move(payload));
      batch.types.push_back(static_cast<std::uint8_t>(ledger::EntryType::kFinished));
      batch.halves.emplace_back(std::move(outcome));
    }
  }
  return batch;
}

Result<std::unique_ptr<ledger::Log>> OpenAccesses(const ledger::LedgerSettings& settings,
                                                  ledger::CheckpointStore& checkpoints) {
  const std::string_view name = ToString(ledger::LogName::kAccesses);
  const crypto::Secret seed = crypto::DeriveKey(settings.signing_key(1), name);
  CANDOUR_ASSIGN(crypto::Ed25519Key key, crypto::Ed25519Key::FromSeed(seed));
  CANDOUR_ASSIGN(tlog::Signer signer,
                 tlog::Signer::Create(fmt::format("{}/{}", settings.origin, name), std::move(key)));
  return ledger::Log::Open(
      settings.folder / name,
      {.files = settings.files, .checkpoints = checkpoints, .signer = std::move(signer)});
}

Status Commit(ledger::Log& log, const Batch& batch) {
  std::vector<storage::JournalRecord> records;
  for (std::size_t i = 0; i < batch.payloads.size(); ++i) {
    records.push_back({batch.types[i], batch.payloads[i]});
  }
  CANDOUR_TRY(log.Commit(records));
  return log.size() - log.published() < kPublishEvery ? Status() : log.Publish();
}

Status PutHalves(ledger::Vault& vault, Batch& batch, std::uint64_t first) {
  std::vector<PrivateHalf*> halves;
  for (PrivateHalf& half : batch.halves) halves.push_back(&half);
  CANDOUR_TRY(vault.PutBatch(halves, first));
  return {};
}

}  // namespace

Status MakeLargeLedger(const fs::path& folder, std::uint64_t entries) {
  const auto settings = ledger::TestSettings(folder);
  ledger::SetId available;
  {  // the folders, the vault and the checkpoints of two empty logs
    CANDOUR_ASSIGN(Ledger made, Ledger::Open(settings, SystemClock()));
    Bitmap people(50'000);
    for (std::uint32_t record = 1; record < 50'000; record += 2) people.Add(record);
    CANDOUR_ASSIGN(available, made.StoreSet(people));
  }
  CANDOUR_ASSIGN(const auto checkpoints, ledger::CheckpointStore::Open(settings.checkpoint_file));
  CANDOUR_ASSIGN(const auto log, OpenAccesses(settings, *checkpoints));
  CANDOUR_ASSIGN(ledger::Vault vault, ledger::Vault::Open(folder / "vault.db", settings.vault_key));
  const auto make = [&](std::uint64_t first) {
    const std::uint64_t count = std::min<std::uint64_t>(kMaxBatchEntries, entries - first);
    return std::async(std::launch::async, MakeBatch, first, count, available);
  };
  std::future<Result<Batch>> next = make(0);
  for (std::uint64_t first = 0; first < entries;) {
    Result<Batch> batch = next.get();
    if (!batch) return std::unexpected(batch.error());
    const std::uint64_t after = first + batch->payloads.size();
    if (after < entries) next = make(after);
    if (entries - first <= 2 * kMaxBatchEntries) CANDOUR_TRY(PutHalves(vault, *batch, first));
    CANDOUR_TRY(Commit(*log, *batch));
    first = after;
  }
  return log->Publish();
}

}  // namespace candour::bench
