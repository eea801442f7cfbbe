#include "ledger/checkpoint_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"

namespace candour::ledger {
namespace {

using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

constexpr int kSchemaVersion = 3;  // 1 had no successors, 2 no generations
constexpr std::string_view kSchema = R"sql(
  CREATE TABLE checkpoint (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
    note TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";
constexpr std::string_view kSuccessors = R"sql(
  CREATE TABLE successor (origin TEXT PRIMARY KEY, next TEXT NOT NULL, kept INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
)sql";
constexpr std::string_view kGenerations = R"sql(
  CREATE TABLE generation (origin TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";
constexpr std::string_view kInsert = R"sql(
  INSERT INTO checkpoint SELECT ?1, ?2, ?3, ?4
  WHERE NOT EXISTS (SELECT 1 FROM successor WHERE origin = ?1) ON CONFLICT DO NOTHING
)sql";
constexpr std::string_view kUpdate = R"sql(
  UPDATE checkpoint SET size = ?2, root = ?3, note = ?4
  WHERE origin = ?1 AND size = ?5 AND root = ?6
    AND NOT EXISTS (SELECT 1 FROM successor WHERE origin = ?1)
)sql";

std::unexpected<Error> SignedElsewhere() {
  return Fail(Error{.code = ErrorCode::kLedgerForked,
                    .message = "Another process has signed for this log since this one opened it, "
                               "or closed it by a restore."}
                  .FixBy("the operator")
                  .Next("stop all but one of the processes that use this home or a copy of it"));
}

Status BindNote(Statement& statement, const SignedNote& note) {
  CANDOUR_TRY(statement.Bind(1, note.checkpoint.origin));
  CANDOUR_TRY(statement.Bind(2, static_cast<std::int64_t>(note.checkpoint.size)));
  CANDOUR_TRY(statement.BindBlob(3, BytesOf(note.checkpoint.root)));
  return statement.Bind(4, note.note);
}

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
  if (version > kSchemaVersion) {
    return Fail(Error{.code = ErrorCode::kUnsupported,
                      .message = "The checkpoint store was written by another version of Candour."}
                    .Expected(fmt::format("version {}", kSchemaVersion))
                    .Found(fmt::format("version {}", version)));
  }
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  if (version == 0) CANDOUR_TRY(store_.Run(kSchema));
  if (version < 2) CANDOUR_TRY(store_.Run(kSuccessors));
  CANDOUR_TRY(store_.Run(kGenerations));
  CANDOUR_TRY(store_.SetSchemaVersion(kSchemaVersion));
  return transaction.Commit();
}

Result<std::optional<SignedNote>> CheckpointStore::Find(std::string_view origin) const {
  const std::lock_guard lock(mutex_);
  return FindLocked(origin);
}

Result<std::optional<SignedNote>> CheckpointStore::FindLocked(std::string_view origin) const {
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
  CANDOUR_TRY(BindNote(swap, next));
  if (last) {
    CANDOUR_TRY(swap.Bind(5, static_cast<std::int64_t>(last->size)));
    CANDOUR_TRY(swap.BindBlob(6, BytesOf(last->root)));
  }
  CANDOUR_TRY(swap.Run());
  return store_.Changes() == 1 ? Status() : SignedElsewhere();
}

Result<int> CheckpointStore::GenerationOf(std::string_view origin) const {
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(Statement query,
                 store_.Prepare("SELECT number FROM generation WHERE origin = ?1"));
  CANDOUR_TRY(query.Bind(1, origin));
  CANDOUR_ASSIGN(const bool found, query.Step());
  return found ? static_cast<int>(query.Int64(0)) : 1;
}

Status CheckpointStore::PutGeneration(const std::string& origin, int generation) {
  CANDOUR_ASSIGN(Statement put,
                 store_.Prepare("INSERT OR REPLACE INTO generation VALUES (?1, ?2)"));
  CANDOUR_TRY(put.Bind(1, origin));
  CANDOUR_TRY(put.Bind(2, static_cast<std::int64_t>(generation)));
  return put.Run();
}

Status CheckpointStore::Rotate(const SignedNote& next, int generation) {
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  CANDOUR_ASSIGN(Statement swap, store_.Prepare(kUpdate));
  CANDOUR_TRY(BindNote(swap, next));
  CANDOUR_TRY(swap.Bind(5, static_cast<std::int64_t>(next.checkpoint.size)));
  CANDOUR_TRY(swap.BindBlob(6, BytesOf(next.checkpoint.root)));
  CANDOUR_TRY(swap.Run());
  if (store_.Changes() != 1) return SignedElsewhere();
  CANDOUR_TRY(PutGeneration(next.checkpoint.origin, generation));
  return transaction.Commit();
}

/// What follows a closed log, by its origin, and how much of it was kept; nothing when it is open.
Result<std::optional<LogLife>> CheckpointStore::NextOf(const std::string& origin) const {
  CANDOUR_ASSIGN(Statement query,
                 store_.Prepare("SELECT next, kept FROM successor WHERE origin = ?1"));
  CANDOUR_TRY(query.Bind(1, origin));
  CANDOUR_ASSIGN(const bool closed, query.Step());
  if (!closed) return std::nullopt;
  return LogLife{.origin = query.Text(0), .kept = static_cast<std::uint64_t>(query.Int64(1))};
}

Result<std::vector<LogLife>> CheckpointStore::LivesOf(std::string_view origin) const {
  constexpr std::size_t kMost = 10'000;  // a damaged store might go round in circles
  const std::lock_guard lock(mutex_);
  std::vector<LogLife> lives = {{.origin = std::string(origin)}};
  while (lives.size() < kMost) {
    CANDOUR_ASSIGN(const std::optional<LogLife> next, NextOf(lives.back().origin));
    if (!next) return lives;
    lives.back().kept = next->kept;
    lives.push_back({.origin = next->origin});
  }
  return Fail(ErrorCode::kCorruption, "The checkpoint store is damaged.");
}

Status CheckpointStore::Close(const std::vector<LogLife>& closed,
                              const std::optional<tlog::Checkpoint>& last, const SignedNote& next,
                              int generation) {
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  CANDOUR_ASSIGN(const std::optional<SignedNote> now, FindLocked(closed.at(0).origin));
  const bool same =
      now ? last && now->checkpoint.size == last->size && now->checkpoint.root == last->root
          : !last;
  if (!same) return SignedElsewhere();
  for (const LogLife& life : closed) {
    CANDOUR_ASSIGN(Statement close, store_.Prepare("INSERT INTO successor VALUES (?1, ?2, ?3) "
                                                   "ON CONFLICT DO NOTHING"));
    CANDOUR_TRY(close.Bind(1, life.origin));
    CANDOUR_TRY(close.Bind(2, next.checkpoint.origin));
    CANDOUR_TRY(close.Bind(3, static_cast<std::int64_t>(life.kept)));
    CANDOUR_TRY(close.Run());
    if (store_.Changes() != 1) return SignedElsewhere();
  }
  CANDOUR_ASSIGN(Statement insert, store_.Prepare(kInsert));
  CANDOUR_TRY(BindNote(insert, next));
  CANDOUR_TRY(insert.Run());
  if (store_.Changes() != 1) return SignedElsewhere();
  CANDOUR_TRY(PutGeneration(next.checkpoint.origin, generation));
  return transaction.Commit();
}

}  // namespace candour::ledger
