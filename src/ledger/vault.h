#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/private_store.h"
#include "ledger/vault_seal.h"
#include "storage/sqlite.h"

namespace candour::ledger {

/// The deletable half of the ledger: what entries only commit to, in a SQLite store beside them.
/// The journal says what happened; the vault can only fill in what an entry leaves out, and that is
/// sealed.
///
/// Every change is durable on return. Errors: kIo, kCorruption (a sealed value was changed, moved,
/// or is of another key), and as each method says.
/// Threads: one writes; any others read beside it. Personal data: statements and who asked; nothing
/// of it leaves this store but by the methods here.
class Vault final : public PrivateStore {
 public:
  /// `vault_key` is that of LedgerSettings, only read while opening.
  static Result<Vault> Open(const std::filesystem::path& file, const crypto::Secret& vault_key);

  /// The salt of this ledger's set ids; and the one that is about to replace it, while an erasure
  /// is under way.
  Result<crypto::Secret> SetSalt() const;
  Result<std::optional<crypto::Secret>> NextSetSalt() const;

  /// The key of the leaves that fill up a set's tree.
  Result<crypto::Secret> PadKey() const;

  /// Notes the salt that will be; then puts it in the place of the old one, which is destroyed.
  Status PutNextSetSalt(const crypto::Secret& salt);
  Status AdoptNextSetSalt();

  /// The tree of a set, or none yet.
  Result<std::optional<SetTreeHalf>> TreeOf(const SetId& set) const;

  /// The sets that accesses refer to and that have no tree.
  Result<std::vector<SetId>> SetsWithoutTree() const;

  Result<std::vector<Result<std::uint64_t>>> PutBatch(std::span<PrivateHalf* const> batch,
                                                      std::uint64_t first) override;

  /// Puts in what the journal says and the vault does not, private halves empty. One transaction.
  Status Restore(const std::vector<AccessDetail>& accesses, const std::vector<Outcome>& outcomes,
                 const std::vector<SetTreeHalf>& trees,
                 const std::vector<SilenceDecision>& decisions);

  /// Drops what belongs to entry `first` and later.
  Status DropFrom(std::uint64_t first);

  /// The indexes of the entries from `first` on that have a row here, lowest first.
  Result<std::vector<std::uint64_t>> IndexesFrom(std::uint64_t first) const;

  /// The number of the last entry that has a row here; nothing when there is none.
  Result<std::optional<std::uint64_t>> LastIndex() const;

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

  /// Whether people were not told of the access at once.
  Result<bool> IsSilent(std::uint64_t started) const;

  /// All accesses of which that is so, newest first.
  Result<std::vector<AccessDetail>> SilentAccesses() const;

  /// What was decided about silent accesses, oldest first; and one decision by its entry's index.
  Result<std::vector<SilenceDecision>> Decisions() const;
  Result<SilenceDecision> FindDecision(std::uint64_t entry) const;

  /// What opens the commitments of an entry that was put with openings; none of what was erased.
  Result<std::vector<Opening>> OpeningsOf(std::uint64_t entry) const;

  /// One access as it was put, or one outcome by its entry's index; for checking. kNotFound.
  Result<VaultAccess> FindAccess(std::uint64_t started) const;
  Result<Outcome> FindOutcome(std::uint64_t finished) const;

 private:
  Vault(VaultSeal seal, storage::Sqlite store, storage::Sqlite reader)
      : seal_(std::move(seal)),
        store_(std::move(store)),
        reader_(std::move(reader)),
        reading_(std::make_unique<std::mutex>()) {}
  Result<std::int64_t> NumberOf(const SetId& id);
  Status InsertAccess(const VaultAccess& access);
  Status InsertOutcome(const Outcome& outcome);
  Status CheckOutcome(const Outcome& outcome);
  Status InsertTree(const SetTreeHalf& tree);
  Status InsertOpenings(const OpeningsHalf& half);
  Status InsertEmergency(std::uint64_t entry, const std::optional<Emergency>& emergency);
  Status InsertSilence(const VaultAccess& access);
  Status CheckDecision(const SilenceDecision& decision) const;
  Status InsertDecision(const SilenceDecision& decision);
  Result<VaultAccess> AccessAt(const storage::Statement& row) const;
  Result<std::optional<crypto::Secret>> FindSecret(std::string_view name) const;
  Result<std::uint64_t> PutHalf(PrivateHalf& half, std::uint64_t number);

  VaultSeal seal_;
  storage::Sqlite store_;                ///< written by one thread
  storage::Sqlite reader_;               ///< the same file, read by any
  std::unique_ptr<std::mutex> reading_;  ///< of reader_
};

}  // namespace candour::ledger
