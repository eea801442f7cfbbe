#include "ledger/commitment.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/encoding.h"
#include "crypto/sha256.h"

namespace candour::ledger {

std::string Commit(std::string_view name, std::string_view blinding, std::string_view payload) {
  CANDOUR_REQUIRE(blinding.size() == kBlindingSize);
  crypto::Sha256Hasher hasher;
  hasher.Update("candour/commitment/v1/").Update(name).Update("\n");
  hasher.Update(blinding).Update(payload);
  return HexEncode(BytesOf(hasher.Finish()));
}

}  // namespace candour::ledger
