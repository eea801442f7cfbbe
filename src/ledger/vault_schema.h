#pragma once

#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/vault_seal.h"
#include "storage/sqlite.h"

namespace candour::ledger {

/// Brings a vault's store to its present schema: a new one is made, an older one is migrated in one
/// transaction, and then nothing of what was not sealed stays in its files.
/// Nobody else has the store open. Errors: kUnsupported (a later version), kCorruption (the key is
/// not the store's), kIo. Cost: the first time on an older store, three times its size.
Status PrepareVault(storage::Sqlite& store, const VaultSeal& seal);
Status PrepareChoiceVault(storage::Sqlite& store, const VaultSeal& seal);

/// The tables as they are now, which a migration fills.
extern const std::string_view kVaultSchema;
extern const std::string_view kChoiceVaultSchema;

/// Seals what versions 1 to 4 of a vault's store, and version 1 of that of choices, hold in clear,
/// inside a transaction of the caller's.
Status SealVault(storage::Sqlite& store, const VaultSeal& seal);
Status SealChoiceVault(storage::Sqlite& store, const VaultSeal& seal);

/// Puts a secret of 32 bytes into a vault's store, over one of that name.
Status PutVaultSecret(storage::Sqlite& store, const VaultSeal& seal, std::string_view name,
                      std::string_view secret);

/// The place of a secret, and of the value that tells in any store whether the key is right.
VaultPlace PlaceOfSecret(std::string_view name);

inline constexpr std::string_view kSetSaltName = "set-salt";
inline constexpr std::string_view kNextSetSaltName = "set-salt-next";
inline constexpr std::string_view kPadKeyName = "pad-key";
inline constexpr std::size_t kVaultSecretSize = 32;

}  // namespace candour::ledger
