#include "ledger/vault.h"

#include <algorithm>

#include "ledger/vault_schema.h"

namespace candour::ledger {
namespace {

using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

constexpr std::string_view kStoreName = "vault.db";

std::int64_t Signed(std::uint64_t index) { return static_cast<std::int64_t>(index); }

}  // namespace

Result<Vault> Vault::Open(const std::filesystem::path& file, const crypto::Secret& vault_key) {
  CANDOUR_ASSIGN(VaultSeal seal, VaultSeal::Create(vault_key, kStoreName));
  CANDOUR_ASSIGN(Sqlite store, Sqlite::Open(file));
  CANDOUR_TRY(PrepareVault(store, seal));
  CANDOUR_ASSIGN(Sqlite reader, Sqlite::Open(file));
  return Vault(std::move(seal), std::move(store), std::move(reader));
}

Result<std::int64_t> Vault::NumberOf(const SetId& id) {
  if (id.hex.empty()) return 0;
  CANDOUR_ASSIGN(Statement insert,
                 store_.Prepare("INSERT OR IGNORE INTO people_set (hex) VALUES (?1)"));
  CANDOUR_TRY(insert.Bind(1, id.hex));
  CANDOUR_TRY(insert.Run());
  CANDOUR_ASSIGN(Statement query, store_.Prepare("SELECT number FROM people_set WHERE hex = ?1"));
  CANDOUR_TRY(query.Bind(1, id.hex));
  CANDOUR_TRY(query.Step());
  return query.Int64(0);
}

Result<std::uint64_t> Vault::PutHalf(PrivateHalf& half, std::uint64_t number) {
  if (auto* access = std::get_if<VaultAccess>(&half)) {
    access->detail.started = number;
    CANDOUR_TRY(InsertAccess(*access));
  } else if (auto* outcome = std::get_if<Outcome>(&half)) {
    CANDOUR_TRY(CheckOutcome(*outcome));
    outcome->finished = number;
    CANDOUR_TRY(InsertOutcome(*outcome));
  } else if (auto* tree = std::get_if<SetTreeHalf>(&half)) {
    tree->entry = number;
    CANDOUR_TRY(InsertTree(*tree));
  } else if (auto* decision = std::get_if<SilenceDecision>(&half)) {
    CANDOUR_TRY(CheckDecision(*decision));
    decision->entry = number;
    CANDOUR_TRY(InsertDecision(*decision));
  } else if (auto* openings = std::get_if<OpeningsHalf>(&half)) {
    openings->entry = number;
    CANDOUR_TRY(InsertOpenings(*openings));
  }
  return number;
}

Result<std::vector<Result<std::uint64_t>>> Vault::PutBatch(std::span<PrivateHalf* const> batch,
                                                           std::uint64_t first) {
  std::vector<Result<std::uint64_t>> answers;
  const auto none = [](const PrivateHalf* half) {
    return std::holds_alternative<std::monostate>(*half);
  };
  if (std::ranges::all_of(batch, none)) {
    for (std::size_t i = 0; i < batch.size(); ++i) answers.emplace_back(first + i);
    return answers;
  }
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  for (PrivateHalf* half : batch) {
    Result<std::uint64_t> answer = PutHalf(*half, first);
    if (answer) ++first;
    const bool refused = !answer && (answer.error().code == ErrorCode::kNotFound ||
                                     answer.error().code == ErrorCode::kConflict);
    if (!answer && !refused) return std::unexpected(std::move(answer).error());
    answers.push_back(std::move(answer));
  }
  CANDOUR_TRY(transaction.Commit());
  return answers;
}

Status Vault::Restore(const std::vector<AccessDetail>& accesses,
                      const std::vector<Outcome>& outcomes, const std::vector<SetTreeHalf>& trees,
                      const std::vector<SilenceDecision>& decisions) {
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  for (const AccessDetail& detail : accesses) {
    CANDOUR_TRY(InsertAccess({.detail = detail, .blindings = {}}));
  }
  for (const Outcome& outcome : outcomes) CANDOUR_TRY(InsertOutcome(outcome));
  for (const SetTreeHalf& tree : trees) CANDOUR_TRY(InsertTree(tree));
  for (const SilenceDecision& decision : decisions) CANDOUR_TRY(InsertDecision(decision));
  return transaction.Commit();
}

Status Vault::DropFrom(std::uint64_t first) {
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  for (const std::string_view sql :
       {"DELETE FROM access WHERE started >= ?1", "DELETE FROM outcome WHERE finished >= ?1",
        "DELETE FROM set_tree WHERE entry >= ?1", "DELETE FROM silence WHERE started >= ?1",
        "DELETE FROM silence_decision WHERE entry >= ?1", "DELETE FROM emergency WHERE entry >= ?1",
        "DELETE FROM opening WHERE entry >= ?1"}) {
    CANDOUR_ASSIGN(Statement statement, store_.Prepare(sql));
    CANDOUR_TRY(statement.Bind(1, Signed(first)));
    CANDOUR_TRY(statement.Run());
  }
  return transaction.Commit();
}

Result<std::vector<std::uint64_t>> Vault::IndexesFrom(std::uint64_t first) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT started FROM access WHERE started >= ?1 UNION ALL "
                                 "SELECT finished FROM outcome WHERE finished >= ?1 UNION ALL "
                                 "SELECT entry FROM set_tree WHERE entry >= ?1 UNION ALL "
                                 "SELECT entry FROM silence_decision WHERE entry >= ?1 UNION ALL "
                                 "SELECT DISTINCT entry FROM opening WHERE entry >= ?1 "
                                 "ORDER BY 1"));
  CANDOUR_TRY(query.Bind(1, Signed(first)));
  std::vector<std::uint64_t> indexes;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return indexes;
    indexes.push_back(static_cast<std::uint64_t>(query.Int64(0)));
  }
}

Result<std::optional<std::uint64_t>> Vault::LastIndex() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare(R"sql(
    SELECT max(ifnull((SELECT max(started) FROM access), -1),
               ifnull((SELECT max(finished) FROM outcome), -1),
               ifnull((SELECT max(entry) FROM set_tree), -1),
               ifnull((SELECT max(entry) FROM silence_decision), -1),
               ifnull((SELECT max(entry) FROM opening), -1))
  )sql"));
  CANDOUR_TRY(query.Step());
  const std::int64_t last = query.Int64(0);
  return last < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(last));
}

}  // namespace candour::ledger
