#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "crypto/secret.h"

namespace candour::pseudonym {

/// The domain of a use's pseudonyms: "use:<id>".
std::string UseDomain(std::string_view use);

/// Gives people the names by which one recipient domain, such as a use, knows them.
///
/// A pseudonym is "ps-" and 16 digits of Crockford base32: the first 80 bits of HMAC-SHA256, under
/// the pseudonym key, of the domain and the person id, each after its length as four bytes, lowest
/// first. So the same person has the same pseudonym each time within a domain, and two domains'
/// pseudonyms cannot be linked, nor any traced back to a person id, without the key.
///
/// What is not promised: anonymity. Pseudonyms are personal data (GDPR article 4(5)): whoever holds
/// the key can make them again, and the fields beside them may give a person away. Two people share
/// one by chance only: among 10 million, with a probability below 1 in 20 billion.
///
/// Cost: one HMAC of a short text. Threads: any. Source: RFC 2104, FIPS 180-4; the keyed codes of
/// ENISA, "Pseudonymisation techniques and best practices" (2019).
class Pseudonymiser {
 public:
  /// `key`: 32 bytes or more, derived for pseudonyms only (crypto/key_store.h).
  Pseudonymiser(crypto::Secret key, std::string_view domain);

  std::string Of(const PersonId& person) const;

 private:
  crypto::Secret key_;
  std::string domain_;  ///< with its length before it
};

}  // namespace candour::pseudonym
