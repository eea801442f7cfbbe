#pragma once

#include "attacked_log.h"

namespace candour::crash {

/// A whole log of the ledger: journal, signed checkpoints, published tiles. The checkpoint store
/// lies elsewhere, as it does for a home, and survives what happens to the disk.
Target LogTarget();

}  // namespace candour::crash
