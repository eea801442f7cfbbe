#include "crypto/aead.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/bytes.h"
#include "base/check.h"
#include "crypto/key_store.h"
#include "crypto/random.h"

namespace candour::crypto {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

/// Fetched once: a fetch for each message would cost more than a short message.
const EVP_CIPHER* Cipher() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  CANDOUR_CHECK(cipher != nullptr);
  return cipher;
}

/// One message on its way through the cipher.
class Passage {
 public:
  Passage(const Secret& key, const AeadMark& mark, std::string_view associated, bool seals)
      : context_(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free) {
    CANDOUR_CHECK(context_ != nullptr && associated.size() <= kMostBytes);
    CANDOUR_CHECK(EVP_CipherInit_ex2(context_.get(), Cipher(),
                                     reinterpret_cast<const unsigned char*>(key.Reveal().data()),
                                     mark.nonce.data(), seals ? 1 : 0, nullptr) == 1);
    int done = 0;
    CANDOUR_CHECK(EVP_CipherUpdate(context_.get(), nullptr, &done,
                                   reinterpret_cast<const unsigned char*>(associated.data()),
                                   static_cast<int>(associated.size())) == 1);
  }

  void Run(std::span<std::uint8_t> text) {
    CANDOUR_CHECK(text.size() <= kMostBytes);
    int done = 0;
    CANDOUR_CHECK(EVP_CipherUpdate(context_.get(), text.data(), &done, text.data(),
                                   static_cast<int>(text.size())) == 1);
  }

  bool Finish() {
    int done = 0;
    unsigned char nothing[1];
    return EVP_CipherFinal_ex(context_.get(), nothing, &done) == 1;
  }

  void Control(int command, std::span<std::uint8_t> tag) {
    CANDOUR_CHECK(EVP_CIPHER_CTX_ctrl(context_.get(), command, static_cast<int>(tag.size()),
                                      tag.data()) == 1);
  }

 private:
  std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context_;
};

std::span<std::uint8_t> BytesIn(std::string& text) {
  return {reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Result<Aead> Aead::Create(Secret key) {
  if (key.size() != kKeySize) {
    return Fail(ErrorCode::kInvalidArgument, "an encryption key has 32 bytes");
  }
  return Aead(std::move(key));
}

AeadMark Aead::SealInPlace(std::span<std::uint8_t> text, std::string_view associated) const {
  AeadMark mark;
  const std::string nonce = RandomBytes(mark.nonce.size());
  std::ranges::copy(nonce, mark.nonce.begin());
  Passage passage(key_, mark, associated, true);
  passage.Run(text);
  CANDOUR_CHECK(passage.Finish());
  passage.Control(EVP_CTRL_AEAD_GET_TAG, mark.tag);
  return mark;
}

bool Aead::OpenInPlace(std::span<std::uint8_t> text, const AeadMark& mark,
                       std::string_view associated) const {
  Passage passage(key_, mark, associated, false);
  passage.Run(text);
  std::array<std::uint8_t, 16> tag = mark.tag;
  passage.Control(EVP_CTRL_AEAD_SET_TAG, tag);
  if (passage.Finish()) return true;
  // What came out is not what anybody wrote; nobody may work with it by mistake.
  OPENSSL_cleanse(text.data(), text.size());
  return false;
}

std::string Aead::Seal(std::string_view text, std::string_view associated) const {
  std::string body(text);
  const AeadMark mark = SealInPlace(BytesIn(body), associated);
  std::string sealed(BytesOf(mark.nonce));
  sealed += body;
  sealed += BytesOf(mark.tag);
  return sealed;
}

Result<Secret> Aead::Open(std::string_view sealed, std::string_view associated) const {
  const auto refuse = [] {
    return Fail(ErrorCode::kCorruption,
                "a sealed text was changed, or is of another key or another place");
  };
  if (sealed.size() < kAeadOverhead) return refuse();
  AeadMark mark;
  std::ranges::copy(sealed.substr(0, mark.nonce.size()), mark.nonce.begin());
  std::ranges::copy(sealed.substr(sealed.size() - mark.tag.size()), mark.tag.begin());
  Secret text(sealed.size() - kAeadOverhead);
  std::ranges::copy(sealed.substr(mark.nonce.size(), text.size()), text.Fill());
  if (!OpenInPlace({text.Fill(), text.size()}, mark, associated)) return refuse();
  return text;
}

}  // namespace candour::crypto
