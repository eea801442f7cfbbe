#pragma once

#include "base/ids.h"
#include "base/result.h"

namespace candour::people {

/// A fresh random person id: "p-" and 13 characters of Crockford base32, 65 bits of randomness, so
/// that an id says nothing about its person and ids are never reused.
///
/// Errors: kUnavailable (the system gives no randomness). Threads: any.
/// Source: crockford.com/base32.html.
Result<PersonId> NewPersonId();

}  // namespace candour::people
