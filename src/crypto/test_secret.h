#pragma once

#include <algorithm>
#include <string_view>

#include "crypto/secret.h"

namespace candour::crypto {

/// A secret that everybody knows, for tests.
inline Secret SecretOf(std::string_view bytes) {
  Secret secret(bytes.size());
  std::ranges::copy(bytes, secret.Fill());
  return secret;
}

}  // namespace candour::crypto
