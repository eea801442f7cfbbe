#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalogue/dataset.h"
#include "intake/source_path.h"
#include "intake/workbench.h"

namespace candour::intake {

/// A source as it stands in the staging file, table stage.main.raw: one row for each of the
/// source's, in its order, rowid from 0; column c0, c1, … for each field of the contract, as the
/// source has it.
struct StagedSource {
  std::vector<std::string> types;    ///< the engine's type of each field's column
  std::vector<std::string> ignored;  ///< columns that the contract does not name: not taken
  std::int64_t rows = 0;
};

/// Reads the dataset's source into the staging file; only declared fields are taken.
///
/// CSV: UTF-8, commas, a header, quotes doubled inside quotes; an empty value is null; a row with
/// more or fewer values than the header makes the file unreadable. Parquet: one file. JSON: an
/// array of objects, or one object a line; values are taken as text, nested ones as JSON.
/// PostgreSQL: COPY of the table in one read-only transaction.
///
/// Errors: kSourceNotAllowed, kDataInvalid (missing, unreadable, or without a declared field),
/// kUnavailable (no such server), kExhausted, kIo.
Result<StagedSource> StageSource(Workbench& bench, const catalogue::Dataset& dataset,
                                 const AllowedSources& allowed,
                                 const std::filesystem::path& folder);

}  // namespace candour::intake
