#include "ledger/silence_entry.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "ledger/commitment.h"
#include "ledger/entry.h"

namespace candour::ledger {

using nlohmann::json;

Result<Opening> OpeningOf(const Silence& silence, const std::string& blinding) {
  return OpeningOf("silence", blinding,
                   {{"ground", silence.ground},
                    {"then", silence.review ? "review" : "release"},
                    {"until", FormatTime(silence.until)}});
}

Result<std::vector<Opening>> OpeningsOf(const SilenceDecision& decision) {
  std::vector<Opening> openings;
  if (decision.actor_blinding.empty()) return openings;
  CANDOUR_ASSIGN(openings.emplace_back(),
                 OpeningOf("actor", decision.actor_blinding,
                           {{"principal", decision.principal}, {"os_user", decision.os_user}}));
  CANDOUR_ASSIGN(openings.emplace_back(),
                 OpeningOf("reason", decision.reason_blinding, {{"reason", decision.reason}}));
  return openings;
}

Result<std::string> EncodeSilenceDecided(const SilenceDecision& decision) {
  json body = {{"access", decision.started},
               {"decision", decision.until ? "extended" : "released"}};
  if (decision.until) body["until"] = FormatTime(*decision.until);
  CANDOUR_ASSIGN(const std::vector<Opening> openings, OpeningsOf(decision));
  for (const Opening& opening : openings) {
    body[opening.name] = Commit(opening.name, opening.blinding, opening.value);
  }
  return EncodeEntry(EntryType::kSilenceDecided, decision.time, body);
}

Result<SilenceDecision> DecodeSilenceDecided(std::uint64_t index, const std::string& payload) {
  const json entry = json::parse(payload, nullptr, false);
  try {
    SilenceDecision decision{.entry = index};
    CANDOUR_ASSIGN(decision.time, ParseTime(entry.at("time").get<std::string>()));
    const json& body = entry.at("body");
    decision.started = body.at("access").get<std::uint64_t>();
    if (body.at("decision") != json("released")) {
      CANDOUR_ASSIGN(decision.until, ParseTime(body.at("until").get<std::string>()));
    }
    return decision;
  } catch (const json::exception&) {
    return Fail(ErrorCode::kLedgerCorrupt,
                fmt::format("The ledger holds an entry that is not one: number {}.", index));
  }
}

}  // namespace candour::ledger
