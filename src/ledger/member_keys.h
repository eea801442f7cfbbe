#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/aead.h"
#include "crypto/secret.h"
#include "storage/filesystem.h"

namespace candour::ledger {

/// A key for every record number, under which its records are members of sets (set_tree.h). It is
/// the record's own: whoever has it can tell in which sets the record was, and once it is destroyed
/// nobody can.
///
/// Files of 65,536 keys of 16 bytes, each file sealed as one; a destroyed key is all zeros. Errors:
/// kIo, kCorruption. Threads: any. Format: docs/formats/set-tree.md.
class MemberKeys {
 public:
  /// `folder` exists. `vault_key` is that of LedgerSettings, only read here. Files from before keys
  /// were sealed are sealed now, durably.
  static Result<std::unique_ptr<MemberKeys>> Open(storage::Filesystem& files,
                                                  const std::filesystem::path& folder,
                                                  const crypto::Secret& vault_key);

  /// Calls `visit(record, key)` for each of the records, which rise, that has a key. Keys that were
  /// never asked for before are made first, durably. Cost: one file read for 65,536 numbers.
  template <class Visit>
  Status Each(std::span<const std::uint32_t> records, Visit visit) {
    for (std::size_t at = 0; at < records.size();) {
      const std::uint32_t file = records[at] / kKeysInFile;
      CANDOUR_ASSIGN(const crypto::Secret keys, Load(file));
      for (; at < records.size() && records[at] / kKeysInFile == file; ++at) {
        const std::string_view key =
            keys.Reveal().substr(records[at] % kKeysInFile * kKeyBytes, kKeyBytes);
        if (key.find_first_not_of('\0') == std::string_view::npos) continue;
        crypto::Secret secret(kKeyBytes);
        std::copy(key.begin(), key.end(), secret.Fill());
        visit(records[at], secret);
      }
    }
    return {};
  }

  /// Destroys the keys of these records for good; durable on return.
  Status Destroy(std::span<const std::uint32_t> records);

  static constexpr std::size_t kKeyBytes = 16;

 private:
  static constexpr std::uint32_t kKeysInFile = 1 << 16;
  static constexpr std::size_t kFileBytes = std::size_t{kKeysInFile} * kKeyBytes;

  MemberKeys(storage::Filesystem& files, std::filesystem::path folder, crypto::Aead seal)
      : files_(files), folder_(std::move(folder)), seal_(std::move(seal)) {}
  Status SealOldFiles();
  Result<crypto::Secret> Load(std::uint32_t number);
  Result<crypto::Secret> OpenFile(const std::string& name, std::string_view bytes) const;
  Status Write(const std::string& name, const crypto::Secret& keys);

  storage::Filesystem& files_;
  std::filesystem::path folder_;
  crypto::Aead seal_;
  std::mutex mutex_;                 ///< of the files, and of what follows
  std::set<std::uint32_t> durable_;  ///< files known to be there for good
};

}  // namespace candour::ledger
