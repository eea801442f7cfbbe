#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace candour {

/// A moment: microseconds since 1970-01-01T00:00:00Z, UTC.
struct UtcTime {
  std::int64_t us = 0;
  auto operator<=>(const UtcTime&) const = default;
};

/// Where the time comes from, so that tests can set it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime Now() const = 0;
};

/// The machine's clock. Threads: any.
const Clock& SystemClock();

/// A clock that stands still until it is told otherwise, for tests and replays.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(UtcTime now) : now_(now) {}
  UtcTime Now() const override { return now_; }
  void Set(UtcTime now) { now_ = now; }

 private:
  UtcTime now_;
};

/// RFC 3339 in UTC with as many decimals as needed: "2026-03-01T09:00:00Z".
std::string FormatTime(UtcTime time);

/// Reads RFC 3339 (any offset), or a date "2026-03-01", taken as midnight UTC.
/// Errors: kInvalidArgument.
Result<UtcTime> ParseTime(std::string_view text);

/// "2026-03-01".
std::string FormatDate(UtcTime time);

}  // namespace candour
