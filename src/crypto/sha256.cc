#include "crypto/sha256.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace candour::crypto {
namespace {

/// Fetched once: OpenSSL 3 looks the algorithm up on every use of EVP_sha256(), which costs more
/// than hashing a small text.
const EVP_MD* Algorithm() {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CANDOUR_CHECK(algorithm != nullptr);
  return algorithm;
}

}  // namespace

struct Sha256Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() {
    CANDOUR_CHECK(context != nullptr && EVP_DigestInit_ex2(context, Algorithm(), nullptr));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256Hasher::Sha256Hasher() : state_(std::make_unique<State>()) {}
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;
Sha256Hasher::~Sha256Hasher() = default;

Sha256Hasher& Sha256Hasher::Update(std::string_view bytes) {
  CANDOUR_CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
  return *this;
}

Digest Sha256Hasher::Finish() {
  Digest digest;
  CANDOUR_CHECK(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr) == 1);
  CANDOUR_CHECK(EVP_DigestInit_ex2(state_->context, Algorithm(), nullptr) == 1);
  return digest;
}

Digest Sha256(std::string_view bytes) {
  thread_local Sha256Hasher hasher;  // making one costs more than hashing a small text
  return hasher.Update(bytes).Finish();
}

}  // namespace candour::crypto
