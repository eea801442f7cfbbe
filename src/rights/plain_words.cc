#include "rights/plain_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <chrono>
#include <span>

namespace candour::rights {
namespace {

constexpr std::size_t kLineColumns = 96;
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::chrono::sys_time<std::chrono::microseconds> PointOf(UtcTime time) {
  return std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(time.us));
}

bool StartsCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

/// The two bytes of a control character of the upper half (U+0080 to U+009F).
bool IsUpperControl(std::string_view text, std::size_t at) {
  return text[at] == '\xC2' && at + 1 < text.size() &&
         static_cast<unsigned char>(text[at + 1]) < 0xA0U;
}

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::string PlainDate(UtcTime time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(PointOf(time)));
  return fmt::format("{} {} {}", static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()));
}

std::string PlainTime(UtcTime time) {
  const auto point = PointOf(time);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(
                           point - std::chrono::floor<std::chrono::days>(point))
                           .count();
  return fmt::format("{} at {:02}:{:02} UTC", PlainDate(time), minutes / 60, minutes % 60);
}

std::string_view BasisWords(consent::LegalBasis basis) {
  switch (basis) {
    case consent::LegalBasis::kConsent:
      return "you decide, and can change your mind";
    case consent::LegalBasis::kContract:
      return "it is needed for what you have a contract with us for";
    case consent::LegalBasis::kLegalObligation:
      return "the law obliges us to do it";
    case consent::LegalBasis::kVitalInterests:
      return "it protects somebody's life";
    case consent::LegalBasis::kPublicTask:
      return "it is in the public interest and needs no consent, but you can object";
    case consent::LegalBasis::kLegitimateInterests:
      return "we weighed our reasons against yours; it needs no consent, but you can object";
  }
  return "";
}

std::string_view EvidenceWords(consent::Evidence evidence) {
  switch (evidence) {
    case consent::Evidence::kConsent:
      return "you said yes";
    case consent::Evidence::kSoftOptIn:
      return "you are a customer, and were offered a way out";
    case consent::Evidence::kUnevidenced:
      return "there is a yes on file, but nobody can show how you gave it";
    case consent::Evidence::kObjection:
      return "you said no";
    case consent::Evidence::kWithdrawal:
      return "you took your yes back";
    case consent::Evidence::kUnset:
      return "nothing is on file";
  }
  return "";
}

std::string ChannelWords(std::string_view channel) {
  if (channel == "email") return "e-mail";
  if (channel == "sms") return "text message";
  if (channel == "push") return "app notification";
  return std::string(channel);
}

std::string CategoryWords(std::string_view category) {
  const std::size_t colon = category.find(':');
  if (colon != std::string_view::npos) category.remove_prefix(colon + 1);
  std::string words;
  for (std::size_t i = 0; i < category.size(); ++i) {
    const char c = category[i];
    if (i > 0 && IsUpper(c) && IsLower(category[i - 1])) words += ' ';
    words += IsUpper(c) ? static_cast<char>(c + 32) : c;
  }
  return words;
}

std::string_view OutputWords(policy::Output output) {
  switch (output) {
    case policy::Output::kRows:
      return "rows about single people";
    case policy::Output::kPseudonymised:
      return "rows about single people, without what points at them";
    case policy::Output::kAggregates:
      return "only figures about groups of people";
  }
  return "";
}

std::string JoinWords(const std::vector<std::string>& words) {
  if (words.empty()) return "";
  if (words.size() == 1) return words.front();
  const std::span<const std::string> first(words.data(), words.size() - 1);
  return fmt::format("{} and {}", fmt::join(first, ", "), words.back());
}

std::string Wrap(std::string_view text, std::string_view indent) {
  const std::size_t room = kLineColumns - Columns(indent);
  std::string lines;
  std::string line;
  const auto end_line = [&] {
    lines += fmt::format("{}{}\n", indent, line);
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n\r\t"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!line.empty() && Columns(line) + 1 + Columns(word) > room) end_line();
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) end_line();
  return lines;
}

std::string Shown(std::string_view text, std::size_t columns) {
  std::string shown;
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (StartsCharacter(text[i]) && ++count > columns) return shown + "…";
    const auto byte = static_cast<unsigned char>(text[i]);
    if (IsUpperControl(text, i)) {
      shown += ' ';
      ++i;
    } else {
      shown += byte < 0x20U || byte == 0x7FU ? ' ' : text[i];
    }
  }
  return shown;
}

std::size_t Columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, StartsCharacter));
}

}  // namespace candour::rights
