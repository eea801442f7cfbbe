#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/ed25519.h"
#include "crypto/sha256.h"
#include "tlog/cosignature.h"
#include "tlog/signer.h"

namespace candour::tlog {

/// A key for tests, made from a phrase that everybody knows.
inline crypto::Ed25519Key TestKey(std::string_view phrase) {
  crypto::Secret seed(crypto::kEd25519SeedSize);
  std::ranges::copy(crypto::Sha256(phrase), seed.Fill());
  return crypto::Ed25519Key::FromSeed(seed).value();
}

inline Signer TestSigner(std::string name, std::string_view phrase) {
  return Signer::Create(std::move(name), TestKey(phrase)).value();
}

inline Cosigner TestCosigner(std::string name, std::string_view phrase) {
  return Cosigner::Create(std::move(name), TestKey(phrase)).value();
}

}  // namespace candour::tlog
