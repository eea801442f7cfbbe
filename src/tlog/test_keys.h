#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "crypto/sha256.h"
#include "crypto/test_secret.h"
#include "tlog/cosignature.h"
#include "tlog/signer.h"

namespace candour::tlog {

/// A key for tests, made from a phrase that everybody knows.
inline crypto::Ed25519Key TestKey(std::string_view phrase) {
  const crypto::Digest seed = crypto::Sha256(phrase);
  return crypto::Ed25519Key::FromSeed(crypto::SecretOf(BytesOf(seed))).value();
}

inline Signer TestSigner(std::string name, std::string_view phrase) {
  return Signer::Create(std::move(name), TestKey(phrase)).value();
}

inline Cosigner TestCosigner(std::string name, std::string_view phrase) {
  return Cosigner::Create(std::move(name), TestKey(phrase)).value();
}

}  // namespace candour::tlog
