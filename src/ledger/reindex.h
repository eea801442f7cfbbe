#pragma once

#include "base/result.h"
#include "ledger/choice_vault.h"
#include "ledger/vault.h"
#include "storage/journal.h"

namespace candour::ledger {

/// Brings the vault in line with the journal, which is the truth: drops what the vault holds of an
/// entry that never became durable, puts in what it has lost, private halves empty.
///
/// A vault is written before the journal, a batch at a time, so it is ahead by one batch at most.
/// Errors: kLedgerCorrupt (it is further ahead: the journal was cut or an old one put back; or the
/// two are not of one ledger), kIo. Cost: linear in what is missing, and one batch.
Status Reindex(const storage::Journal& journal, Vault& vault);

/// Checks that what the vault says of every access is what its entry says and commits to. What was
/// erased is passed over. Errors: kLedgerCorrupt, naming the entry.
Status VerifyVault(const storage::Journal& journal, const Vault& vault);

/// The same for the log of choices.
Status VerifyChoices(const storage::Journal& journal, const ChoiceVault& vault);

}  // namespace candour::ledger
