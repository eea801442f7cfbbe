#include "ledger/checkpoint_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace candour::ledger {
namespace {

using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

constexpr int kSchemaVersion = 1;
constexpr std::string_view kSchema = R"sql(
  CREATE TABLE checkpoint (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
    note TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";
constexpr std::string_view kInsert =
    "INSERT INTO checkpoint VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
constexpr std::string_view kUpdate =
    "UPDATE checkpoint SET size = ?2, root = ?3, note = ?4 WHERE origin = ?1 AND size = ?5 AND "
    "root = ?6";

}  // namespace

Result<std::unique_ptr<CheckpointStore>> CheckpointStore::Open(const std::filesystem::path& file) {
  CANDOUR_ASSIGN(Sqlite store, Sqlite::Open(file));
  std::unique_ptr<CheckpointStore> checkpoints(new CheckpointStore(std::move(store)));
  CANDOUR_TRY(checkpoints->Prepare());
  return checkpoints;
}

Status CheckpointStore::Prepare() {
  CANDOUR_ASSIGN(const std::int64_t version, store_.SchemaVersion());
  if (version == kSchemaVersion) return {};
  if (version != 0) {
    return Fail(Error{.code = ErrorCode::kUnsupported,
                      .message = "The checkpoint store was written by another version of Candour."}
                    .Expected(fmt::format("version {}", kSchemaVersion))
                    .Found(fmt::format("version {}", version)));
  }
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  CANDOUR_TRY(store_.Run(kSchema));
  CANDOUR_TRY(store_.SetSchemaVersion(kSchemaVersion));
  return transaction.Commit();
}

Result<std::optional<SignedNote>> CheckpointStore::Find(std::string_view origin) const {
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(Statement query,
                 store_.Prepare("SELECT size, root, note FROM checkpoint WHERE origin = ?1"));
  CANDOUR_TRY(query.Bind(1, origin));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return std::nullopt;
  SignedNote last{.checkpoint = {.origin = std::string(origin),
                                 .size = static_cast<std::uint64_t>(query.Int64(0))},
                  .note = query.Text(2)};
  const std::string root = query.Blob(1);
  if (root.size() != last.checkpoint.root.size()) {
    return Fail(ErrorCode::kCorruption, "The checkpoint store is damaged.");
  }
  std::ranges::copy(root, last.checkpoint.root.begin());
  return last;
}

Status CheckpointStore::Swap(const std::optional<tlog::Checkpoint>& last, const SignedNote& next) {
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(Statement swap, store_.Prepare(last ? kUpdate : kInsert));
  CANDOUR_TRY(swap.Bind(1, next.checkpoint.origin));
  CANDOUR_TRY(swap.Bind(2, static_cast<std::int64_t>(next.checkpoint.size)));
  CANDOUR_TRY(swap.BindBlob(3, BytesOf(next.checkpoint.root)));
  CANDOUR_TRY(swap.Bind(4, next.note));
  if (last) {
    CANDOUR_TRY(swap.Bind(5, static_cast<std::int64_t>(last->size)));
    CANDOUR_TRY(swap.BindBlob(6, BytesOf(last->root)));
  }
  CANDOUR_TRY(swap.Run());
  if (store_.Changes() == 1) return {};
  return Fail(Error{.code = ErrorCode::kLedgerForked,
                    .message = "Another process has signed for this log since this one opened it."}
                  .FixBy("the operator")
                  .Next("stop all but one of the processes that use this home or a copy of it"));
}

}  // namespace candour::ledger
