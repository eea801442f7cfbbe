#include "base/time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace candour {
namespace {

namespace chrono = std::chrono;
using SysMicros = chrono::sys_time<chrono::microseconds>;

class MachineClock final : public Clock {
 public:
  UtcTime Now() const override {
    const auto now = chrono::floor<chrono::microseconds>(chrono::system_clock::now());
    return UtcTime{now.time_since_epoch().count()};
  }
};

/// Takes exactly `digits` decimal digits off the front of `text`; -1 when they are not there.
int TakeNumber(std::string_view& text, size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  const char* end = text.data() + digits;
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || last != end || value < 0 || text.front() == '-') return -1;
  text.remove_prefix(digits);
  return value;
}

bool TakeChar(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<chrono::sys_days> TakeDate(std::string_view& text) {
  const int year = TakeNumber(text, 4);
  if (year < 0 || !TakeChar(text, '-')) return std::nullopt;
  const int month = TakeNumber(text, 2);
  if (month < 0 || !TakeChar(text, '-')) return std::nullopt;
  const int day = TakeNumber(text, 2);
  const chrono::year_month_day date{chrono::year{year}, chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  if (day < 0 || !date.ok()) return std::nullopt;
  return chrono::sys_days{date};
}

std::optional<chrono::microseconds> TakeFraction(std::string_view& text) {
  if (!TakeChar(text, '.')) return chrono::microseconds{0};
  std::int64_t us = 0;
  size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (++digits > 6) return std::nullopt;
    us = us * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 6; ++digits) us *= 10;
  return chrono::microseconds{us};
}

std::optional<chrono::minutes> TakeOffset(std::string_view& text) {
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return chrono::minutes{0};
  const bool minus = !text.empty() && text.front() == '-';
  if (!TakeChar(text, '+') && !TakeChar(text, '-')) return std::nullopt;
  const int hours = TakeNumber(text, 2);
  if (hours < 0 || hours > 23 || !TakeChar(text, ':')) return std::nullopt;
  const int minutes = TakeNumber(text, 2);
  if (minutes < 0 || minutes > 59) return std::nullopt;
  const chrono::minutes offset = chrono::hours{hours} + chrono::minutes{minutes};
  return minus ? -offset : offset;
}

std::optional<SysMicros> TakeTime(std::string_view text) {
  const auto date = TakeDate(text);
  if (!date) return std::nullopt;
  if (text.empty()) return SysMicros{*date};
  if (!TakeChar(text, 'T') && !TakeChar(text, ' ')) return std::nullopt;
  const int hour = TakeNumber(text, 2);
  if (hour < 0 || hour > 23 || !TakeChar(text, ':')) return std::nullopt;
  const int minute = TakeNumber(text, 2);
  if (minute < 0 || minute > 59 || !TakeChar(text, ':')) return std::nullopt;
  const int second = TakeNumber(text, 2);
  if (second < 0 || second > 59) return std::nullopt;
  const auto fraction = TakeFraction(text);
  if (!fraction) return std::nullopt;
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return SysMicros{*date} + chrono::hours{hour} + chrono::minutes{minute} +
         chrono::seconds{second} + *fraction - *offset;
}

}  // namespace

const Clock& SystemClock() {
  static const MachineClock clock;
  return clock;
}

std::string FormatDate(UtcTime time) {
  const auto day = chrono::floor<chrono::days>(SysMicros{chrono::microseconds{time.us}});
  const chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string FormatTime(UtcTime time) {
  const SysMicros moment{chrono::microseconds{time.us}};
  const chrono::hh_mm_ss clock{moment - chrono::floor<chrono::days>(moment)};
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", FormatDate(time), clock.hours().count(),
                                 clock.minutes().count(), clock.seconds().count());
  if (const auto us = clock.subseconds().count(); us != 0) {
    std::string fraction = fmt::format("{:06}", us);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    text += "." + fraction;
  }
  return text + "Z";
}

Result<UtcTime> ParseTime(std::string_view text) {
  if (const auto moment = TakeTime(text)) return UtcTime{moment->time_since_epoch().count()};
  return Fail(ErrorCode::kInvalidArgument,
              "not a time: expected RFC 3339 such as 2026-03-01T09:00:00Z, or a date");
}

}  // namespace candour
