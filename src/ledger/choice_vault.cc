#include "ledger/choice_vault.h"

#include <fmt/format.h>

namespace candour::ledger {
namespace {

using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

constexpr int kSchemaVersion = 1;
constexpr std::string_view kSchema = R"sql(
  CREATE TABLE choice (
    number INTEGER PRIMARY KEY, person TEXT, value TEXT, blinding BLOB) STRICT;
  CREATE INDEX choice_person ON choice (person);
)sql";

ChoiceHalf HalfAt(const Statement& row) {
  return {.number = static_cast<std::uint64_t>(row.Int64(0)),
          .person = row.Text(1),
          .value = row.Text(2),
          .blinding = row.Blob(3)};
}

Status Prepare(Sqlite& store) {
  CANDOUR_ASSIGN(const std::int64_t version, store.SchemaVersion());
  if (version == kSchemaVersion) return {};
  if (version != 0) {
    return Fail(ErrorCode::kUnsupported,
                "The vault of choices was written by another version of Candour.");
  }
  // What is erased must not stay behind in pages that are free.
  CANDOUR_TRY(store.Run("PRAGMA secure_delete = ON"));
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store));
  CANDOUR_TRY(store.Run(kSchema));
  CANDOUR_TRY(store.SetSchemaVersion(kSchemaVersion));
  return transaction.Commit();
}

}  // namespace

Result<std::unique_ptr<ChoiceVault>> ChoiceVault::Open(const std::filesystem::path& file) {
  CANDOUR_ASSIGN(Sqlite store, Sqlite::Open(file));
  CANDOUR_TRY(Prepare(store));
  CANDOUR_ASSIGN(Sqlite reader, Sqlite::Open(file));
  return std::unique_ptr<ChoiceVault>(new ChoiceVault(std::move(store), std::move(reader)));
}

Result<std::vector<Result<std::uint64_t>>> ChoiceVault::PutBatch(
    std::span<PrivateHalf* const> batch, std::uint64_t first) {
  const std::lock_guard lock(writing_);
  std::vector<Result<std::uint64_t>> answers;
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  CANDOUR_ASSIGN(Statement insert, store_.Prepare("INSERT INTO choice VALUES (?1, ?2, ?3, ?4)"));
  for (PrivateHalf* half : batch) {
    answers.emplace_back(first);
    if (auto* choice = std::get_if<ChoiceHalf>(half)) {
      choice->number = first;
      CANDOUR_TRY(insert.Bind(1, static_cast<std::int64_t>(first)));
      CANDOUR_TRY(insert.Bind(2, choice->person));
      CANDOUR_TRY(insert.Bind(3, choice->value));
      CANDOUR_TRY(insert.BindBlob(4, choice->blinding));
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
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT number, person, value, blinding FROM choice "
                                 "WHERE number >= ?1 ORDER BY number LIMIT ?2"));
  CANDOUR_TRY(query.Bind(1, static_cast<std::int64_t>(first)));
  CANDOUR_TRY(query.Bind(2, static_cast<std::int64_t>(limit)));
  std::vector<ChoiceHalf> halves;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return halves;
    halves.push_back(HalfAt(query));
  }
}

Result<std::vector<std::uint64_t>> ChoiceVault::EntriesOf(const std::string& person) const {
  const std::lock_guard lock(reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT number FROM choice WHERE person = ?1 ORDER BY number"));
  CANDOUR_TRY(query.Bind(1, person));
  std::vector<std::uint64_t> numbers;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return numbers;
    numbers.push_back(static_cast<std::uint64_t>(query.Int64(0)));
  }
}

Result<std::int64_t> ChoiceVault::Erase(const std::string& person) {
  const std::lock_guard lock(writing_);
  CANDOUR_TRY(store_.Run("PRAGMA secure_delete = ON"));
  CANDOUR_ASSIGN(Statement erase,
                 store_.Prepare("UPDATE choice SET person = NULL, value = NULL, blinding = NULL "
                                "WHERE person = ?1"));
  CANDOUR_TRY(erase.Bind(1, person));
  CANDOUR_TRY(erase.Run());
  const std::int64_t erased = store_.Changes();
  // The write-ahead log holds the old pages until it is written back and cut.
  CANDOUR_TRY(store_.Run("PRAGMA wal_checkpoint(TRUNCATE)"));
  return erased;
}

}  // namespace candour::ledger
