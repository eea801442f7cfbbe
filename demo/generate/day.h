#pragma once

#include <chrono>
#include <string>

#include "base/time.h"

namespace candour::demo {

using Day = std::chrono::sys_days;

constexpr Day MakeDay(int year, unsigned month, unsigned day) {
  return std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day);
}

/// The day on which the made-up registers were "exported": fixed, so that every run is alike.
constexpr Day kExportDay = MakeDay(2026, 6, 30);

/// "2026-03-01".
inline std::string ToText(Day day) {
  return FormatDate(UtcTime{std::chrono::microseconds(day.time_since_epoch()).count()});
}

inline int YearOf(Day day) { return static_cast<int>(std::chrono::year_month_day(day).year()); }

}  // namespace candour::demo
