#include "base/error.h"

#include <fmt/format.h>

#include <array>

namespace candour {
namespace {

constexpr auto kTable = std::to_array<ErrorCodeInfo>({
#define CANDOUR_ERROR(enumerator, code, exit, http, sqlstate, page) \
  {ErrorCode::enumerator, code, exit, http, sqlstate, page},
#include "base/error_code.def"
#undef CANDOUR_ERROR
});

}  // namespace

const ErrorCodeInfo& InfoOf(ErrorCode code) { return kTable[static_cast<size_t>(code)]; }

const ErrorCodeInfo* FindErrorCode(std::string_view name) {
  for (const ErrorCodeInfo& info : kTable) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

std::string Where::ToString() const {
  if (line == 0) return file;
  if (column == 0) return fmt::format("{}:{}", file, line);
  return fmt::format("{}:{}:{}", file, line, column);
}

std::string Error::ToString() const {
  std::string text = where ? where->ToString() + ": " + message : message;
  const auto add = [&text](std::string_view label, const std::string& value) {
    if (!value.empty()) text += fmt::format("\n  {:<10}{}", label, value);
  };
  add("found", found);
  add("expected", expected);
  add("rule", rule);
  add("fix by", fix_by);
  add("next", next);
  text += fmt::format("\n  {:<10}{}", "code", InfoOf(code).name);
  return text;
}

}  // namespace candour
