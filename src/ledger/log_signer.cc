#include "ledger/log_signer.h"

#include <fmt/format.h>

#include "crypto/key_store.h"

namespace candour::ledger {

std::string FirstOrigin(const std::string& home_origin, LogName name) {
  return fmt::format("{}/{}", home_origin, ToString(name));
}

Result<tlog::Signer> MakeLogSigner(const crypto::Secret& signing_key,
                                   const std::string& home_origin, const std::string& log_origin) {
  const std::string label = log_origin.substr(home_origin.size() + 1);
  const crypto::Secret seed = crypto::DeriveKey(signing_key, label);
  CANDOUR_ASSIGN(crypto::Ed25519Key key, crypto::Ed25519Key::FromSeed(seed));
  return tlog::Signer::Create(log_origin, std::move(key));
}

LogSigners SignersOf(const SigningKeys& keys, const std::string& home_origin,
                     const std::string& log_origin) {
  return [keys, home_origin, log_origin](int generation) {
    return MakeLogSigner(keys(generation), home_origin, log_origin);
  };
}

}  // namespace candour::ledger
