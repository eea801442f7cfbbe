#include "http/message.h"

#include <algorithm>

namespace candour::http {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool IsSameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view Request::Value(std::string_view name) const {
  const auto field = std::ranges::find_if(
      fields, [name](const Field& candidate) { return IsSameName(candidate.name, name); });
  return field == fields.end() ? std::string_view() : field->value;
}

}  // namespace candour::http
