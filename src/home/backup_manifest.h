#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/secret.h"
#include "ledger/standing.h"

namespace candour::home {

/// One file of a home, as a backup holds it.
struct BackupFile {
  std::string path;    ///< in the home, "/" between folders
  std::string sha256;  ///< of its bytes, in hex; its name in the backup
  std::uint64_t size = 0;
};

/// What a backup holds. Format: docs/formats/backup.md.
struct BackupManifest {
  UtcTime time;        ///< when it was begun
  std::string origin;  ///< of the home's ledger
  std::vector<ledger::LogExtent> logs;
  std::vector<BackupFile> files;
};

/// Where a backup in `folder` has its manifest, and the file of those bytes.
std::filesystem::path ManifestFile(const std::filesystem::path& folder);
std::filesystem::path ObjectFile(const std::filesystem::path& folder, std::string_view sha256);

/// The key that seals manifests, so that nobody without the root key can make or change a backup
/// that is taken.
crypto::Secret BackupKey(const crypto::Secret& root);

/// The manifest's bytes, sealed. Errors: kInvalidArgument (a path that is not UTF-8).
Result<std::string> EncodeManifest(const BackupManifest& manifest, const crypto::Secret& key);

/// Reads what EncodeManifest wrote with the same key, and nothing else. Errors: kCorruption.
Result<BackupManifest> DecodeManifest(std::string_view text, const crypto::Secret& key);

/// Reads the manifest of the backup in `folder`. Errors: kNotFound (there is no whole backup),
/// kCorruption (damaged, or sealed with another key), kIo.
Result<BackupManifest> ReadManifest(const std::filesystem::path& folder, const crypto::Secret& key);

/// SHA-256 of a manifest's sealed bytes, in hex: the backup's name in the ledger.
std::string ManifestDigest(std::string_view text);

}  // namespace candour::home
