#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/private_store.h"
#include "ledger/vault_seal.h"
#include "storage/sqlite.h"

namespace candour::ledger {

/// The private halves of choices: what each person chose, which its entry only commits to. A SQLite
/// store beside the log of choices, sealed, which can be erased person by person.
///
/// Every change is durable on return. Errors: kIo, kCorruption (a sealed value was changed, moved,
/// or is of another key), and as each method says.
/// Threads: one writes; any others read beside it.
class ChoiceVault final : public PrivateStore {
 public:
  /// `vault_key` is only read while opening.
  static Result<std::unique_ptr<ChoiceVault>> Open(const std::filesystem::path& file,
                                                   const crypto::Secret& vault_key);

  Result<std::vector<Result<std::uint64_t>>> PutBatch(std::span<PrivateHalf* const> batch,
                                                      std::uint64_t first) override;

  /// Drops what belongs to entry `first` and later: it never became durable in the log.
  Status DropFrom(std::uint64_t first);

  /// The private half of an entry. Errors: kNotFound.
  Result<ChoiceHalf> Find(std::uint64_t number) const;

  /// All private halves from entry `first` on, at most `limit`, lowest first.
  Result<std::vector<ChoiceHalf>> From(std::uint64_t first, std::size_t limit) const;

  /// The entries of a person's choices, oldest first.
  Result<std::vector<std::uint64_t>> EntriesOf(const std::string& person) const;

  /// Destroys values and blinding values of a person's choices: nobody can tell any more what was
  /// chosen, and by whom. Gives how many there were.
  Result<std::int64_t> Erase(const std::string& person);

 private:
  ChoiceVault(VaultSeal seal, storage::Sqlite store, storage::Sqlite reader)
      : seal_(std::move(seal)), store_(std::move(store)), reader_(std::move(reader)) {}

  VaultSeal seal_;
  storage::Sqlite store_;   ///< written under writing_
  storage::Sqlite reader_;  ///< the same file, read under reading_
  std::mutex writing_;
  mutable std::mutex reading_;
};

}  // namespace candour::ledger
