#include "ledger/choice_vault.h"

#include "ledger/vault_rows.h"
#include "ledger/vault_schema.h"

namespace candour::ledger {
namespace {

using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

constexpr std::string_view kStoreName = "choice_vault.db";

}  // namespace

Result<std::unique_ptr<ChoiceVault>> ChoiceVault::Open(const std::filesystem::path& file,
                                                       const crypto::Secret& vault_key) {
  CANDOUR_ASSIGN(VaultSeal seal, VaultSeal::Create(vault_key, kStoreName));
  CANDOUR_ASSIGN(Sqlite store, Sqlite::Open(file));
  CANDOUR_TRY(PrepareChoiceVault(store, seal));
  CANDOUR_ASSIGN(Sqlite reader, Sqlite::Open(file));
  return std::unique_ptr<ChoiceVault>(
      new ChoiceVault(std::move(seal), std::move(store), std::move(reader)));
}

Result<std::vector<Result<std::uint64_t>>> ChoiceVault::PutBatch(
    std::span<PrivateHalf* const> batch, std::uint64_t first) {
  const std::lock_guard lock(writing_);
  std::vector<Result<std::uint64_t>> answers;
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  CANDOUR_ASSIGN(Statement insert, store_.Prepare("INSERT INTO choice VALUES (?1, ?2, ?3)"));
  for (PrivateHalf* half : batch) {
    answers.emplace_back(first);
    if (auto* choice = std::get_if<ChoiceHalf>(half)) {
      choice->number = first;
      CANDOUR_TRY(insert.Bind(1, static_cast<std::int64_t>(first)));
      CANDOUR_TRY(BindChoice(insert, 2, seal_, *choice));
      CANDOUR_TRY(insert.Run());
    }
    ++first;
  }
  CANDOUR_TRY(transaction.Commit());
  return answers;
}

Status ChoiceVault::DropFrom(std::uint64_t first) {
  const std::lock_guard lock(writing_);
  CANDOUR_ASSIGN(Statement drop, store_.Prepare("DELETE FROM choice WHERE number >= ?1"));
  CANDOUR_TRY(drop.Bind(1, static_cast<std::int64_t>(first)));
  return drop.Run();
}

Result<ChoiceHalf> ChoiceVault::Find(std::uint64_t number) const {
  CANDOUR_ASSIGN(std::vector<ChoiceHalf> found, From(number, 1));
  if (!found.empty() && found[0].number == number) return std::move(found[0]);
  return Fail(ErrorCode::kNotFound, "There is no choice of one person of that number.");
}

Result<std::vector<ChoiceHalf>> ChoiceVault::From(std::uint64_t first, std::size_t limit) const {
  const std::lock_guard lock(reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare("SELECT number, look_up, sealed FROM choice "
                                                  "WHERE number >= ?1 ORDER BY number LIMIT ?2"));
  CANDOUR_TRY(query.Bind(1, static_cast<std::int64_t>(first)));
  CANDOUR_TRY(query.Bind(2, static_cast<std::int64_t>(limit)));
  std::vector<ChoiceHalf> halves;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return halves;
    ChoiceHalf half{.number = static_cast<std::uint64_t>(query.Int64(0))};
    CANDOUR_TRY(OpenChoice(query, 1, seal_, half));
    halves.push_back(std::move(half));
  }
}

Result<std::vector<std::uint64_t>> ChoiceVault::EntriesOf(const std::string& person) const {
  const std::lock_guard lock(reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT number FROM choice WHERE look_up = ?1 ORDER BY number"));
  CANDOUR_TRY(query.BindBlob(1, seal_.LookUp(person)));
  std::vector<std::uint64_t> numbers;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return numbers;
    numbers.push_back(static_cast<std::uint64_t>(query.Int64(0)));
  }
}

Result<std::int64_t> ChoiceVault::Erase(const std::string& person) {
  const std::lock_guard lock(writing_);
  CANDOUR_ASSIGN(Statement erase, store_.Prepare("UPDATE choice SET look_up = NULL, sealed = NULL "
                                                 "WHERE look_up = ?1"));
  CANDOUR_TRY(erase.BindBlob(1, seal_.LookUp(person)));
  CANDOUR_TRY(erase.Run());
  const std::int64_t erased = store_.Changes();
  // The write-ahead log holds the old pages until it is written back and cut.
  CANDOUR_TRY(store_.Run("PRAGMA wal_checkpoint(TRUNCATE)"));
  return erased;
}

}  // namespace candour::ledger
