#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"
#include "storage/sqlite.h"

namespace candour::ledger {

/// An access with the blinding values of its entry.
struct VaultAccess {
  AccessDetail detail;
  AccessBlindings blindings;
};

/// The deletable half of the ledger: what entries only commit to, in a SQLite store beside them.
/// The journal says what happened; the vault can only fill in what an entry leaves out.
///
/// Every change is durable on return. Errors: kIo, kCorruption, and as each method says.
/// Threads: one at a time. Personal data: statements and who asked; nothing of it leaves this
/// store but by the methods here.
class Vault {
 public:
  static Result<Vault> Open(const std::filesystem::path& file);

  /// The salt of this ledger's set ids, made when the vault was.
  Result<crypto::Secret> SetSalt() const;

  Status PutAccess(const VaultAccess& access);

  /// Errors: kConflict (the access has an outcome already).
  Status PutOutcome(const Outcome& outcome);

  /// Puts in what the journal says and the vault does not, private halves empty. One transaction.
  Status Restore(const std::vector<AccessDetail>& accesses, const std::vector<Outcome>& outcomes);

  /// Drops what belongs to entry `first` and later.
  Status DropFrom(std::uint64_t first);

  /// The indexes of all entries that have a row here, lowest first.
  Result<std::vector<std::uint64_t>> Indexes() const;

  /// Whether the access has begun, and whether it has an outcome.
  Result<bool> HasAccess(std::uint64_t started) const;
  Result<bool> HasOutcome(std::uint64_t started) const;

  /// A set of people by the number that rows here refer to it with.
  struct NumberedSet {
    std::int64_t number = 0;
    SetId id;
  };

  /// Every set that was the available set of some access.
  Result<std::vector<NumberedSet>> AvailableSets() const;

  /// Accesses, newest first, at most `limit`; those whose available set's number `wanted` takes.
  /// An access without people has number 0.
  Result<std::vector<AccessDetail>> Accesses(const std::function<bool(std::int64_t)>& wanted,
                                             std::uint64_t limit) const;

  /// One access as it was put, or one outcome by its entry's index; for checking. kNotFound.
  Result<VaultAccess> FindAccess(std::uint64_t started) const;
  Result<Outcome> FindOutcome(std::uint64_t finished) const;

 private:
  explicit Vault(storage::Sqlite store) : store_(std::move(store)) {}
  Status Prepare();
  Result<std::int64_t> NumberOf(const SetId& id);
  Status InsertAccess(const VaultAccess& access);
  Status InsertOutcome(const Outcome& outcome);

  storage::Sqlite store_;
};

}  // namespace candour::ledger
