#include "catalogue/dataset.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace candour::catalogue {
namespace {

template <class T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<Sensitivity, 6> kSensitivities = {{{Sensitivity::kOpen, "open"},
                                                   {Sensitivity::kInternal, "internal"},
                                                   {Sensitivity::kPersonal, "personal"},
                                                   {Sensitivity::kSpecial, "special"},
                                                   {Sensitivity::kCriminal, "criminal"},
                                                   {Sensitivity::kSafeguarding, "safeguarding"}}};

constexpr Names<Mask, 7> kMasks = {{{Mask::kNone, "none"},
                                    {Mask::kRedact, "redact"},
                                    {Mask::kPartial, "partial"},
                                    {Mask::kYear, "year"},
                                    {Mask::kMonth, "month"},
                                    {Mask::kDistrict, "district"},
                                    {Mask::kBand10, "band10"}}};

constexpr Names<Holder, 3> kHolders = {{{Holder::kPerson, "person"},
                                        {Holder::kAccount, "account"},
                                        {Holder::kHousehold, "household"}}};

/// The first name of a type is the engine's; the others are what contracts also write.
constexpr Names<FieldType, 19> kTypes = {{{FieldType::kBoolean, "BOOLEAN"},
                                          {FieldType::kBoolean, "BOOL"},
                                          {FieldType::kInteger, "INTEGER"},
                                          {FieldType::kInteger, "INT"},
                                          {FieldType::kInteger, "INT4"},
                                          {FieldType::kInteger, "SMALLINT"},
                                          {FieldType::kBigint, "BIGINT"},
                                          {FieldType::kBigint, "INT8"},
                                          {FieldType::kDouble, "DOUBLE"},
                                          {FieldType::kDouble, "FLOAT"},
                                          {FieldType::kDouble, "REAL"},
                                          {FieldType::kDouble, "DOUBLE PRECISION"},
                                          {FieldType::kText, "VARCHAR"},
                                          {FieldType::kText, "TEXT"},
                                          {FieldType::kText, "STRING"},
                                          {FieldType::kText, "CHAR"},
                                          {FieldType::kDate, "DATE"},
                                          {FieldType::kTimestamp, "TIMESTAMP"},
                                          {FieldType::kTimestamp, "DATETIME"}}};

template <class T, std::size_t N>
std::optional<T> Parse(const Names<T, N>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

template <class T, std::size_t N>
std::string_view Print(const Names<T, N>& names, T wanted) {
  for (const auto& [value, name] : names) {
    if (value == wanted) return name;
  }
  return "";
}

/// Takes a whole number off the front of `text`; -1 when there is none.
int TakeNumber(std::string_view& text) {
  int number = -1;
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return -1;
  text.remove_prefix(static_cast<std::size_t>(last - text.data()));
  return number;
}

/// Whether "(p,s)", "(p)" or "" fits into DECIMAL(18,2) without loss.
bool FitsDecimal(std::string_view size) {
  if (size.empty()) return true;
  size.remove_prefix(1);
  const int precision = TakeNumber(size);
  int scale = 0;
  if (size.starts_with(',')) {
    size.remove_prefix(size.starts_with(", ") ? 2 : 1);
    scale = TakeNumber(size);
  }
  return size == ")" && scale >= 0 && scale <= 2 && precision > scale && precision - scale <= 16;
}

bool IsLength(std::string_view size) {
  if (size.empty()) return true;
  size.remove_prefix(1);
  return TakeNumber(size) > 0 && size == ")";
}

}  // namespace

std::optional<Sensitivity> ParseSensitivity(std::string_view text) {
  return Parse(kSensitivities, text);
}
std::string_view ToString(Sensitivity sensitivity) { return Print(kSensitivities, sensitivity); }

std::optional<Mask> ParseMask(std::string_view text) { return Parse(kMasks, text); }
std::string_view ToString(Mask mask) { return Print(kMasks, mask); }

std::optional<Holder> ParseHolder(std::string_view text) { return Parse(kHolders, text); }
std::string_view ToString(Holder holder) { return Print(kHolders, holder); }

std::optional<FieldType> ParseFieldType(std::string_view physical_type) {
  const std::size_t bracket = physical_type.find('(');
  std::string name(physical_type.substr(0, bracket));
  while (name.ends_with(' ')) name.pop_back();
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  const std::string_view size =
      bracket == std::string_view::npos ? std::string_view() : physical_type.substr(bracket);
  if (name == "DECIMAL" || name == "NUMERIC") {
    return FitsDecimal(size) ? std::optional(FieldType::kDecimal) : std::nullopt;
  }
  const std::optional<FieldType> type = Parse(kTypes, name);
  if (type == FieldType::kText) return IsLength(size) ? type : std::nullopt;
  return size.empty() ? type : std::nullopt;
}

std::string_view SqlName(FieldType type) {
  return type == FieldType::kDecimal ? "DECIMAL(18,2)" : Print(kTypes, type);
}

const Field* Dataset::FindField(std::string_view field_name) const {
  const auto found = std::ranges::find(fields, field_name, &Field::name);
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace candour::catalogue
