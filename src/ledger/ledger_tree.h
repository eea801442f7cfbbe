#pragma once

#include <memory>

#include "storage/journal_scan.h"

namespace candour::ledger {

/// The RFC 6962 tree over the entries of a ledger, empty: every entry's bytes are one leaf.
std::unique_ptr<storage::JournalTree> MakeLedgerTree();

}  // namespace candour::ledger
