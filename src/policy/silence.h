#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace candour::policy {

/// Why people may lawfully be told later of an access. There are no others.
enum class SilenceGround {
  kCrime,         ///< telling would prejudice preventing or detecting a crime
  kSeriousHarm,   ///< telling would be likely to cause somebody serious harm
  kSafeguarding,  ///< telling would put a child or an adult at risk in danger
};

/// What happens when the time is over.
enum class SilenceEnd {
  kRelease,  ///< people see the access from then on
  kReview,   ///< it stays silent until a reviewer has decided
};

std::string_view ToString(SilenceGround ground);
std::string_view ToString(SilenceEnd end);
std::optional<SilenceGround> ParseSilenceGround(std::string_view text);

/// A length of time as a calendar counts it.
struct CalendarSpan {
  int months = 0;
  int days = 0;
  bool operator==(const CalendarSpan&) const = default;
};

/// Reads an ISO 8601 duration of one unit: "P90D", "P12W", "P6M", "P1Y". Nothing when it is none,
/// is zero, or is longer than two years (731 days).
std::optional<CalendarSpan> ParseSilenceSpan(std::string_view text);

/// The moment so much later; a day that its month has not becomes the month's last.
UtcTime After(UtcTime time, CalendarSpan span);

/// That every access under a use stays silent for a time, as its manifest declares it.
struct Silence {
  SilenceGround ground = SilenceGround::kCrime;
  CalendarSpan span;
  SilenceEnd then = SilenceEnd::kReview;
  std::string why;  ///< for the reviewer
};

}  // namespace candour::policy
