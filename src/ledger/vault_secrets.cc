#include "ledger/vault.h"
#include "ledger/vault_schema.h"

namespace candour::ledger {
namespace {

using storage::Statement;
using storage::Transaction;

std::unexpected<Error> LostSecret() {
  return Fail(ErrorCode::kCorruption, "The vault has lost one of its secrets.");
}

}  // namespace

Result<std::optional<crypto::Secret>> Vault::FindSecret(std::string_view name) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare("SELECT sealed FROM secret WHERE name = ?1"));
  CANDOUR_TRY(query.Bind(1, name));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return std::nullopt;
  CANDOUR_ASSIGN(crypto::Secret secret, seal_.OpenBytes(PlaceOfSecret(name), query.Blob(0)));
  if (secret.size() != kVaultSecretSize) return LostSecret();
  return secret;
}

Result<crypto::Secret> Vault::SetSalt() const {
  CANDOUR_ASSIGN(std::optional<crypto::Secret> salt, FindSecret(kSetSaltName));
  if (!salt) return LostSecret();
  return *std::move(salt);
}

Result<crypto::Secret> Vault::PadKey() const {
  CANDOUR_ASSIGN(std::optional<crypto::Secret> key, FindSecret(kPadKeyName));
  if (!key) return LostSecret();
  return *std::move(key);
}

Result<std::optional<crypto::Secret>> Vault::NextSetSalt() const {
  return FindSecret(kNextSetSaltName);
}

Status Vault::PutNextSetSalt(const crypto::Secret& salt) {
  return PutVaultSecret(store_, seal_, kNextSetSaltName, salt.Reveal());
}

Status Vault::AdoptNextSetSalt() {
  CANDOUR_ASSIGN(const std::optional<crypto::Secret> next, NextSetSalt());
  if (!next) return LostSecret();
  {
    CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
    CANDOUR_TRY(PutVaultSecret(store_, seal_, kSetSaltName, next->Reveal()));
    CANDOUR_ASSIGN(Statement drop, store_.Prepare("DELETE FROM secret WHERE name = ?1"));
    CANDOUR_TRY(drop.Bind(1, kNextSetSaltName));
    CANDOUR_TRY(drop.Run());
    CANDOUR_TRY(transaction.Commit());
  }
  // The write-ahead log holds the old pages until it is written back and cut.
  return store_.Run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace candour::ledger
