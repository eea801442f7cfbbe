#include "crypto/random.h"

#include <openssl/rand.h>

#include "base/check.h"
#include "base/encoding.h"

namespace candour::crypto {
namespace {

void FillRandom(unsigned char* out, std::size_t size) {
  CANDOUR_CHECK(RAND_priv_bytes(out, static_cast<int>(size)) == 1);
}

}  // namespace

std::string RandomBytes(std::size_t size) {
  std::string bytes(size, '\0');
  FillRandom(reinterpret_cast<unsigned char*>(bytes.data()), size);
  return bytes;
}

Secret RandomSecret(std::size_t size) {
  Secret secret(size);
  FillRandom(secret.Fill(), size);
  return secret;
}

std::string RandomCrockford(std::size_t length) {
  return CrockfordEncode(RandomBytes((length * 5 + 7) / 8)).substr(0, length);
}

}  // namespace candour::crypto
