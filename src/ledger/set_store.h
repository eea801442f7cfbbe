#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/bitmap.h"
#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/ledger.h"
#include "storage/filesystem.h"

namespace candour::ledger {

/// Sets of people (by record number), each in one file named by its content: docs/formats/entry.md.
///
/// Equal sets share one id and one file, whatever their sizes. The salt keeps anybody without the
/// vault from testing whether a guessed set is the one an entry names.
/// Threads: any.
class SetStore {
 public:
  /// `folder` exists. `salt` is the ledger's, from its vault.
  SetStore(storage::Filesystem& files, std::filesystem::path folder, crypto::Secret salt);

  /// Stores the set if it is new; durable on return. Errors: kIo.
  Result<SetId> Store(const Bitmap& records);

  /// The set, from memory when it was asked for lately. The pointer may be kept.
  /// Errors: kNotFound, kCorruption (the file is not what its name says), kIo.
  Result<std::shared_ptr<const Bitmap>> Load(const SetId& id);

  /// Whether the set is stored, durably. Errors: kIo.
  Result<bool> Has(const SetId& id);

 private:
  SetId IdOf(std::string_view words) const;
  std::filesystem::path FileOf(const SetId& id) const;
  void Remember(const SetId& id, std::shared_ptr<const Bitmap> set);

  Result<bool> HasLocked(const SetId& id);

  storage::Filesystem& files_;
  std::filesystem::path folder_;
  crypto::Secret salt_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  ///< of all that follows
  std::unordered_set<std::string> durable_;                             ///< ids known to be stored
  std::unordered_map<std::string, std::shared_ptr<const Bitmap>> cache_;
  std::size_t cached_bytes_ = 0;
};

}  // namespace candour::ledger
