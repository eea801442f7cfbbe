#include "engine/value.h"

#include <fmt/format.h>

namespace candour::engine {
namespace {

struct TextOf {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return fmt::format("{}", value); }
  std::string operator()(const std::string& value) const { return value; }
};

}  // namespace

std::string ToText(const Value& value) { return std::visit(TextOf{}, value); }

}  // namespace candour::engine
