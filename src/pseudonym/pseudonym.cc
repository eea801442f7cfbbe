#include "pseudonym/pseudonym.h"

#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "base/encoding.h"
#include "crypto/hmac.h"

namespace candour::pseudonym {
namespace {

constexpr std::size_t kLeastKeySize = 32;
constexpr std::size_t kPseudonymBytes = 10;

// Without the lengths "ab" + "c" and "a" + "bc" would be one message.
void AppendWithLength(std::string_view text, std::string& message) {
  char length[sizeof(std::uint32_t)];
  PutLittleEndian(static_cast<std::uint32_t>(text.size()), length);
  message.append(length, sizeof length).append(text);
}

}  // namespace

std::string UseDomain(std::string_view use) { return std::string("use:").append(use); }

Pseudonymiser::Pseudonymiser(crypto::Secret key, std::string_view domain) : key_(std::move(key)) {
  CANDOUR_REQUIRE(key_.size() >= kLeastKeySize);
  CANDOUR_REQUIRE(!domain.empty());
  AppendWithLength(domain, domain_);
}

std::string Pseudonymiser::Of(const PersonId& person) const {
  std::string message = domain_;
  AppendWithLength(person.text, message);
  const crypto::Digest tag = crypto::HmacSha256(key_, message);
  return "ps-" + CrockfordEncode(BytesOf(tag).substr(0, kPseudonymBytes));
}

}  // namespace candour::pseudonym
