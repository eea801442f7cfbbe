#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "catalogue/dataset.h"
#include "engine/database.h"
#include "intake/check_contract.h"
#include "people/register.h"

namespace candour::intake {

/// What to adopt, and with what.
struct AdoptRequest {
  const catalogue::Dataset& dataset;
  const catalogue::Dataset* lookup = nullptr;  ///< where its row categories come from, if any
  std::filesystem::path state_dir;
  std::filesystem::path home_dir;
  /// sources.allow: folders, relative to the home, and "postgresql:HOST".
  std::vector<std::string> allowed_sources;
  people::Register& people;  ///< no transaction may be open in it
  /// Under which the keys of versions are wrapped; derived from the home's root key.
  const crypto::Secret& key_encryption_key;
  const Clock& clock;
  std::function<void(double)> progress = {};  ///< called with 0 to 1, never falling
  engine::Limits limits = {};
};

/// What an adopt did.
struct AdoptReport {
  int version = 0;
  std::int64_t rows = 0;
  std::int64_t people_records = 0;
  std::int64_t links = 0;  ///< links between key spaces that the version before did not declare
  std::vector<QuarantineCount> quarantined;
  std::vector<std::string> ignored_columns;
};

/// Reads the dataset's source into a new immutable version and makes it the current one.
///
/// Rows that break the contract go to the version's quarantine table with the reason; rows and
/// quarantined rows together are all rows of the source. Each person key gets its record number
/// from the register, the same at every adopt. Files stay inside state_dir.
///
/// All or nothing: the version's files are made durable, then the register is committed, then the
/// pointer is swapped. An error, or a crash at any moment, leaves the current version as it was,
/// and at most record numbers and links that no row uses yet and files that the next adopt removes.
/// Readers of the version before are not disturbed: its files go with the adopt after the next.
///
/// Errors: kSourceNotAllowed; kDataInvalid (unreadable, without a declared field, or not one row
/// keeps the contract); kDatasetEmpty (the look-up comes first); kDeclarationInvalid (a field's
/// name begins with "_", which is ours); kUnavailable; kExhausted; kIo. Messages name fields and
/// files. Cost: about twice the source on disk while it runs. Threads: one adopt at a time for a
/// home.
Result<AdoptReport> Adopt(const AdoptRequest& request);

}  // namespace candour::intake
