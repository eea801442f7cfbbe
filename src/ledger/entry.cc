#include "ledger/entry.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>

#include "base/bytes.h"
#include "base/canonical_json.h"
#include "base/encoding.h"
#include "ledger/silence_entry.h"

namespace candour::ledger {
namespace {

using nlohmann::json;

/// Puts the commitment that each opening opens into the entry's body.
void CommitIn(json& body, const std::vector<Opening>& openings, int version) {
  for (const Opening& opening : openings) {
    body[opening.name] = Commit(opening.name, opening.blinding, opening.value, version);
  }
}

json SplitAtCommas(std::string_view text) {
  json names = json::array();
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    names.push_back(std::string(text.substr(0, comma)));
    text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
  }
  return names;
}

std::string JoinWithCommas(const json& names) {
  std::string text;
  for (const json& name : names) {
    if (!text.empty()) text += ',';
    text += name.get<std::string>();
  }
  return text;
}

Result<std::optional<Emergency>> ReadEmergency(const json& body) {
  if (!body.contains("emergency")) return std::nullopt;
  const json& said = body["emergency"];
  CANDOUR_ASSIGN(const UtcTime at, ParseTime(said.at("at").get<std::string>()));
  return Emergency{.at = at,
                   .grant = said.at("grant").get<std::uint64_t>(),
                   .record = said.at("record").get<std::uint64_t>()};
}

/// Runs `read` over the entry's time and body; whatever is missing or of another type is damage.
template <class Read>
auto Decode(std::uint64_t index, const std::string& payload, Read read)
    -> decltype(read(UtcTime(), json())) {
  try {
    const json entry = json::parse(payload);
    CANDOUR_ASSIGN(const UtcTime time, ParseTime(entry.at("time").get<std::string>()));
    return read(time, entry.at("body"));
  } catch (const json::exception&) {
    return Fail(ErrorCode::kLedgerCorrupt,
                fmt::format("The ledger holds an entry that is not one: number {}.", index));
  }
}

}  // namespace

std::string_view ToString(EntryType type) {
  switch (type) {
    case EntryType::kChoices:
      return "choices";
    case EntryType::kStarted:
      return "started";
    case EntryType::kFinished:
      return "finished";
    case EntryType::kDenied:
      return "denied";
    case EntryType::kApplied:
      return "applied";
    case EntryType::kAdopted:
      return "adopted";
    case EntryType::kLinks:
      return "links";
    case EntryType::kErased:
      return "erased";
    case EntryType::kBreakGlass:
      return "break-glass";
    case EntryType::kSetTree:
      return "set-tree";
    case EntryType::kRestored:
      return "restored";
    case EntryType::kKeyRotated:
      return "key-rotated";
    case EntryType::kSilenceDecided:
      return "silence-decided";
  }
  return "unknown";
}

json ToJson(const Emergency& emergency) {
  return {
      {"at", FormatTime(emergency.at)}, {"grant", emergency.grant}, {"record", emergency.record}};
}

std::string CountBand(std::int64_t count) {
  if (count < 0) return "unknown";
  if (count < 10) return "under 10";
  std::int64_t low = 10;
  while (count / 10 >= low) low *= 10;
  return fmt::format("{}-{}", low, low - 1 + low * 9);
}

Result<std::string> EncodeEntry(EntryType type, UtcTime time, const json& body, int version) {
  CANDOUR_ASSIGN(const std::string text, CanonicalJson(body));
  // The members in their canonical order, none of which needs escaping.
  return fmt::format(R"({{"body":{},"time":"{}","type":"{}","v":{}}})", text, FormatTime(time),
                     ToString(type), version);
}

Result<Opening> OpeningOf(std::string_view name, const std::string& blinding, const json& value) {
  Opening opening{
      .path = fmt::format("/body/{}", name), .name = std::string(name), .blinding = blinding};
  CANDOUR_ASSIGN(opening.value, CanonicalJson(value));
  return opening;
}

Result<std::vector<Opening>> OpeningsOf(const AccessDetail& detail,
                                        const AccessBlindings& blindings) {
  std::vector<Opening> openings;
  if (blindings.actor.empty()) return openings;
  CANDOUR_ASSIGN(openings.emplace_back(),
                 OpeningOf("actor", blindings.actor,
                           {{"principal", detail.principal}, {"os_user", detail.os_user}}));
  CANDOUR_ASSIGN(openings.emplace_back(),
                 OpeningOf("statement", blindings.statement, {{"statement", detail.statement}}));
  CANDOUR_ASSIGN(openings.emplace_back(),
                 OpeningOf("counts", blindings.counts, {{"people", detail.available_people}}));
  if (detail.silence && !blindings.silence.empty()) {
    CANDOUR_ASSIGN(openings.emplace_back(), OpeningOf(*detail.silence, blindings.silence));
  }
  return openings;
}

Result<std::vector<Opening>> OpeningsOf(const Outcome& outcome) {
  std::vector<Opening> openings;
  if (outcome.blinding.empty()) return openings;
  CANDOUR_ASSIGN(openings.emplace_back(),
                 OpeningOf("counts", outcome.blinding, {{"rows", outcome.rows}}));
  return openings;
}

Result<std::string> EncodeStarted(const AccessDetail& detail, const AccessBlindings& blindings,
                                  int version) {
  json body = {{"use", detail.use},
               {"purpose", detail.purpose},
               {"recipient", detail.recipient},
               {"output", detail.output},
               {"datasets", SplitAtCommas(detail.datasets)},
               {"people", CountBand(detail.available_people)}};
  if (!detail.available.hex.empty()) body["available"] = detail.available.hex;
  if (detail.emergency) body["emergency"] = ToJson(*detail.emergency);
  CANDOUR_ASSIGN(const std::vector<Opening> openings, OpeningsOf(detail, blindings));
  CommitIn(body, openings, version);
  return EncodeEntry(EntryType::kStarted, detail.time, body, version);
}

Result<std::string> EncodeFinished(const Outcome& outcome, int version) {
  json body = {{"started", outcome.started},
               {"outcome", outcome.outcome},
               {"rows", CountBand(outcome.rows)}};
  if (outcome.released) body["released"] = outcome.released->hex;
  if (outcome.emergency) body["emergency"] = ToJson(*outcome.emergency);
  CANDOUR_ASSIGN(const std::vector<Opening> openings, OpeningsOf(outcome));
  CommitIn(body, openings, version);
  return EncodeEntry(EntryType::kFinished, outcome.time, body, version);
}

Result<std::string> EncodeChoice(UtcTime time, const std::string& choice,
                                 const std::string& blinding, int version) {
  return EncodeEntry(
      EntryType::kChoices, time,
      {{"choice", Commit("choice", blinding, choice, version)}, {"rows", 1}, {"source", "person"}},
      version);
}

Result<std::string> EncodeSetTree(UtcTime time, const SetTreeHalf& tree, int version) {
  return EncodeEntry(
      EntryType::kSetTree, time,
      {{"set", tree.set.hex}, {"root", HexEncode(BytesOf(tree.root))}, {"height", tree.height}},
      version);
}

Result<SetTreeHalf> DecodeSetTree(std::uint64_t index, const std::string& payload) {
  return Decode(index, payload, [&](UtcTime, const json& body) -> Result<SetTreeHalf> {
    SetTreeHalf tree{.entry = index,
                     .set = SetId{body.at("set").get<std::string>()},
                     .height = body.at("height").get<int>()};
    const auto root = HexDecode(body.at("root").get<std::string>());
    if (!root || root->size() != tree.root.size()) {
      return Fail(ErrorCode::kLedgerCorrupt, "The ledger holds a tree's entry that is not one.");
    }
    std::ranges::copy(*root, tree.root.begin());
    return tree;
  });
}

Result<UtcTime> DecodeTime(const std::string& payload) {
  return Decode(0, payload, [](UtcTime time, const json&) -> Result<UtcTime> { return time; });
}

Result<int> DecodeVersion(std::uint64_t index, const std::string& payload) {
  const json entry = json::parse(payload, nullptr, /*allow_exceptions=*/false);
  if (entry.is_object() && entry.contains("v") && entry["v"].is_number_integer()) {
    return entry["v"].get<int>();
  }
  return Fail(ErrorCode::kLedgerCorrupt,
              fmt::format("The ledger holds an entry without a version: number {}.", index));
}

Result<AccessDetail> DecodeStarted(std::uint64_t index, const std::string& payload) {
  return Decode(index, payload, [&](UtcTime time, const json& body) -> Result<AccessDetail> {
    AccessDetail detail;
    detail.started = index;
    detail.time = time;
    detail.use = body.at("use").get<std::string>();
    detail.purpose = body.at("purpose").get<std::string>();
    detail.recipient = body.at("recipient").get<std::string>();
    detail.output = body.at("output").get<std::string>();
    detail.datasets = JoinWithCommas(body.at("datasets"));
    detail.available.hex = body.value("available", "");
    CANDOUR_ASSIGN(detail.emergency, ReadEmergency(body));
    // Until when is only committed to: without its private half it waits for a reviewer.
    if (body.contains("silence")) detail.silence = Silence{};
    return detail;
  });
}

Result<Outcome> DecodeFinished(std::uint64_t index, const std::string& payload) {
  return Decode(index, payload, [&](UtcTime time, const json& body) -> Result<Outcome> {
    Outcome outcome;
    outcome.finished = index;
    outcome.started = body.at("started").get<std::uint64_t>();
    outcome.time = time;
    outcome.outcome = body.at("outcome").get<std::string>();
    if (body.contains("released")) outcome.released = SetId{body["released"].get<std::string>()};
    CANDOUR_ASSIGN(outcome.emergency, ReadEmergency(body));
    return outcome;
  });
}

}  // namespace candour::ledger
