#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace candour::crypto {

/// The public half of a signing key, in the encoding of RFC 8032.
struct Ed25519PublicKey {
  std::array<std::uint8_t, 32> bytes = {};
  bool operator==(const Ed25519PublicKey&) const = default;
};

using Ed25519Signature = std::array<std::uint8_t, 64>;

/// How many bytes a signing key is made from.
inline constexpr std::size_t kEd25519SeedSize = 32;

/// An Ed25519 key that signs. Like a Secret it can be moved, not copied or printed; its seed cannot
/// be read back from it.
///
/// Threads: signatures may be made together. Cost: a signature is some 60 microseconds.
/// Source: RFC 8032 section 5.1 (the pure variant).
class Ed25519Key {
 public:
  /// Errors: kInvalidArgument (`seed` is not 32 bytes).
  static Result<Ed25519Key> FromSeed(const Secret& seed);

  Ed25519Key(Ed25519Key&&) noexcept;
  Ed25519Key& operator=(Ed25519Key&&) noexcept;
  ~Ed25519Key();

  const Ed25519PublicKey& public_key() const { return public_key_; }

  /// The same message always gets the same signature. It aborts when OpenSSL cannot sign, as the
  /// hashes do: a ledger that cannot sign cannot go on.
  Ed25519Signature Sign(std::string_view message) const;

 private:
  struct State;
  Ed25519Key(std::unique_ptr<State> state, Ed25519PublicKey public_key);
  std::unique_ptr<State> state_;
  Ed25519PublicKey public_key_;
};

/// Whether `signature` is one of `message` by the holder of `key`. False for a signature of any
/// other length than 64 bytes and for a key that is no point of the curve. Threads: any.
bool VerifyEd25519(const Ed25519PublicKey& key, std::string_view message,
                   std::string_view signature);

}  // namespace candour::crypto
