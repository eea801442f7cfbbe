#include "tlog/cosignature.h"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

#include "base/bytes.h"

namespace candour::tlog {
namespace {

constexpr std::size_t kTimeSize = sizeof(std::uint64_t);
constexpr std::uint64_t kLatest = std::numeric_limits<std::int64_t>::max();

std::string SignedMessage(std::uint64_t time_s, std::string_view checkpoint_text) {
  return fmt::format("cosignature/v1\ntime {}\n{}", time_s, checkpoint_text);
}

}  // namespace

Cosigner::Cosigner(VerifierKey verifier_key, crypto::Ed25519Key key)
    : verifier_key_(std::move(verifier_key)), key_(std::move(key)) {}

Result<Cosigner> Cosigner::Create(std::string name, crypto::Ed25519Key key) {
  CANDOUR_ASSIGN(
      VerifierKey verifier_key,
      VerifierKey::Create(std::move(name), SignatureType::kCosignature, key.public_key()));
  return Cosigner(std::move(verifier_key), std::move(key));
}

Result<std::string> Cosigner::Sign(std::string_view checkpoint_text, std::uint64_t time_s) const {
  if (time_s > kLatest) {
    return Fail(ErrorCode::kInvalidArgument, "The time of a cosignature is below 2^63 seconds.");
  }
  std::string signature(kTimeSize, '\0');
  PutBigEndian(time_s, signature.data());
  return signature.append(BytesOf(key_.Sign(SignedMessage(time_s, checkpoint_text))));
}

std::optional<std::uint64_t> VerifyCosignature(const crypto::Ed25519PublicKey& key,
                                               std::string_view checkpoint_text,
                                               std::string_view signature) {
  if (signature.size() != kTimeSize + sizeof(crypto::Ed25519Signature)) return std::nullopt;
  const auto time_s = GetBigEndian<std::uint64_t>(signature.data());
  if (time_s > kLatest) return std::nullopt;
  if (!crypto::VerifyEd25519(key, SignedMessage(time_s, checkpoint_text),
                             signature.substr(kTimeSize))) {
    return std::nullopt;
  }
  return time_s;
}

}  // namespace candour::tlog
