#include "ledger/vault_schema.h"

#include <fmt/format.h>

#include "crypto/random.h"

namespace candour::ledger {

using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

// What entries say stands in clear; `sealed` holds what they only commit to, null when it is lost.
constexpr std::string_view kVaultSchema = R"sql(
  CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE people_set (number INTEGER PRIMARY KEY, hex TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE access (
    started INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, use TEXT NOT NULL,
    purpose TEXT NOT NULL, recipient TEXT NOT NULL, output TEXT NOT NULL, datasets TEXT NOT NULL,
    available INTEGER NOT NULL, sealed BLOB) STRICT;
  CREATE TABLE outcome (
    started INTEGER PRIMARY KEY, finished INTEGER NOT NULL UNIQUE, time_us INTEGER NOT NULL,
    released INTEGER NOT NULL, outcome TEXT NOT NULL, sealed BLOB) STRICT;
  CREATE TABLE set_tree (
    entry INTEGER PRIMARY KEY, people_set INTEGER NOT NULL UNIQUE, root BLOB NOT NULL,
    height INTEGER NOT NULL) STRICT;
  CREATE TABLE silence (started INTEGER PRIMARY KEY, sealed BLOB) STRICT;
  CREATE TABLE silence_decision (
    entry INTEGER PRIMARY KEY, started INTEGER NOT NULL, time_us INTEGER NOT NULL,
    until_us INTEGER, sealed BLOB) STRICT;
  CREATE TABLE emergency (
    entry INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, grant_entry INTEGER NOT NULL,
    record INTEGER NOT NULL) STRICT;
  CREATE TABLE opening (
    entry INTEGER NOT NULL, path TEXT NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (entry, path)) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kChoiceVaultSchema = R"sql(
  CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE choice (number INTEGER PRIMARY KEY, look_up BLOB, sealed BLOB) STRICT;
  CREATE INDEX choice_look_up ON choice (look_up);
)sql";

namespace {

/// The versions of one store's schema.
struct Versions {
  int sealed = 0;   ///< all is sealed, but free pages may still hold what was there before
  int present = 0;  ///< and nothing of it is left
  Status (*make)(Sqlite& store, const VaultSeal& seal) = nullptr;
  Status (*seal_old)(Sqlite& store, const VaultSeal& seal) = nullptr;
};

constexpr std::string_view kKeyCheckName = "key-check";

Status PutRandom(Sqlite& store, const VaultSeal& seal, std::string_view name) {
  return PutVaultSecret(store, seal, name, crypto::RandomSecret(kVaultSecretSize).Reveal());
}

Status MakeVault(Sqlite& store, const VaultSeal& seal) {
  CANDOUR_TRY(store.Run(kVaultSchema));
  CANDOUR_TRY(PutRandom(store, seal, kSetSaltName));
  return PutRandom(store, seal, kPadKeyName);
}

Status MakeChoiceVault(Sqlite& store, const VaultSeal&) { return store.Run(kChoiceVaultSchema); }

/// Refuses a store that was sealed under another key before anything is written under this one.
Status CheckKey(Sqlite& store, const VaultSeal& seal) {
  CANDOUR_ASSIGN(Statement query, store.Prepare("SELECT sealed FROM secret WHERE name = ?1"));
  CANDOUR_TRY(query.Bind(1, kKeyCheckName));
  CANDOUR_ASSIGN(const bool found, query.Step());
  const VaultPlace place = PlaceOfSecret(kKeyCheckName);
  if (!found) return seal.Damaged(place);
  CANDOUR_TRY(seal.OpenBytes(place, query.Blob(0)));
  return {};
}

Status Upgrade(Sqlite& store, const VaultSeal& seal, std::int64_t from, const Versions& versions) {
  // Pages of what is not sealed yet must not spill into a temporary file.
  CANDOUR_TRY(store.Run("PRAGMA temp_store = MEMORY"));
  {
    CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store));
    CANDOUR_TRY((from == 0 ? versions.make : versions.seal_old)(store, seal));
    CANDOUR_TRY(PutRandom(store, seal, kKeyCheckName));
    CANDOUR_TRY(store.SetSchemaVersion(from == 0 ? versions.present : versions.sealed));
    CANDOUR_TRY(transaction.Commit());
  }
  return store.Run("PRAGMA temp_store = DEFAULT");
}

/// What stood there before goes from free pages and from the write-ahead log. Cut off, it is done
/// again at the next opening.
Status Clean(Sqlite& store, const Versions& versions) {
  CANDOUR_TRY(store.Run("VACUUM"));
  CANDOUR_TRY(store.Run("PRAGMA wal_checkpoint(TRUNCATE)"));
  return store.SetSchemaVersion(versions.present);
}

Status Prepare(Sqlite& store, const VaultSeal& seal, const Versions& versions) {
  // What is erased must not stay behind in pages that are free.
  CANDOUR_TRY(store.Run("PRAGMA secure_delete = ON"));
  CANDOUR_ASSIGN(const std::int64_t version, store.SchemaVersion());
  if (version > versions.present) {
    return Fail(Error{.code = ErrorCode::kUnsupported,
                      .message = "The vault was written by another version of Candour."}
                    .Expected(fmt::format("version {}", versions.present))
                    .Found(fmt::format("version {}", version)));
  }
  if (version < versions.sealed) CANDOUR_TRY(Upgrade(store, seal, version, versions));
  CANDOUR_TRY(CheckKey(store, seal));
  if (version != 0 && version < versions.present) CANDOUR_TRY(Clean(store, versions));
  return {};
}

}  // namespace

VaultPlace PlaceOfSecret(std::string_view name) {
  return {.table = "secret", .row = std::string(name)};
}

Status PutVaultSecret(Sqlite& store, const VaultSeal& seal, std::string_view name,
                      std::string_view secret) {
  CANDOUR_ASSIGN(Statement insert, store.Prepare("INSERT OR REPLACE INTO secret VALUES (?1, ?2)"));
  CANDOUR_TRY(insert.Bind(1, name));
  CANDOUR_TRY(insert.BindBlob(2, seal.SealBytes(PlaceOfSecret(name), secret)));
  return insert.Run();
}

Status PrepareVault(Sqlite& store, const VaultSeal& seal) {
  return Prepare(store, seal,
                 {.sealed = 5, .present = 6, .make = MakeVault, .seal_old = SealVault});
}

Status PrepareChoiceVault(Sqlite& store, const VaultSeal& seal) {
  return Prepare(store, seal,
                 {.sealed = 2, .present = 3, .make = MakeChoiceVault, .seal_old = SealChoiceVault});
}

}  // namespace candour::ledger
