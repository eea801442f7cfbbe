#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "ledger/private_store.h"
#include "ledger/vault_seal.h"
#include "storage/sqlite.h"

namespace candour::ledger {

/// The private halves as rows of a vault's tables hold them: sealed in one value each. What is lost
/// or was never there is null, and reads as an empty half. Errors of opening: kCorruption.

/// Binds the sealed half to a parameter; leaves it null when `access` has no blinding values.
Status BindAccess(storage::Statement& statement, int index, const VaultSeal& seal,
                  const VaultAccess& access);
Status BindOutcome(storage::Statement& statement, int index, const VaultSeal& seal,
                   const Outcome& outcome);
Status BindSilence(storage::Statement& statement, int index, const VaultSeal& seal,
                   const VaultAccess& access);
Status BindDecision(storage::Statement& statement, int index, const VaultSeal& seal,
                    const SilenceDecision& decision);
Status BindOpening(storage::Statement& statement, int index, const VaultSeal& seal,
                   std::uint64_t entry, const Opening& opening);
/// This one binds two parameters: what the person is looked up with, and the sealed half.
Status BindChoice(storage::Statement& statement, int index, const VaultSeal& seal,
                  const ChoiceHalf& choice);

/// Opens column `column` of the present row into the half, whose number is filled in already.
Status OpenAccess(const storage::Statement& row, int column, const VaultSeal& seal,
                  VaultAccess& access);
Status OpenOutcome(const storage::Statement& row, int column, const VaultSeal& seal,
                   Outcome& outcome);
Status OpenSilence(const storage::Statement& row, int column, const VaultSeal& seal,
                   VaultAccess& access);
Status OpenDecision(const storage::Statement& row, int column, const VaultSeal& seal,
                    SilenceDecision& decision);
Status OpenOpening(const storage::Statement& row, int column, const VaultSeal& seal,
                   std::uint64_t entry, Opening& opening);
Status OpenChoice(const storage::Statement& row, int column, const VaultSeal& seal,
                  ChoiceHalf& choice);

}  // namespace candour::ledger
