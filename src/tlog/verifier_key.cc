#include "tlog/verifier_key.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "crypto/sha256.h"

namespace candour::tlog {
namespace {

using crypto::Ed25519PublicKey;

/// The white space of Unicode beyond ASCII.
constexpr std::string_view kSpaces[] = {
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
    "\u2028", "\u2029", "\u202f", "\u205f", "\u3000",
};

std::unexpected<Error> Malformed(const char* message) {
  return Fail(Error{.code = ErrorCode::kKeyForm, .message = message}
                  .Expected("name+12345678+base64, all on one line")
                  .Next("copy the whole key from where it is published"));
}

std::string Material(SignatureType type, const Ed25519PublicKey& key) {
  std::string material(1, static_cast<char>(type));
  return material.append(BytesOf(key.bytes));
}

}  // namespace

bool IsKeyName(std::string_view text) {
  if (text.empty() || !IsUtf8(text)) return false;
  const auto is_refused = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '+' || c == '\x7f';
  };
  if (std::ranges::any_of(text, is_refused)) return false;
  return std::ranges::none_of(
      kSpaces, [text](std::string_view space) { return text.find(space) != text.npos; });
}

VerifierKey::VerifierKey(std::string name, SignatureType type, const Ed25519PublicKey& key)
    : name_(std::move(name)), type_(type), key_(key) {
  const crypto::Digest hash =
      crypto::Sha256Hasher().Update(name_).Update("\n").Update(Material(type, key)).Finish();
  std::copy_n(hash.begin(), id_.size(), id_.begin());
}

Result<VerifierKey> VerifierKey::Create(std::string name, SignatureType type,
                                        const Ed25519PublicKey& key) {
  if (!IsKeyName(name)) return Malformed("The name of the key is empty or holds a space or plus.");
  return VerifierKey(std::move(name), type, key);
}

Result<VerifierKey> VerifierKey::Parse(std::string_view text) {
  // Base64 has plus signs too, so only the first two part the text.
  const std::size_t first = text.find('+');
  const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return Malformed("The key has not three parts, joined by plus signs.");
  const Result<std::string> material = Base64Decode(text.substr(second + 1));
  if (!material || material->empty()) return Malformed("The key's last part is not base64.");
  const auto type = static_cast<SignatureType>(material->front());
  if (type != SignatureType::kNote && type != SignatureType::kCosignature) {
    return Malformed("The key is of another kind than Ed25519 of a log or a witness.");
  }
  Ed25519PublicKey key;
  if (material->size() != 1 + key.bytes.size()) {
    return Malformed("The key's last part has not the length of a key.");
  }
  std::copy(material->begin() + 1, material->end(), key.bytes.begin());
  CANDOUR_ASSIGN(VerifierKey parsed, Create(std::string(text.substr(0, first)), type, key));
  if (parsed.ToString() != text) return Malformed("The key's parts do not belong together.");
  return parsed;
}

Result<VerifierKey> VerifierKey::Parse(std::string_view text, SignatureType type) {
  CANDOUR_ASSIGN(VerifierKey key, Parse(text));
  if (key.type() == type) return key;
  return Fail(Error{.code = ErrorCode::kKeyForm,
                    .message = "A witness's key is no log's key, nor the other way round."}
                  .Expected(type == SignatureType::kNote ? "a log's key" : "a witness's key")
                  .Found(key.name()));
}

std::string VerifierKey::ToString() const {
  std::string text = name_;
  text += '+';
  text += HexEncode(BytesOf(id_));
  text += '+';
  return text += Base64Encode(Material(type_, key_));
}

}  // namespace candour::tlog
