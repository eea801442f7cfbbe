#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/ledger.h"
#include "tlog/signer.h"

namespace candour::ledger {

/// The origin under which a log of a home begins: "<origin>/accesses". After a restore that lost
/// entries it goes on under another, "<origin>/accesses/2-k3f9w2mq" (docs/formats/log.md).
std::string FirstOrigin(const std::string& home_origin, LogName name);

/// Gives the signers of one log by the generation of their keys.
using LogSigners = std::function<Result<tlog::Signer>(int generation)>;

/// What signs for a log, in one of its lives: a key of its own, derived from the home's signing key
/// of a generation with what follows the home's origin in `log_origin`.
/// Errors: kKeyForm (the origin is no key's name).
Result<tlog::Signer> MakeLogSigner(const crypto::Secret& signing_key,
                                   const std::string& home_origin, const std::string& log_origin);

/// The signers of that log under the keys of every generation. It holds what `keys` holds.
LogSigners SignersOf(const SigningKeys& keys, const std::string& home_origin,
                     const std::string& log_origin);

}  // namespace candour::ledger
