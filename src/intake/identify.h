#pragma once

#include <cstdint>
#include <optional>

#include "base/bitmap.h"
#include "base/result.h"
#include "catalogue/dataset.h"
#include "intake/dataset_version.h"
#include "intake/workbench.h"
#include "people/register.h"

namespace candour::intake {

/// Whose rows the staged ones are.
struct Identified {
  Bitmap present;                   ///< the records of the rows that keep the contract
  std::int64_t people_records = 0;  ///< how many they are
  std::int64_t links = 0;           ///< links declared now that the previous version did not
};

/// "field=key space" for each field of the contract that identifies.
std::vector<std::string> DeclaredLinks(const catalogue::Dataset& dataset);

/// Gives a record number to each different person key of the rows that keep the contract, in the
/// order of the keys, and makes the table stage.main.keys(key, record). Then makes one person of
/// each record and the record that an identifying field names in its own key space.
///
/// A link that `previous` declared already is not made again, so that a split that a steward made
/// since then stays. All changes go into the register's open transaction; the caller commits it.
/// Errors: as the register's, kExhausted, kIo. Cost: one look-up a key, one merge a new link.
Result<Identified> IdentifyRecords(Workbench& bench, const catalogue::Dataset& dataset,
                                   const std::optional<DatasetVersion>& previous,
                                   people::Register& people, UtcTime now,
                                   const crypto::Secret& key_encryption_key);

}  // namespace candour::intake
