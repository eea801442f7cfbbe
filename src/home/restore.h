#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/restore.h"

namespace candour::home {

/// What a restore did.
struct RestoreReport {
  std::uint64_t accesses = 0;  ///< entries of that log, as the home now has it
  std::uint64_t choices = 0;
  std::vector<ledger::Continued> continued;  ///< logs that were closed and go on; none: all whole
};

/// Puts the backup in `backup` back as a home in `dir`, a folder that is new or empty.
///
/// All of the backup is checked before anything is written. When it holds all that was signed it is
/// opened as it is. Otherwise `terms` must accept the loss, and name a principal of the backup who
/// may do so: docs/formats/backup.md. The root key is the one that CANDOUR_KEY_FILE names, for a
/// backup never says where it is.
///
/// Cut off, it leaves `dir` without a home, or with one that refuses to open until ContinueHome has
/// run. Errors: kNotFound (no key, no backup), kConflict (the folder is not empty), kCorruption
/// (naming the file), kLedgerBehind, kLedgerUnsigned, kLedgerForked, kUsage, kDenied… (the
/// principal), kIo.
Result<RestoreReport> RestoreHome(const std::filesystem::path& backup,
                                  const std::filesystem::path& dir, ledger::RestoreTerms terms,
                                  const Clock& clock, const std::function<void(double)>& progress);

/// The same for a home as it lies there: its ledger goes on although entries or the checkpoint
/// store are gone, if `terms` accept that. Nothing changes when nothing is missing.
Result<RestoreReport> ContinueHome(const std::filesystem::path& dir,
                                   const ledger::RestoreTerms& terms, const Clock& clock);

}  // namespace candour::home
