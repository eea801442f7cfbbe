#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace candour::crypto {

/// How many bytes the root key and every key derived from it have.
inline constexpr std::size_t kKeySize = 32;

/// What a derived key is for. Keys of different labels tell nothing about each other.
inline constexpr std::string_view kPseudonymKey = "pseudonym";
inline constexpr std::string_view kSigningKey = "signing";
inline constexpr std::string_view kKeyEncryptionKey = "key-encryption";
inline constexpr std::string_view kCommitmentKey = "commitment";

/// The key file that CANDOUR_KEY_FILE names, or nothing when it is not set or empty.
std::optional<std::filesystem::path> KeyFileFromEnvironment();

/// Makes a random root key in a new file of mode 0600, durable on return. The file belongs outside
/// the home and outside its backups: who has both can link every pseudonym.
/// Errors: kConflict (there is a file already; it is left as it is), kIo.
Status CreateRootKey(const std::filesystem::path& file);

/// Reads the root key. Errors: kNotFound, kHomePermissions (others may read or write the file, or
/// it is somebody else's), kCorruption (not 32 bytes, or not a plain file), kIo.
Result<Secret> ReadRootKey(const std::filesystem::path& file);

/// The key for one end, derived from the root key: HKDF-SHA256 with `label` as its context.
/// Threads: any. Source: RFC 5869.
Secret DeriveKey(const Secret& root, std::string_view label);

}  // namespace candour::crypto
