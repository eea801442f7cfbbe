#include "policy/silence.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace candour::policy {
namespace {

namespace chrono = std::chrono;

constexpr int kMostDays = 731;
constexpr int kMostMonths = 24;
constexpr int kDaysInWeek = 7;
constexpr int kMonthsInYear = 12;

constexpr std::array<std::pair<SilenceGround, std::string_view>, 3> kGrounds = {
    {{SilenceGround::kCrime, "crime"},
     {SilenceGround::kSeriousHarm, "serious-harm"},
     {SilenceGround::kSafeguarding, "safeguarding"}}};

}  // namespace

std::string_view ToString(SilenceGround ground) {
  return std::ranges::find(kGrounds, ground, &decltype(kGrounds)::value_type::first)->second;
}

std::string_view ToString(SilenceEnd end) {
  return end == SilenceEnd::kRelease ? "release" : "review";
}

std::optional<SilenceGround> ParseSilenceGround(std::string_view text) {
  const auto found = std::ranges::find(kGrounds, text, &decltype(kGrounds)::value_type::second);
  return found == kGrounds.end() ? std::nullopt : std::optional(found->first);
}

std::optional<CalendarSpan> ParseSilenceSpan(std::string_view text) {
  if (text.size() < 3 || text.front() != 'P' || text[1] < '1' || text[1] > '9') {
    return std::nullopt;
  }
  const char unit = text.back();
  const std::string_view digits = text.substr(1, text.size() - 2);
  const char* const end = digits.data() + digits.size();
  int number = 0;
  const auto [last, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || last != end || number > kMostDays) return std::nullopt;
  CalendarSpan span;
  if (unit == 'D') span.days = number;
  if (unit == 'W') span.days = number * kDaysInWeek;
  if (unit == 'M') span.months = number;
  if (unit == 'Y') span.months = number * kMonthsInYear;
  if (span == CalendarSpan{} || span.days > kMostDays || span.months > kMostMonths) {
    return std::nullopt;
  }
  return span;
}

UtcTime After(UtcTime time, CalendarSpan span) {
  const chrono::sys_time<chrono::microseconds> moment{chrono::microseconds{time.us}};
  const chrono::sys_days day = chrono::floor<chrono::days>(moment);
  chrono::year_month_day date = chrono::year_month_day{day} + chrono::months{span.months};
  if (!date.ok()) date = chrono::sys_days{date.year() / date.month() / chrono::last};
  const auto later = chrono::sys_days{date} + chrono::days{span.days} + (moment - day);
  return UtcTime{chrono::duration_cast<chrono::microseconds>(later.time_since_epoch()).count()};
}

}  // namespace candour::policy
