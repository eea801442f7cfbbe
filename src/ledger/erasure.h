#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"
#include "ledger/member_keys.h"
#include "ledger/set_store.h"
#include "ledger/vault.h"

namespace candour::ledger {

/// Takes records out of all that links them to the ledger: clears their bits in every kept set,
/// leaving behind the leaf that stood for each, so that the set's tree and everybody else's proofs
/// stay as they are; puts a new salt in the place of the old one, which is destroyed, so that the
/// old ids can be tested for nobody; destroys their keys.
///
/// Durable on return. Cut off, it is to be run again; opening finishes the change of salt. Nothing
/// else writes to the vault meanwhile. Errors: kIo, kCorruption.
/// Cost: rewrites every kept set.
Status EraseRecords(std::span<const std::uint32_t> records, Vault& vault, SetStore& sets,
                    MemberKeys& keys);

}  // namespace candour::ledger
