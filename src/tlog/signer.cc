#include "tlog/signer.h"

#include <utility>

#include "base/bytes.h"

namespace candour::tlog {

Signer::Signer(VerifierKey verifier_key, crypto::Ed25519Key key)
    : verifier_key_(std::move(verifier_key)), key_(std::move(key)) {}

Result<Signer> Signer::Create(std::string name, crypto::Ed25519Key key) {
  CANDOUR_ASSIGN(VerifierKey verifier_key,
                 VerifierKey::Create(std::move(name), SignatureType::kNote, key.public_key()));
  return Signer(std::move(verifier_key), std::move(key));
}

std::string Signer::Sign(std::string_view text) const {
  return std::string(BytesOf(key_.Sign(text)));
}

}  // namespace candour::tlog
