#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "base/bitmap.h"
#include "base/result.h"
#include "base/time.h"
#include "ledger/break_glass_file.h"
#include "ledger/entry.h"
#include "ledger/ledger.h"

namespace candour::ledger {

/// How long the glass stays broken, and by when somebody else has looked into it.
inline constexpr std::int64_t kGrantUs = std::int64_t{60} * 60 * 1'000'000;
inline constexpr std::int64_t kReviewUs = std::int64_t{24} * 60 * 60 * 1'000'000;

/// Who broke the glass, why, and from when until when it lasts.
struct GlassGrant {
  std::uint64_t record = 0;  ///< its number in the file
  std::string principal;
  std::string os_user;
  std::string reason;
  UtcTime since;
  UtcTime until;
};

/// An access in an emergency. Its number and its set's id are those of the file, its time is when
/// it began.
struct GlassAccess {
  std::uint64_t record = 0;
  std::uint64_t grant = 0;  ///< record number of the grant
  AccessDetail detail;
};

/// What came of it. `outcome.started` is the record number of the access.
struct GlassOutcome {
  std::uint64_t record = 0;
  std::uint64_t grant = 0;
  Outcome outcome;
};

/// A request that was refused.
struct GlassDenial {
  std::uint64_t record = 0;
  std::uint64_t grant = 0;
  UtcTime time;
  nlohmann::json body;
};

/// A set of people, and its id in the file.
struct GlassSet {
  std::uint64_t record = 0;
  SetId id;
  Bitmap people;
};

using GlassContent = std::variant<GlassGrant, GlassAccess, GlassOutcome, GlassDenial, GlassSet>;

/// The id of a set within the file of that id.
SetId GlassSetId(const std::string& file, const Bitmap& people);

/// A record as it is kept, of which the record number is not part.
/// Errors: kInvalidArgument (text that is not UTF-8).
Result<GlassRecord> EncodeGlass(const GlassContent& content);

/// What a record says. Errors: kCorruption.
Result<GlassContent> DecodeGlass(const GlassRecord& record);

/// When it was recorded; nothing of a set.
std::optional<UtcTime> TimeOf(const GlassContent& content);

}  // namespace candour::ledger
