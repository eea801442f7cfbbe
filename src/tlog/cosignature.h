#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"
#include "tlog/verifier_key.h"

namespace candour::tlog {

/// A witness's key under its name. With a cosignature a witness says: at this time, this was the
/// largest tree of this log that I knew, and it continues all that I knew before.
///
/// It cannot be copied or printed. A key belongs to one witness and to nothing else: the signed
/// text does not say the witness's name. Threads: cosignatures may be made together.
/// Source: c2sp.org/tlog-cosignature, the Ed25519 type.
class Cosigner {
 public:
  /// Errors: kKeyForm (a name that IsKeyName refuses).
  static Result<Cosigner> Create(std::string name, crypto::Ed25519Key key);

  /// The public half, to be published.
  const VerifierKey& verifier_key() const { return verifier_key_; }

  /// The signature over the text of a checkpoint at `time_s`, seconds since 1970: 72 bytes. It is
  /// the caller's to have checked that the checkpoint continues the one before.
  /// Errors: kInvalidArgument (`time_s` is 2^63 or more).
  Result<std::string> Sign(std::string_view checkpoint_text, std::uint64_t time_s) const;

 private:
  Cosigner(VerifierKey verifier_key, crypto::Ed25519Key key);
  VerifierKey verifier_key_;
  crypto::Ed25519Key key_;
};

/// The time of a cosignature over `checkpoint_text` by the holder of `key`, if it is true; nothing
/// otherwise. A time in the future is not refused: no clock is asked. Threads: any.
std::optional<std::uint64_t> VerifyCosignature(const crypto::Ed25519PublicKey& key,
                                               std::string_view checkpoint_text,
                                               std::string_view signature);

}  // namespace candour::tlog
