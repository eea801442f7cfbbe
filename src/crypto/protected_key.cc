#include "crypto/protected_key.h"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/key_store.h"
#include "crypto/random.h"
#include "crypto/sha256.h"

namespace candour::crypto {
namespace {

constexpr std::string_view kMagic = "CANDROT1";
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHeadBytes = 8 + 4 + 4 + kSaltBytes;  ///< what the sealed key is bound to
constexpr std::size_t kSealedBytes = kKeySize + kAeadOverhead;
static_assert(kProtectedKeySize == kHeadBytes + kSealedBytes + sizeof(Digest));
static_assert(kSaltBytes == crypto_pwhash_argon2id_SALTBYTES);

// A file that asks for more is damaged or hostile.
constexpr std::uint32_t kMostMemoryKib = 1U << 20;
constexpr std::uint32_t kMostPasses = 64;

std::string_view DigestText(const Digest& digest) { return BytesOf(digest); }

/// The AEAD under the key that argon2id makes of the passphrase.
Result<Aead> KeyFrom(const Secret& passphrase, std::string_view salt, const PassphraseCost& cost) {
  CANDOUR_CHECK(sodium_init() >= 0);
  Secret key(kKeySize);
  // libsodium wants a place even for a passphrase of no bytes, which opens nothing.
  const std::string_view text = passphrase.size() == 0 ? "" : passphrase.Reveal();
  const int done = crypto_pwhash_argon2id(key.Fill(), key.size(), text.data(), text.size(),
                                          reinterpret_cast<const unsigned char*>(salt.data()),
                                          cost.passes, std::size_t{cost.memory_kib} * 1024,
                                          crypto_pwhash_argon2id_ALG_ARGON2ID13);
  if (done != 0) {
    return Fail(Error{.code = ErrorCode::kExhausted,
                      .message = "The machine has too little memory to work with the passphrase."}
                    .Expected(fmt::format("{} MiB", cost.memory_kib / 1024)));
  }
  return Aead::Create(std::move(key));
}

std::string HeadOf(const PassphraseCost& cost) {
  std::string head(kMagic);
  char numbers[8];
  PutLittleEndian(cost.memory_kib, numbers);
  PutLittleEndian(cost.passes, numbers + 4);
  head.append(numbers, sizeof(numbers));
  head += RandomBytes(kSaltBytes);
  return head;
}

std::unexpected<Error> Damaged() {
  return Fail(Error{.code = ErrorCode::kCorruption, .message = "The key file is damaged."}.Next(
      "put a copy of the key file in its place"));
}

}  // namespace

PassphraseCost CostForThisMachine() {
  constexpr std::int64_t kSmallBytes = std::int64_t{512} << 20;
  const std::int64_t bytes =
      std::int64_t{::sysconf(_SC_PHYS_PAGES)} * std::int64_t{::sysconf(_SC_PAGESIZE)};
  if (bytes > 0 && bytes < kSmallBytes) return {.memory_kib = 16384, .passes = 12};
  return {};
}

Result<std::string> ProtectKey(const Secret& key, const Secret& passphrase,
                               const PassphraseCost& cost) {
  if (key.size() != kKeySize) return Fail(ErrorCode::kInvalidArgument, "a root key has 32 bytes");
  if (passphrase.size() < kLeastPassphraseBytes) {
    return Fail(
        Error{.code = ErrorCode::kInvalidArgument, .message = "The passphrase is too short."}
            .Expected(fmt::format("at least {} bytes", kLeastPassphraseBytes))
            .Next("take six words that a machine chose"));
  }
  std::string bytes = HeadOf(cost);
  CANDOUR_ASSIGN(const Aead aead, KeyFrom(passphrase, bytes.substr(16, kSaltBytes), cost));
  const std::string sealed = aead.Seal(key.Reveal(), bytes);
  bytes += sealed;
  const Digest digest = Sha256(bytes);
  bytes += DigestText(digest);
  return bytes;
}

bool IsProtectedKey(std::string_view bytes) {
  return bytes.size() == kProtectedKeySize && bytes.starts_with(kMagic);
}

Result<Secret> OpenProtectedKey(std::string_view bytes, const Secret& passphrase) {
  if (!IsProtectedKey(bytes)) return Damaged();
  const std::string_view hashed = bytes.substr(0, kHeadBytes + kSealedBytes);
  const Digest digest = Sha256(hashed);
  if (bytes.substr(hashed.size()) != DigestText(digest)) return Damaged();
  const PassphraseCost cost{.memory_kib = GetLittleEndian<std::uint32_t>(bytes.data() + 8),
                            .passes = GetLittleEndian<std::uint32_t>(bytes.data() + 12)};
  if (cost.memory_kib > kMostMemoryKib || cost.memory_kib < 8 || cost.passes > kMostPasses ||
      cost.passes < 1) {
    return Damaged();
  }
  CANDOUR_ASSIGN(const Aead aead, KeyFrom(passphrase, bytes.substr(16, kSaltBytes), cost));
  auto key = aead.Open(hashed.substr(kHeadBytes), hashed.substr(0, kHeadBytes));
  if (key) return key;
  return Fail(Error{.code = ErrorCode::kKeyPassphrase,
                    .message = "The passphrase does not open the key file."});
}

}  // namespace candour::crypto
