#include <fmt/format.h>

#include "crypto/random.h"
#include "ledger/vault_rows.h"
#include "ledger/vault_schema.h"

namespace candour::ledger {
namespace {

using storage::Sqlite;
using storage::Statement;

/// What versions 2, 3 and 4 added to version 1, where it is missing.
constexpr std::string_view kAddedSchema = R"sql(
  CREATE TABLE IF NOT EXISTS set_tree (
    entry INTEGER PRIMARY KEY, people_set INTEGER NOT NULL UNIQUE, root BLOB NOT NULL,
    height INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS silence (
    started INTEGER PRIMARY KEY, ground TEXT, until_us INTEGER, review INTEGER,
    blinding BLOB) STRICT;
  CREATE TABLE IF NOT EXISTS silence_decision (
    entry INTEGER PRIMARY KEY, started INTEGER NOT NULL, time_us INTEGER NOT NULL,
    until_us INTEGER, principal TEXT, os_user TEXT, reason TEXT, actor_blinding BLOB,
    reason_blinding BLOB) STRICT;
  CREATE TABLE IF NOT EXISTS emergency (
    entry INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, grant_entry INTEGER NOT NULL,
    record INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS opening (
    entry INTEGER NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, blinding BLOB NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (entry, path)) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kVaultTables[] = {"secret",    "people_set",       "access",
                                             "outcome",   "set_tree",         "silence",
                                             "emergency", "silence_decision", "opening"};

std::uint64_t Unsigned(std::int64_t number) { return static_cast<std::uint64_t>(number); }

/// Calls `seal_row(row, insert)` for each row of `select`; it binds the value that is sealed, as
/// the last parameter. The first `copied` columns are copied as they are.
template <class SealRow>
Status SealRows(Sqlite& store, std::string_view select, std::string_view insert, int copied,
                SealRow seal_row) {
  CANDOUR_ASSIGN(Statement rows, store.Prepare(select));
  CANDOUR_ASSIGN(Statement put, store.Prepare(insert));
  while (true) {
    CANDOUR_ASSIGN(const bool more, rows.Step());
    if (!more) return {};
    for (int column = 0; column < copied; ++column) {
      CANDOUR_TRY(put.Bind(column + 1, rows.Int64(column)));
    }
    CANDOUR_TRY(seal_row(rows, put));
    CANDOUR_TRY(put.Run());
  }
}

Status SealSecrets(Sqlite& store, const VaultSeal& seal) {
  CANDOUR_ASSIGN(Statement rows, store.Prepare("SELECT name, value FROM old_secret"));
  while (true) {
    CANDOUR_ASSIGN(const bool more, rows.Step());
    if (!more) break;
    CANDOUR_TRY(PutVaultSecret(store, seal, rows.Text(0), rows.Blob(1)));
  }
  CANDOUR_ASSIGN(Statement known, store.Prepare("SELECT 1 FROM secret WHERE name = ?1"));
  CANDOUR_TRY(known.Bind(1, kPadKeyName));
  CANDOUR_ASSIGN(const bool padded, known.Step());
  if (padded) return {};
  const crypto::Secret pad_key = crypto::RandomSecret(kVaultSecretSize);
  return PutVaultSecret(store, seal, kPadKeyName, pad_key.Reveal());
}

Status SealAccesses(Sqlite& store, const VaultSeal& seal) {
  CANDOUR_TRY(
      store.Run("INSERT INTO access SELECT started, time_us, use, purpose, recipient, output, "
                "datasets, available, NULL FROM old_access"));
  return SealRows(
      store,
      "SELECT started, principal, os_user, statement, available_people, actor_blinding, "
      "statement_blinding, counts_blinding FROM old_access",
      "UPDATE access SET sealed = ?2 WHERE started = ?1", 1,
      [&](const Statement& row, Statement& put) {
        VaultAccess access;
        access.detail.started = Unsigned(row.Int64(0));
        access.detail.principal = row.Text(1);
        access.detail.os_user = row.Text(2);
        access.detail.statement = row.Text(3);
        access.detail.available_people = row.Int64(4);
        access.blindings = {.actor = row.Blob(5), .statement = row.Blob(6), .counts = row.Blob(7)};
        return BindAccess(put, 2, seal, access);
      });
}

Status SealOutcomes(Sqlite& store, const VaultSeal& seal) {
  CANDOUR_TRY(
      store.Run("INSERT INTO outcome SELECT started, finished, time_us, released, outcome, NULL "
                "FROM old_outcome"));
  return SealRows(store, "SELECT started, row_count, counts_blinding FROM old_outcome",
                  "UPDATE outcome SET sealed = ?2 WHERE started = ?1", 1,
                  [&](const Statement& row, Statement& put) {
                    const Outcome outcome{.started = Unsigned(row.Int64(0)),
                                          .rows = row.Int64(1),
                                          .blinding = row.Blob(2)};
                    return BindOutcome(put, 2, seal, outcome);
                  });
}

Status SealSilences(Sqlite& store, const VaultSeal& seal) {
  return SealRows(
      store, "SELECT started, ground, until_us, review, blinding FROM old_silence",
      "INSERT INTO silence VALUES (?1, ?2)", 1, [&](const Statement& row, Statement& put) {
        VaultAccess access;
        access.detail.started = Unsigned(row.Int64(0));
        access.detail.silence = Silence{
            .ground = row.Text(1), .until = UtcTime{row.Int64(2)}, .review = row.Int64(3) != 0};
        access.blindings.silence = row.Blob(4);
        return BindSilence(put, 2, seal, access);
      });
}

Status SealDecisions(Sqlite& store, const VaultSeal& seal) {
  return SealRows(
      store,
      "SELECT entry, started, time_us, until_us, principal, os_user, reason, actor_blinding, "
      "reason_blinding FROM old_silence_decision",
      "INSERT INTO silence_decision VALUES (?1, ?2, ?3, ?4, ?5)", 3,
      [&](const Statement& row, Statement& put) -> Status {
        const SilenceDecision decision{.entry = Unsigned(row.Int64(0)),
                                       .principal = row.Text(4),
                                       .os_user = row.Text(5),
                                       .reason = row.Text(6),
                                       .actor_blinding = row.Blob(7),
                                       .reason_blinding = row.Blob(8)};
        CANDOUR_TRY(row.IsNull(3) ? put.BindNull(4) : put.Bind(4, row.Int64(3)));
        return BindDecision(put, 5, seal, decision);
      });
}

Status SealOpenings(Sqlite& store, const VaultSeal& seal) {
  return SealRows(store, "SELECT entry, path, name, blinding, value FROM old_opening",
                  "INSERT INTO opening VALUES (?1, ?2, ?3)", 1,
                  [&](const Statement& row, Statement& put) -> Status {
                    const Opening opening{.path = row.Text(1),
                                          .name = row.Text(2),
                                          .blinding = row.Blob(3),
                                          .value = row.Text(4)};
                    CANDOUR_TRY(put.Bind(2, opening.path));
                    return BindOpening(put, 3, seal, Unsigned(row.Int64(0)), opening);
                  });
}

}  // namespace

Status SealVault(Sqlite& store, const VaultSeal& seal) {
  CANDOUR_TRY(store.Run(kAddedSchema));
  for (const std::string_view table : kVaultTables) {
    CANDOUR_TRY(store.Run(fmt::format("ALTER TABLE {0} RENAME TO old_{0}", table)));
  }
  CANDOUR_TRY(store.Run(kVaultSchema));
  for (const std::string_view table : {"people_set", "set_tree", "emergency"}) {
    CANDOUR_TRY(store.Run(fmt::format("INSERT INTO {0} SELECT * FROM old_{0}", table)));
  }
  for (const auto seal_table :
       {SealSecrets, SealAccesses, SealOutcomes, SealSilences, SealDecisions, SealOpenings}) {
    CANDOUR_TRY(seal_table(store, seal));
  }
  for (const std::string_view table : kVaultTables) {
    CANDOUR_TRY(store.Run(fmt::format("DROP TABLE old_{}", table)));
  }
  return {};
}

Status SealChoiceVault(Sqlite& store, const VaultSeal& seal) {
  CANDOUR_TRY(store.Run("ALTER TABLE choice RENAME TO old_choice"));
  CANDOUR_TRY(store.Run(kChoiceVaultSchema));
  CANDOUR_TRY(SealRows(store, "SELECT number, person, value, blinding FROM old_choice",
                       "INSERT INTO choice VALUES (?1, ?2, ?3)", 1,
                       [&](const Statement& row, Statement& put) {
                         return BindChoice(put, 2, seal,
                                           {.number = Unsigned(row.Int64(0)),
                                            .person = row.Text(1),
                                            .value = row.Text(2),
                                            .blinding = row.Blob(3)});
                       }));
  return store.Run("DROP TABLE old_choice");
}

}  // namespace candour::ledger
