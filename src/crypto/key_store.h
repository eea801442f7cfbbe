#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/passphrase.h"
#include "crypto/protected_key.h"
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

/// Where a passphrase comes from when one is needed.
using PassphraseSource = std::function<Result<Secret>()>;

/// Reads the root key, in either form of its file: 32 bytes, or those under a passphrase, which is
/// then asked for.
/// Errors: kNotFound, kHomePermissions (others may read or write the file, or it is somebody
/// else's), kCorruption (no key file, or a damaged one), kKeyPassphrase (not the passphrase),
/// those of `passphrase`, kIo. Cost: with a passphrase 64 MiB and some 0.2 s.
Result<Secret> ReadRootKey(const std::filesystem::path& file,
                           const PassphraseSource& passphrase = AskForKeyPassphrase);

/// Whether a passphrase protects the root key in `file`. Errors: those of reading the file.
Result<bool> HasPassphrase(const std::filesystem::path& file);

/// Puts the root key into the place of the file, under a passphrase or without one; durable on
/// return, and over any crash the old file or the new one. Errors: kInvalidArgument (a passphrase
/// that is too short), kExhausted, kIo; the old file then stands.
Status WriteRootKey(const std::filesystem::path& file, const Secret& key,
                    const std::optional<Secret>& passphrase,
                    const PassphraseCost& cost = CostForThisMachine());

/// The label of a key that is changed from time to time. Generation 1 has the label itself, so what
/// was derived before there were generations is the first. `generation`: from 1.
std::string LabelOfGeneration(std::string_view label, int generation);

/// The key for one end, derived from the root key: HKDF-SHA256 with `label` as its context.
/// Threads: any. Source: RFC 5869.
Secret DeriveKey(const Secret& root, std::string_view label);

}  // namespace candour::crypto
