#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/database.h"
#include "engine/sealed_file.h"
#include "intake/dataset_version.h"

namespace candour::intake {

/// The private database in which one adopt works: an engine of its own, whose tables live in the
/// file `staging.duckdb` of the dataset's folder (alias `stage`), so that a source may be larger
/// than memory and nothing of it is ever written elsewhere. The file goes with the workbench. It
/// and what the engine spills are encrypted under a key that nobody keeps.
///
/// The engine's error text may quote data: it ends here, and errors name the step instead.
/// Threads: one at a time.
class Workbench {
 public:
  /// Removes what an interrupted adopt left of its staging and begins anew.
  static Result<Workbench> Open(const std::filesystem::path& folder, const engine::Limits& limits);
  Workbench(Workbench&&) noexcept = default;
  Workbench& operator=(Workbench&&) = delete;
  ~Workbench();

  /// Runs our own statement. `step` is what the error says, e.g. "checking the rows".
  /// Errors: kExhausted (memory), kIo (disk), kInternal.
  Status Run(std::string_view step, std::string_view sql);

  /// Runs a statement that reads the source: what fails here is the source's fault.
  /// Errors: kDataInvalid, with the line where the engine names one; kExhausted; kIo (disk full).
  Status Read(std::string_view step, std::string_view sql);

  /// The rows of a statement; null and text come as text. Errors: as Run and as Read.
  Result<std::vector<std::vector<std::string>>> Rows(std::string_view step, std::string_view sql);
  Result<std::vector<std::vector<std::string>>> ReadRows(std::string_view step,
                                                         std::string_view sql);

  /// The one number a statement gives. Errors: as Run.
  Result<std::int64_t> Count(std::string_view step, std::string_view sql);

  /// Hands over the rows of a statement as they come. Errors: as Run, and the sink's own.
  Status Stream(std::string_view step, std::string_view sql, const engine::RowSink& row);

  /// Runs a statement on one thread, in row order, so that the functions it calls need no lock.
  Status RunInOrder(std::string_view step, std::string_view sql);

  /// Makes the rows of a version readable as `alias`.main.rows. Errors: kCorruption.
  Status AttachRows(const DatasetVersion& version, const crypto::Secret& key_encryption_key,
                    std::string_view alias);

  /// Creates a file and makes it writable as `alias`. Errors: kIo, kUnavailable.
  Status AttachNew(const engine::SealedFile& file, std::string_view alias);

  engine::Database& database() { return *database_; }

 private:
  Workbench(std::filesystem::path folder, engine::SealedFile staging, engine::SealedFile spill,
            engine::Database database, int threads);

  std::filesystem::path folder_;
  engine::SealedFile staging_;
  engine::SealedFile spill_;
  std::unique_ptr<engine::Database> database_;
  int threads_;
};

}  // namespace candour::intake
