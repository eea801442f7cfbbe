#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"
#include "engine/database.h"
#include "engine/sealed_file.h"
#include "intake/dataset_version.h"
#include "storage/filesystem.h"

namespace candour::intake {

/// The engine's files of a version that is being written, under a random key of its own.
struct SealedVersion {
  crypto::Secret key;
  engine::SealedFile rows;
  engine::SealedFile quarantine;
};

/// Makes the key of a new version and has its files encrypted as the engine makes them.
/// Errors: kConflict (a file is there), kIo.
Result<SealedVersion> CreateSealedVersion(const std::filesystem::path& folder, int number);

/// Writes the version's key, wrapped under the home's key-encryption key, and what its files need
/// to be opened, into the file KeyFile; durable on return. Without that file nobody reads the
/// version again: taking it away is how a version is destroyed. The engine has closed both files.
/// Errors: kIo. Format: docs/formats/keys.md.
Status WriteVersionKey(storage::Filesystem& files, const std::filesystem::path& folder,
                       const DatasetVersion& version, const crypto::Secret& key_encryption_key,
                       const SealedVersion& sealed);

/// Makes a version's rows readable as `alias`.main.rows, whether or not it is encrypted.
///
/// Errors: kCorruption (the key or a file is missing, damaged, of another version or of another
/// home). Cost: some milliseconds; blocks are decrypted when a statement reads them.
Status AttachRows(engine::Database& engine, const DatasetVersion& version,
                  const crypto::Secret& key_encryption_key, std::string_view alias);

/// The same for the rows in quarantine, as `alias`.main.quarantine.
Status AttachQuarantine(engine::Database& engine, const DatasetVersion& version,
                        const crypto::Secret& key_encryption_key, std::string_view alias);

}  // namespace candour::intake
