#include "home/backup_custody.h"

#include "crypto/key_store.h"
#include "home/backup_manifest.h"
#include "home/custody.h"

namespace candour::home {

Result<BackupCustody> ReadCustody(const std::filesystem::path& key_file) {
  CANDOUR_ASSIGN(const crypto::Secret root, crypto::ReadRootKey(key_file));
  return BackupCustody{.key_file = key_file,
                       .checkpoint_file = CheckpointFile(key_file),
                       .signing_key = SigningKeysOf(root),
                       .vault_key = crypto::DeriveKey(
                           crypto::DeriveKey(root, crypto::kKeyEncryptionKey), ledger::kVaultKey),
                       .backup_key = BackupKey(root)};
}

ledger::SigningKeys SigningKeysOf(const crypto::Secret& root) {
  return [held = std::make_shared<const crypto::Secret>(root.Copy())](int generation) {
    return crypto::DeriveKey(*held, crypto::LabelOfGeneration(crypto::kSigningKey, generation));
  };
}

ledger::LedgerSettings LedgerSettingsOf(const BackupCustody& custody,
                                        const std::filesystem::path& state_dir,
                                        const std::string& origin) {
  return {.folder = state_dir / "ledger",
          .origin = origin,
          .signing_key = custody.signing_key,
          .vault_key = custody.vault_key,
          .checkpoint_file = custody.checkpoint_file};
}

}  // namespace candour::home
