#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/ed25519.h"

namespace candour::tlog {

/// What a key signs; the byte that stands for it in a key's text. Other types are not supported.
enum class SignatureType : std::uint8_t {
  kNote = 0x01,         ///< Ed25519 over the text of a note: a log's own signature
  kCosignature = 0x04,  ///< Ed25519 over a time and a checkpoint: a witness's signature
};

/// A public key as the formats of transparency logs name it: its name, what it signs, and four
/// bytes of a hash over all of it, by which signatures refer to it. A value; threads: any.
///
/// Source: c2sp.org/signed-note, "Verifier keys".
class VerifierKey {
 public:
  using Id = std::array<std::uint8_t, 4>;

  /// Errors: kKeyForm (a name that IsKeyName refuses).
  static Result<VerifierKey> Create(std::string name, SignatureType type,
                                    const crypto::Ed25519PublicKey& key);

  /// Reads `name+hex(id)+base64(type, key)` in its one canonical form.
  /// Errors: kKeyForm (another form, another type, an id that does not fit).
  static Result<VerifierKey> Parse(std::string_view text);

  /// Reads a key that must be of `type`: a witness's key is no log's, nor the other way round.
  /// Errors: kKeyForm.
  static Result<VerifierKey> Parse(std::string_view text, SignatureType type);

  /// The text that Parse reads.
  std::string ToString() const;

  const std::string& name() const { return name_; }
  const Id& id() const { return id_; }
  SignatureType type() const { return type_; }
  const crypto::Ed25519PublicKey& key() const { return key_; }

  bool operator==(const VerifierKey&) const = default;

 private:
  VerifierKey(std::string name, SignatureType type, const crypto::Ed25519PublicKey& key);

  std::string name_;
  SignatureType type_;
  crypto::Ed25519PublicKey key_;
  Id id_;
};

/// Whether `text` may name a key: UTF-8, not empty, without white space of any script, control
/// characters and plus signs.
bool IsKeyName(std::string_view text);

}  // namespace candour::tlog
