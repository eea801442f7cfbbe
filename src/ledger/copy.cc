#include "ledger/copy.h"

#include <nlohmann/json.hpp>

#include "base/canonical_json.h"
#include "base/encoding.h"

namespace candour::ledger {

Result<std::string> MakeCopy(const std::string& receipt, const std::vector<Opening>& openings) {
  nlohmann::json copy = {
      {"candour", 1}, {"receipt", receipt}, {"openings", nlohmann::json::array()}};
  for (const Opening& opening : openings) {
    CANDOUR_ASSIGN(nlohmann::json value, ParseCanonicalJson(opening.value));
    copy["openings"].push_back({{"path", opening.path},
                                {"name", opening.name},
                                {"blinding", HexEncode(opening.blinding)},
                                {"value", std::move(value)}});
  }
  return copy.dump(2).append("\n");
}

}  // namespace candour::ledger
