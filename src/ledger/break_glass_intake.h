#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/ledger.h"
#include "ledger/restored_entry.h"
#include "storage/filesystem.h"

namespace candour::ledger {

/// Where break-glass files lie, and what opens them.
struct GlassFolder {
  std::filesystem::path folder;  ///< need not be there
  const crypto::Secret& key;
  const Clock& clock;
  storage::Filesystem& files = storage::MachineFilesystem();
};

/// How much of emergencies came into the ledger.
struct GlassTaken {
  std::size_t grants = 0;
  std::size_t accesses = 0;
  std::size_t refused = 0;
};

/// Takes what was recorded in emergencies into the ledger: an entry for each grant, then every
/// access and refusal under it with its own time, private halves into the vault. The file is set
/// aside, and kept, once all of it is durable.
///
/// It may be cut off anywhere and run again: entries carry the number of the record that they were
/// made from, so nothing comes in twice and nothing is lost.
/// Errors: kLedgerCorrupt, kCorruption (the file is damaged; what is whole came in, and the file
/// stays until SetAsideDamaged), those of the ledger, kIo. Cost: two looks when there is no file;
/// else a look at every entry since the first grant.
Result<GlassTaken> TakeInBreakGlass(Ledger& ledger, const GlassFolder& from);

/// Sets a damaged file aside, so that the ledger goes on without what could not be read in it. An
/// entry says so, how many records were whole, who decided it and why. Gives the entry's number.
/// Errors: kNotFound (no file is damaged), those of the ledger, kIo.
Result<std::uint64_t> SetAsideDamaged(Ledger& ledger, const GlassFolder& from,
                                      const RestoredBy& by);

}  // namespace candour::ledger
