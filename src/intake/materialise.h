#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.h"
#include "catalogue/dataset.h"
#include "intake/dataset_version.h"
#include "intake/sealed_version.h"
#include "intake/workbench.h"

namespace candour::intake {

/// How many rows went where.
struct Materialised {
  std::int64_t rows = 0;
  std::int64_t quarantined = 0;
};

/// Reads, for a dataset with a row category, the look-up's current version into the table
/// stage.main.category(key, category); `lookup` is the look-up's contract.
///
/// Errors: kDatasetEmpty (the look-up was not adopted yet), kDeclarationUnknownName (no such
/// dataset or field), kDataInvalid (it gives one key two categories).
Status StageCategories(Workbench& bench, const catalogue::Dataset& dataset,
                       const catalogue::Dataset* lookup, const std::filesystem::path& state_dir,
                       const crypto::Secret& key_encryption_key);

/// Writes the checked rows into a version's two engine files, durable on return: main.rows, ordered
/// by record and then as in the source, and main.quarantine (columns `_reason`, `_source_row`, then
/// the declared fields as the source had them, as text).
///
/// Errors: kIo, kExhausted; kInternal when the two do not add up to what was read.
Result<Materialised> Materialise(Workbench& bench, const catalogue::Dataset& dataset,
                                 std::int64_t source_rows, const SealedVersion& files);

}  // namespace candour::intake
