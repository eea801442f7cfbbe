#include "crypto/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace candour::crypto {

Digest HmacSha256(const Secret& key, std::string_view message) {
  Digest tag;
  unsigned size = 0;
  const std::string_view material = key.Reveal();
  CANDOUR_CHECK(HMAC(EVP_sha256(), material.data(), static_cast<int>(material.size()),
                     reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                     tag.data(), &size) != nullptr);
  CANDOUR_CHECK(size == tag.size());
  return tag;
}

}  // namespace candour::crypto
