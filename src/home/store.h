#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "home/declarations.h"
#include "storage/sqlite.h"

namespace candour::home {

/// One time that declarations came into force.
struct AppliedVersion {
  std::int64_t number = 0;  ///< from 1
  UtcTime time;
  std::string os_user;  ///< who ran apply, as the operating system says
};

/// The declarations in force and all that were before: `state/store.db`.
///
/// What is in force is kept as the text of its files, and read by the same reader as a home's
/// folder: editing the folder changes nothing until it is applied.
/// Errors: kIo, kCorruption, and as each method says. Threads: one at a time.
/// Format: docs/formats/declarations.md, section "What is in force".
class Store {
 public:
  /// Opens or makes the store in the home's `state` folder, which must be readable by its owner
  /// only. Errors: kHomeMissing (no such folder), kHomePermissions.
  static Result<Store> Open(const std::filesystem::path& state_dir,
                            storage::SqliteUse use = storage::SqliteUse::kWrite);

  /// What is in force; without files when nothing has been applied yet.
  /// Errors: kCorruption when the stored text no longer reads without errors: nothing is decided by
  /// declarations that are not wholly understood.
  Result<Declarations> LoadInForce() const;

  /// What was in force at a moment; without files before the first time. Errors: as LoadInForce.
  Result<Declarations> LoadAt(UtcTime time) const;

  /// Puts `declarations.files` into force, all or nothing; durable on return.
  /// They are read and checked once more: on any error nothing changes and the first is returned.
  Result<AppliedVersion> Apply(const Declarations& declarations, const std::string& os_user,
                               UtcTime time);

  /// The version in force, or none.
  Result<std::optional<AppliedVersion>> Current() const;

  /// All versions, newest first.
  Result<std::vector<AppliedVersion>> History() const;

 private:
  explicit Store(storage::Sqlite database) : database_(std::move(database)) {}
  Status MakeTables();
  Result<std::vector<DeclarationFile>> FilesOf(std::int64_t version) const;
  Result<Declarations> Load(const AppliedVersion& version) const;

  storage::Sqlite database_;
};

}  // namespace candour::home
