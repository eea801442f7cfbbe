#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalogue/dataset.h"
#include "intake/source_path.h"

namespace candour::intake {

/// A file that goes when its owner does.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::filesystem::path path) : path_(std::move(path)) {}
  TemporaryFile(TemporaryFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A PostgreSQL table's declared fields as a CSV file with a header.
struct PostgresCopy {
  TemporaryFile csv;
  std::vector<std::string> ignored;  ///< columns that the contract does not name: never fetched
};

/// Copies the dataset's table (`source.location` is a libpq connection string, `source.table`
/// "schema.table") into a file in `folder`, in one read-only transaction.
///
/// The string must name one host that sources.allow lists as "postgresql:HOST"; an address in its
/// place is refused, and so is a host whose address is link-local, where cloud machines keep their
/// keys. What it leaves out (user, password) comes from libpq's environment.
/// Errors: kSourceNotAllowed, kUnavailable (no connection), kDataInvalid (no such table, a missing
/// field, or the copy broke off), kIo. Messages hold no text of the server's.
/// Source: PostgreSQL 15 manual, chapters 34.1, 34.10 and COPY.
Result<PostgresCopy> CopyFromPostgres(const catalogue::Dataset& dataset,
                                      const AllowedSources& allowed,
                                      const std::filesystem::path& folder);

}  // namespace candour::intake
