#include "crypto/ed25519.h"

#include <openssl/evp.h>

#include <utility>

#include "base/check.h"

namespace candour::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

const unsigned char* Unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Context NewContext() {
  Context context(EVP_MD_CTX_new());
  CANDOUR_CHECK(context != nullptr);
  return context;
}

}  // namespace

struct Ed25519Key::State {
  Key key;
};

Ed25519Key::Ed25519Key(std::unique_ptr<State> state, Ed25519PublicKey public_key)
    : state_(std::move(state)), public_key_(public_key) {}
Ed25519Key::Ed25519Key(Ed25519Key&&) noexcept = default;
Ed25519Key& Ed25519Key::operator=(Ed25519Key&&) noexcept = default;
Ed25519Key::~Ed25519Key() = default;

Result<Ed25519Key> Ed25519Key::FromSeed(const Secret& seed) {
  if (seed.size() != kEd25519SeedSize) {
    return Fail(ErrorCode::kInvalidArgument, "The seed of a signing key has 32 bytes.");
  }
  auto state = std::make_unique<State>();
  state->key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Unsigned(seed.Reveal()),
                                                seed.size()));
  CANDOUR_CHECK(state->key != nullptr);
  Ed25519PublicKey public_key;
  std::size_t size = public_key.bytes.size();
  CANDOUR_CHECK(EVP_PKEY_get_raw_public_key(state->key.get(), public_key.bytes.data(), &size) == 1);
  CANDOUR_CHECK(size == public_key.bytes.size());
  return Ed25519Key(std::move(state), public_key);
}

Ed25519Signature Ed25519Key::Sign(std::string_view message) const {
  CANDOUR_REQUIRE(state_ != nullptr);  // moved from
  const Context context = NewContext();
  CANDOUR_CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) ==
                1);
  Ed25519Signature signature;
  std::size_t size = signature.size();
  CANDOUR_CHECK(EVP_DigestSign(context.get(), signature.data(), &size, Unsigned(message),
                               message.size()) == 1);
  CANDOUR_CHECK(size == signature.size());
  return signature;
}

bool VerifyEd25519(const Ed25519PublicKey& key, std::string_view message,
                   std::string_view signature) {
  if (signature.size() != sizeof(Ed25519Signature)) return false;
  const Key point(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
  CANDOUR_CHECK(point != nullptr);
  const Context context = NewContext();
  CANDOUR_CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, point.get()) == 1);
  return EVP_DigestVerify(context.get(), Unsigned(signature), signature.size(), Unsigned(message),
                          message.size()) == 1;
}

}  // namespace candour::crypto
