#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/ledger.h"

namespace candour::home {

/// What a backup and a restore need of the root key, and what lies beside it.
struct BackupCustody {
  std::filesystem::path key_file;
  std::filesystem::path checkpoint_file;
  ledger::SigningKeys signing_key;  ///< of the ledger
  crypto::Secret vault_key;         ///< of the ledger
  crypto::Secret backup_key;        ///< of manifests
};

/// Reads the key. Errors: those of ReadRootKey.
Result<BackupCustody> ReadCustody(const std::filesystem::path& key_file);

/// The ledger's signing keys under that root key, of which the function holds a copy.
ledger::SigningKeys SigningKeysOf(const crypto::Secret& root);

/// How the ledger in `state_dir` is opened; valid as long as `custody`.
ledger::LedgerSettings LedgerSettingsOf(const BackupCustody& custody,
                                        const std::filesystem::path& state_dir,
                                        const std::string& origin);

}  // namespace candour::home
