#include "ledger/key_rotation.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "ledger/entry.h"

namespace candour::ledger {
namespace {

using nlohmann::json;

constexpr std::array kReasons = {RotationReason::kScheduled, RotationReason::kLost,
                                 RotationReason::kCompromised};

std::optional<RotationReason> ParseReason(std::string_view text) {
  for (const RotationReason reason : kReasons) {
    if (ToString(reason) == text) return reason;
  }
  return std::nullopt;
}

}  // namespace

std::string_view ToString(RotationReason reason) {
  switch (reason) {
    case RotationReason::kScheduled:
      return "scheduled";
    case RotationReason::kLost:
      return "lost";
    case RotationReason::kCompromised:
      return "compromised";
  }
  return "unknown";
}

Result<std::string> EncodeKeyRotated(UtcTime time, const KeyRotated& rotated) {
  return EncodeEntry(EntryType::kKeyRotated, time,
                     {{"generation", rotated.generation},
                      {"key", rotated.key},
                      {"reason", ToString(rotated.reason)}});
}

Result<KeyRotated> DecodeKeyRotated(std::uint64_t index, const std::string& payload) {
  try {
    const json body = json::parse(payload).at("body");
    const auto reason = ParseReason(body.at("reason").get<std::string>());
    KeyRotated rotated{.generation = body.at("generation").get<int>(),
                       .key = body.at("key").get<std::string>(),
                       .reason = reason.value_or(RotationReason::kScheduled)};
    if (reason && rotated.generation > 1) return rotated;
  } catch (const json::exception&) {
    // Answered below.
  }
  return Fail(ErrorCode::kLedgerCorrupt,
              fmt::format("The ledger holds a change of keys that is none: number {}.", index));
}

Result<int> GenerationIn(const storage::Journal& journal) {
  for (std::uint64_t index = journal.size(); index-- > 0;) {
    if (static_cast<EntryType>(journal.TypeOf(index)) != EntryType::kKeyRotated) continue;
    CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries, journal.Read(index, 1));
    CANDOUR_ASSIGN(const KeyRotated rotated, DecodeKeyRotated(index, entries.at(0).payload));
    return rotated.generation;
  }
  return 1;
}

}  // namespace candour::ledger
