#pragma once

#include <cstddef>
#include <string>

#include "crypto/secret.h"

namespace candour::crypto {

/// `size` random bytes from the operating system's generator. It aborts when there are none: an id
/// or a blinding value that can be guessed is worse than a stop. Threads: any.
std::string RandomBytes(std::size_t size);

/// The same, as key material.
Secret RandomSecret(std::size_t size);

/// `length` random digits of Crockford base32 in lower case, 5 bits each. Thirteen of them (65
/// bits) make a person id.
std::string RandomCrockford(std::size_t length);

}  // namespace candour::crypto
