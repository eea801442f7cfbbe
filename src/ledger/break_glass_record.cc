#include "ledger/break_glass_record.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <span>

#include "base/bytes.h"
#include "base/canonical_json.h"
#include "base/encoding.h"
#include "crypto/sha256.h"

namespace candour::ledger {
namespace {

using nlohmann::json;

constexpr std::size_t kIdDigits = 64;

/// A set's words without trailing zeros, so that equal sets have equal bytes.
std::string_view WordsOf(const Bitmap& people) {
  static_assert(std::endian::native == std::endian::little, "words are written as they lie");
  std::span<const std::uint64_t> words = people.words();
  while (!words.empty() && words.back() == 0) words = words.first(words.size() - 1);
  return {reinterpret_cast<const char*>(words.data()), words.size_bytes()};
}

json ToJson(const GlassGrant& grant) {
  return {{"principal", grant.principal},
          {"os_user", grant.os_user},
          {"reason", grant.reason},
          {"since", grant.since.us},
          {"until", grant.until.us}};
}

json ToJson(const GlassAccess& access) {
  const AccessDetail& detail = access.detail;
  json value = {{"grant", access.grant},
                {"at", detail.time.us},
                {"principal", detail.principal},
                {"os_user", detail.os_user},
                {"use", detail.use},
                {"purpose", detail.purpose},
                {"recipient", detail.recipient},
                {"output", detail.output},
                {"datasets", detail.datasets},
                {"statement", detail.statement},
                {"available", detail.available.hex},
                {"people", detail.available_people}};
  if (detail.silence) {
    value["silence"] = {{"ground", detail.silence->ground},
                        {"until", detail.silence->until.us},
                        {"review", detail.silence->review}};
  }
  return value;
}

json ToJson(const GlassOutcome& record) {
  const Outcome& outcome = record.outcome;
  json value = {{"grant", record.grant},
                {"at", outcome.time.us},
                {"started", outcome.started},
                {"rows", outcome.rows},
                {"outcome", outcome.outcome}};
  if (outcome.released) value["released"] = outcome.released->hex;
  return value;
}

json ToJson(const GlassDenial& denial) {
  return {{"grant", denial.grant}, {"at", denial.time.us}, {"body", denial.body}};
}

template <class Record>
Result<GlassRecord> Encode(GlassRecordType type, const Record& record) {
  GlassRecord encoded{.type = type};
  CANDOUR_ASSIGN(encoded.content, CanonicalJson(ToJson(record)));
  return encoded;
}

std::string TextAt(const json& value, const char* name) {
  return value.at(name).get<std::string>();
}

std::uint64_t NumberAt(const json& value, const char* name) {
  return value.at(name).get<std::uint64_t>();
}

std::int64_t CountAt(const json& value, const char* name) {
  return value.at(name).get<std::int64_t>();
}

UtcTime TimeAt(const json& value, const char* name) { return UtcTime{CountAt(value, name)}; }

GlassGrant ReadGrant(std::uint64_t record, const json& value) {
  return {.record = record,
          .principal = TextAt(value, "principal"),
          .os_user = TextAt(value, "os_user"),
          .reason = TextAt(value, "reason"),
          .since = TimeAt(value, "since"),
          .until = TimeAt(value, "until")};
}

Silence ReadSilence(const json& value) {
  return {.ground = TextAt(value, "ground"),
          .until = TimeAt(value, "until"),
          .review = value.at("review").get<bool>()};
}

GlassAccess ReadAccess(std::uint64_t record, const json& value) {
  GlassAccess access{.record = record, .grant = NumberAt(value, "grant")};
  AccessDetail& detail = access.detail;
  detail.time = TimeAt(value, "at");
  detail.principal = TextAt(value, "principal");
  detail.os_user = TextAt(value, "os_user");
  detail.use = TextAt(value, "use");
  detail.purpose = TextAt(value, "purpose");
  detail.recipient = TextAt(value, "recipient");
  detail.output = TextAt(value, "output");
  detail.datasets = TextAt(value, "datasets");
  detail.statement = TextAt(value, "statement");
  detail.available.hex = TextAt(value, "available");
  detail.available_people = CountAt(value, "people");
  if (value.contains("silence")) detail.silence = ReadSilence(value["silence"]);
  return access;
}

GlassOutcome ReadOutcome(std::uint64_t record, const json& value) {
  GlassOutcome read{.record = record, .grant = NumberAt(value, "grant")};
  Outcome& outcome = read.outcome;
  outcome.time = TimeAt(value, "at");
  outcome.started = NumberAt(value, "started");
  outcome.rows = CountAt(value, "rows");
  outcome.outcome = TextAt(value, "outcome");
  if (value.contains("released")) outcome.released = SetId{TextAt(value, "released")};
  return read;
}

std::unexpected<Error> NotOne(std::uint64_t record) {
  return Fail(ErrorCode::kCorruption,
              fmt::format("The break-glass file holds a record that is not one: {}.", record));
}

Result<GlassContent> ReadSet(const GlassRecord& record) {
  const std::string_view words =
      std::string_view(record.content).substr(std::min(record.content.size(), kIdDigits));
  if (record.content.size() < kIdDigits || words.size() % sizeof(std::uint64_t) != 0) {
    return NotOne(record.number);
  }
  GlassSet set{.record = record.number, .id = SetId{record.content.substr(0, kIdDigits)}};
  std::vector<std::uint64_t> numbers(words.size() / sizeof(std::uint64_t));
  if (!words.empty()) std::memcpy(numbers.data(), words.data(), words.size());
  set.people = Bitmap::FromWords(std::move(numbers));
  return set;
}

}  // namespace

SetId GlassSetId(const std::string& file, const Bitmap& people) {
  crypto::Sha256Hasher hasher;
  hasher.Update("candour/break-glass-set/v1\n").Update(file).Update(WordsOf(people));
  return SetId{HexEncode(BytesOf(hasher.Finish()))};
}

Result<GlassRecord> EncodeGlass(const GlassContent& content) {
  if (const auto* grant = std::get_if<GlassGrant>(&content)) {
    return Encode(GlassRecordType::kGrant, *grant);
  }
  if (const auto* access = std::get_if<GlassAccess>(&content)) {
    return Encode(GlassRecordType::kStarted, *access);
  }
  if (const auto* outcome = std::get_if<GlassOutcome>(&content)) {
    return Encode(GlassRecordType::kFinished, *outcome);
  }
  if (const auto* denial = std::get_if<GlassDenial>(&content)) {
    return Encode(GlassRecordType::kDenied, *denial);
  }
  const auto& set = std::get<GlassSet>(content);
  GlassRecord record{.type = GlassRecordType::kSet, .content = set.id.hex};
  record.content += WordsOf(set.people);
  return record;
}

Result<GlassContent> DecodeGlass(const GlassRecord& record) {
  if (record.type == GlassRecordType::kSet) return ReadSet(record);
  try {
    const json value = json::parse(record.content);
    switch (record.type) {
      case GlassRecordType::kGrant:
        return ReadGrant(record.number, value);
      case GlassRecordType::kStarted:
        return ReadAccess(record.number, value);
      case GlassRecordType::kFinished:
        return ReadOutcome(record.number, value);
      case GlassRecordType::kDenied:
        return GlassDenial{.record = record.number,
                           .grant = NumberAt(value, "grant"),
                           .time = TimeAt(value, "at"),
                           .body = value.at("body")};
      default:
        return NotOne(record.number);
    }
  } catch (const json::exception&) {
    return NotOne(record.number);
  }
}

std::optional<UtcTime> TimeOf(const GlassContent& content) {
  if (const auto* grant = std::get_if<GlassGrant>(&content)) return grant->since;
  if (const auto* access = std::get_if<GlassAccess>(&content)) return access->detail.time;
  if (const auto* outcome = std::get_if<GlassOutcome>(&content)) return outcome->outcome.time;
  if (const auto* denial = std::get_if<GlassDenial>(&content)) return denial->time;
  return std::nullopt;
}

}  // namespace candour::ledger
