#include "crypto/key_store.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstdlib>
#include <string>

#include "base/check.h"
#include "crypto/passphrase.h"
#include "crypto/random.h"
#include "crypto/secret_file.h"

namespace candour::crypto {
namespace {

constexpr std::string_view kWhat = "key file";

/// The file's bytes, which are those of a key in one of its two forms.
Result<Secret> ReadKeyBytes(const std::filesystem::path& file) {
  Result<Secret> bytes = ReadSecretFile(kWhat, file, kProtectedKeySize);
  if (!bytes) {
    Error error = std::move(bytes).error();
    if (error.code == ErrorCode::kNotFound) {
      error.expected = "the file that CANDOUR_KEY_FILE names, made by `candour init`";
    }
    return Fail(std::move(error));
  }
  if (bytes->size() == kKeySize || IsProtectedKey(bytes->Reveal())) return bytes;
  return Fail(
      Error{.code = ErrorCode::kCorruption,
            .message = fmt::format("The key file is no key file: {}.", file.string())}
          .Expected(fmt::format("{} bytes, or {} with a passphrase", kKeySize, kProtectedKeySize))
          .Found(fmt::format("{} bytes", bytes->size())));
}

}  // namespace

std::optional<std::filesystem::path> KeyFileFromEnvironment() {
  const char* const name = std::getenv("CANDOUR_KEY_FILE");
  if (name == nullptr || *name == '\0') return std::nullopt;
  return std::filesystem::path(name);
}

Status CreateRootKey(const std::filesystem::path& file) {
  Status made = CreateSecretFile(kWhat, file, RandomSecret(kKeySize).Reveal());
  if (made || made.error().code != ErrorCode::kConflict) return made;
  return Fail(std::move(made).error().Next("keep it: without it no pseudonym can be made again"));
}

Result<bool> HasPassphrase(const std::filesystem::path& file) {
  CANDOUR_ASSIGN(const Secret bytes, ReadKeyBytes(file));
  return IsProtectedKey(bytes.Reveal());
}

Result<Secret> ReadRootKey(const std::filesystem::path& file, const PassphraseSource& passphrase) {
  CANDOUR_ASSIGN(Secret bytes, ReadKeyBytes(file));
  if (!IsProtectedKey(bytes.Reveal())) return bytes;
  CANDOUR_ASSIGN(const Secret text, passphrase());
  return OpenProtectedKey(bytes.Reveal(), text);
}

Status WriteRootKey(const std::filesystem::path& file, const Secret& key,
                    const std::optional<Secret>& passphrase, const PassphraseCost& cost) {
  CANDOUR_REQUIRE(key.size() == kKeySize);
  if (!passphrase) return ReplaceSecretFile(kWhat, file, key.Reveal());
  CANDOUR_ASSIGN(const std::string bytes, ProtectKey(key, *passphrase, cost));
  return ReplaceSecretFile(kWhat, file, bytes);
}

std::string LabelOfGeneration(std::string_view label, int generation) {
  CANDOUR_REQUIRE(generation >= 1);
  return generation == 1 ? std::string(label) : fmt::format("{}/{}", label, generation);
}

Secret DeriveKey(const Secret& root, std::string_view label) {
  EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* const context = EVP_KDF_CTX_new(algorithm);
  CANDOUR_CHECK(algorithm != nullptr && context != nullptr);
  std::string info = fmt::format("candour/v1/{}", label);
  char digest[] = "SHA256";
  const std::string_view material = root.Reveal();
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<char*>(material.data()),
                                        material.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end(),
  };
  Secret key(kKeySize);
  const int done = EVP_KDF_derive(context, key.Fill(), key.size(), parameters);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(algorithm);
  CANDOUR_CHECK(done == 1);
  return key;
}

}  // namespace candour::crypto
