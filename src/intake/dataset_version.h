#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bitmap.h"
#include "base/result.h"
#include "base/time.h"
#include "catalogue/dataset.h"
#include "storage/filesystem.h"

namespace candour::intake {

/// One adopted version of a dataset. Its files never change; the next adopt makes other ones.
struct DatasetVersion {
  std::string dataset;  ///< schema.table
  /// Whether its files are encrypted. Those of versions that were adopted before 0.2 are not.
  bool sealed = false;
  int number = 0;                         ///< from 1
  std::filesystem::path file;             ///< the engine's file with the table main.rows
  std::filesystem::path quarantine_file;  ///< the engine's file with the table main.quarantine
  std::int64_t rows = 0;
  std::int64_t people_records = 0;  ///< different record numbers among the rows
  std::int64_t quarantined = 0;
  UtcTime adopted_at;
  std::string source;  ///< where it was read from, as the contract said then
  /// Records with at least one row; empty when the dataset holds nobody.
  std::shared_ptr<const Bitmap> present;
  /// The links that its contract declared, each "field=key space".
  std::vector<std::string> declared_links;
};

/// The column of main.rows that holds the record number, in a dataset with people.
inline constexpr std::string_view kRecordColumn = "_record";

/// The column of main.rows that holds the row's data category, where the contract declares one.
inline constexpr std::string_view kCategoryColumn = "_category";

/// The category of a row whose key the look-up does not know.
inline constexpr std::string_view kUnclassified = "candour:unclassified";

/// The folder of a dataset's versions: `<state>/data/<schema>.<table>`.
std::filesystem::path VersionFolder(const std::filesystem::path& state_dir,
                                    std::string_view dataset_name);

/// A version's files, named by its number.
std::filesystem::path RowsFile(const std::filesystem::path& folder, int number);
std::filesystem::path QuarantineFile(const std::filesystem::path& folder, int number);
std::filesystem::path PresentFile(const std::filesystem::path& folder, int number);
std::filesystem::path KeyFile(const std::filesystem::path& folder, int number);

/// The version in force.
///
/// Errors: kDatasetEmpty (nothing adopted yet), kCorruption (its files are not what was written),
/// kIo. Cost: two small files, and the set of records: 625 KB for 5 million. The rows are not read.
/// Threads: any. Format: docs/formats/dataset_version.md.
Result<DatasetVersion> LoadCurrent(const std::filesystem::path& state_dir,
                                   std::string_view dataset_name);

/// Makes `version` the one in force, by replacing the pointer `current` in its folder. Everything
/// that the pointer refers to must be durable already; durable on return. Errors: kIo.
Status PublishVersion(storage::Filesystem& files, const std::filesystem::path& folder,
                      const DatasetVersion& version);

}  // namespace candour::intake
