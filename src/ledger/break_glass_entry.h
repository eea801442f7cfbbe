#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/break_glass_record.h"
#include "ledger/ledger.h"
#include "ledger/restored_entry.h"

namespace candour::ledger {

/// That the glass was broken, as the ledger is told when it is back.
struct GlassOpened {
  std::string file;  ///< id of the break-glass file
  GlassGrant grant;
  std::size_t accesses = 0;
  std::size_t refused = 0;
};

/// Records it; who and why are only committed to. Gives the entry's number.
Result<std::uint64_t> RecordOpened(Ledger& ledger, const GlassOpened& opened);

/// Records that a damaged file was set aside, `by.reason` being why. `hash`: SHA-256 of the file.
Result<std::uint64_t> RecordDamaged(Ledger& ledger, const std::string& hash, std::size_t records,
                                    const RestoredBy& by);

/// That entry, when there is one.
Result<std::optional<std::uint64_t>> FindDamaged(const Ledger& ledger, const std::string& hash);

/// The entries that were made from records of a break-glass file, by record number.
/// Cost: a look at the type of every entry in memory; reads those after the file's first grant.
Result<std::map<std::uint64_t, std::uint64_t>> EntriesOfGlass(const Ledger& ledger,
                                                              const std::string& file);

/// An emergency that the ledger knows of, for those who look into it afterwards.
struct GlassCase {
  std::uint64_t entry = 0;
  bool damaged = false;  ///< a file was set aside that could not be read whole
  UtcTime since;         ///< when the glass was broken, or the file set aside
  UtcTime until;         ///< of the grant
  std::int64_t accesses = 0;
  std::int64_t refused = 0;
  std::string principal;  ///< who broke the glass, or set the file aside; from the vault
  std::string reason;
  std::optional<std::uint64_t> review;  ///< the entry of its review
  UtcTime reviewed;
  std::string reviewer;
  std::string finding;

  UtcTime deadline() const { return UtcTime{since.us + kReviewUs}; }
  bool overdue(UtcTime now) const { return !review && now >= deadline(); }
};

/// Every emergency, oldest first. Errors: kLedgerCorrupt, kIo.
/// Cost: a look at the type of every entry, in memory.
Result<std::vector<GlassCase>> GlassCases(const Ledger& ledger);

/// Records what somebody else found about an emergency, `by.reason` being the finding. Gives the
/// entry's number. Errors: kUsage (no finding), kNotFound (no such emergency), kConflict (it was
/// reviewed), kDeniedRole (by who broke the glass), those of the ledger.
Result<std::uint64_t> ReviewGlass(Ledger& ledger, std::uint64_t entry, const RestoredBy& by);

}  // namespace candour::ledger
