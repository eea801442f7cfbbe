#include "ledger/restored_entry.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/canonical_json.h"
#include "base/encoding.h"
#include "crypto/random.h"
#include "ledger/commitment.h"
#include "ledger/entry.h"
#include "storage/durable_file.h"

namespace candour::ledger {
namespace {

using nlohmann::json;

Result<Opening> OpeningOf(const std::string& name, const json& value) {
  Opening opening{
      .path = "/body/" + name, .name = name, .blinding = crypto::RandomBytes(kBlindingSize)};
  CANDOUR_ASSIGN(opening.value, CanonicalJson(value));
  return opening;
}

std::unexpected<Error> NotAnEntry(std::uint64_t index) {
  return Fail(ErrorCode::kLedgerCorrupt,
              fmt::format("The ledger holds an entry that is not one: number {}.", index));
}

Opening OpeningFrom(const json& kept) {
  return {.path = kept.at("path").get<std::string>(),
          .name = kept.at("name").get<std::string>(),
          .blinding = HexDecode(kept.at("blinding").get<std::string>()).value_or(""),
          .value = kept.at("value").get<std::string>()};
}

Result<std::vector<storage::JournalEntry>> RestoredIn(const storage::Journal& journal) {
  std::vector<storage::JournalEntry> found;
  for (std::uint64_t index = 0; index < journal.size(); ++index) {
    if (journal.TypeOf(index) != static_cast<std::uint8_t>(EntryType::kRestored)) continue;
    CANDOUR_ASSIGN(std::vector<storage::JournalEntry> entries, journal.Read(index, 1));
    found.push_back(std::move(entries.at(0)));
  }
  return found;
}

Status CheckOpenings(const storage::JournalEntry& restored, const std::vector<Opening>& openings) {
  CANDOUR_ASSIGN(const int version, DecodeVersion(restored.index, restored.payload));
  const json entry = json::parse(restored.payload, nullptr, false);
  for (const Opening& opening : openings) {
    const std::string sealed = Commit(opening.name, opening.blinding, opening.value, version);
    const json::json_pointer place("/body/" + opening.name);
    if (entry.is_object() && entry.contains(place) && entry[place] == sealed) continue;
    return Fail(Error{
        .code = ErrorCode::kLedgerCorrupt,
        .message = fmt::format("A private half does not fit its entry: number {}.", restored.index)}
                    .FixBy("the operator, from a backup"));
  }
  return {};
}

}  // namespace

Result<std::vector<Opening>> OpeningsOf(const RestoredBy& by) {
  std::vector<Opening> openings;
  CANDOUR_ASSIGN(openings.emplace_back(),
                 OpeningOf("actor", {{"principal", by.principal}, {"os_user", by.os_user}}));
  CANDOUR_ASSIGN(openings.emplace_back(), OpeningOf("reason", {{"reason", by.reason}}));
  return openings;
}

Result<std::string> EncodeRestored(UtcTime time, const Restored& restored,
                                   const std::vector<Opening>& openings) {
  json closed = {{"origin", restored.closed}};
  json body = {{"origin", restored.origin}, {"kept", restored.kept}};
  if (restored.last) {
    closed["checkpoint"] = restored.last->note;
    body["lost"] = restored.last->checkpoint.size - restored.kept;
  } else {
    body["checkpoints"] = "lost";
  }
  body["closed"] = std::move(closed);
  if (restored.backup) {
    body["backup"] = {{"manifest", restored.backup->manifest},
                      {"time", FormatTime(restored.backup->time)}};
  }
  for (const Opening& opening : openings) {
    body[opening.name] = Commit(opening.name, opening.blinding, opening.value);
  }
  return EncodeEntry(EntryType::kRestored, time, body);
}

Result<std::vector<LifeStart>> LaterLives(const storage::Journal& journal) {
  const json::json_pointer origin("/body/origin");
  std::vector<LifeStart> lives;
  CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries, RestoredIn(journal));
  for (const storage::JournalEntry& restored : entries) {
    const json entry = json::parse(restored.payload, nullptr, false);
    const bool named = entry.is_object() && entry.contains(origin) && entry[origin].is_string();
    if (!named) return NotAnEntry(restored.index);
    lives.push_back({.origin = entry[origin].get<std::string>(), .index = restored.index});
  }
  return lives;
}

std::filesystem::path OpeningsFile(const std::filesystem::path& log_folder, std::uint64_t index) {
  return log_folder / fmt::format("restored-{}.json", index);
}

Status WriteOpenings(storage::Filesystem& files, const std::filesystem::path& file,
                     const std::vector<Opening>& openings) {
  json kept = json::array();
  for (const Opening& opening : openings) {
    kept.push_back({{"path", opening.path},
                    {"name", opening.name},
                    {"blinding", HexEncode(opening.blinding)},
                    {"value", opening.value}});
  }
  CANDOUR_ASSIGN(const std::string text, CanonicalJson(kept));
  return storage::WriteDurably(files, file, text);
}

Result<std::vector<Opening>> ReadOpenings(storage::Filesystem& files,
                                          const std::filesystem::path& file) {
  const Result<std::string> text = files.Read(file);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::vector<Opening>();
  if (!text) return std::unexpected(text.error());
  try {
    std::vector<Opening> openings;
    for (const json& kept : json::parse(*text)) openings.push_back(OpeningFrom(kept));
    return openings;
  } catch (const json::exception&) {
    return Fail(ErrorCode::kCorruption,
                fmt::format("A private half of the ledger is damaged: {}.", file.string()));
  }
}

Status VerifyRestored(storage::Filesystem& files, const std::filesystem::path& log_folder,
                      const storage::Journal& journal) {
  CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries, RestoredIn(journal));
  for (const storage::JournalEntry& entry : entries) {
    CANDOUR_ASSIGN(const std::vector<Opening> openings,
                   ReadOpenings(files, OpeningsFile(log_folder, entry.index)));
    CANDOUR_TRY(CheckOpenings(entry, openings));
  }
  return {};
}

}  // namespace candour::ledger
