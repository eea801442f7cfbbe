#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "tlog/verifier_key.h"

namespace candour::tlog {

/// A key under a name that signs notes, as a log signs its checkpoints. It cannot be copied or
/// printed. Threads: signatures may be made together.
class Signer {
 public:
  /// Errors: kKeyForm (a name that IsKeyName refuses).
  static Result<Signer> Create(std::string name, crypto::Ed25519Key key);

  /// The public half, to be published.
  const VerifierKey& verifier_key() const { return verifier_key_; }

  /// The signature over `text`, of type SignatureType::kNote.
  std::string Sign(std::string_view text) const;

 private:
  Signer(VerifierKey verifier_key, crypto::Ed25519Key key);
  VerifierKey verifier_key_;
  crypto::Ed25519Key key_;
};

}  // namespace candour::tlog
