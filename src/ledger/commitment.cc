#include "ledger/commitment.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/encoding.h"
#include "crypto/sha256.h"

namespace candour::ledger {

std::string Commit(std::string_view name, std::string_view blinding, std::string_view payload,
                   int entry_version) {
  CANDOUR_REQUIRE(blinding.size() == kBlindingSize);
  crypto::Sha256Hasher hasher;
  hasher.Update("candour/commitment/v1/").Update(name).Update("\n");
  hasher.Update(blinding).Update(payload);
  const crypto::Digest digest = hasher.Finish();
  return entry_version == 1 ? HexEncode(BytesOf(digest)) : Base64Encode(BytesOf(digest));
}

}  // namespace candour::ledger
