#include "ledger/erasure.h"

#include <algorithm>
#include <vector>

#include "crypto/random.h"

namespace candour::ledger {
namespace {

constexpr std::size_t kSaltSize = 32;

/// Begins an erasure, or goes on with one that was cut off: sets under its salt may be there.
Status AwaitNextSalt(Vault& vault, SetStore& sets) {
  CANDOUR_ASSIGN(std::optional<crypto::Secret> next, vault.NextSetSalt());
  if (!next) {
    next = crypto::RandomSecret(kSaltSize);
    CANDOUR_TRY(vault.PutNextSetSalt(*next));
  }
  sets.Await(*std::move(next));
  return {};
}

Status EraseFrom(KeptSet& set, const SetId& id, std::span<const std::uint32_t> records,
                 MemberKeys& keys) {
  std::vector<std::uint32_t> members;
  for (const std::uint32_t record : records) {
    if (set.records.Contains(record)) members.push_back(record);
  }
  CANDOUR_TRY(keys.Each(members, [&](std::uint32_t record, const crypto::Secret& key) {
    set.orphans.push_back(LeafOf(key, id));
    set.records.Remove(record);
  }));
  return {};
}

}  // namespace

Status EraseRecords(std::span<const std::uint32_t> records, Vault& vault, SetStore& sets,
                    MemberKeys& keys) {
  std::vector<std::uint32_t> rising(records.begin(), records.end());
  std::ranges::sort(rising);
  CANDOUR_TRY(AwaitNextSalt(vault, sets));
  CANDOUR_ASSIGN(const std::vector<SetId> all, sets.All());
  for (const SetId& id : all) {
    CANDOUR_ASSIGN(KeptSet set, sets.LoadKept(id));
    CANDOUR_TRY(EraseFrom(set, id, rising, keys));
    CANDOUR_TRY(sets.Keep(id, set));
  }
  CANDOUR_TRY(vault.AdoptNextSetSalt());
  sets.Adopt();
  return keys.Destroy(rising);
}

}  // namespace candour::ledger
