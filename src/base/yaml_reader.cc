#include "base/yaml_reader.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "base/nearest.h"

namespace candour {
namespace {

constexpr std::string_view kApiVersion = "candour/v1";
constexpr std::size_t kIdMax = 64;

std::string_view KindName(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a text";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMapping:
      return "a mapping";
  }
  return "";
}

}  // namespace

bool IsId(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= kIdMax && text[0] >= 'a' && text[0] <= 'z' &&
         std::ranges::all_of(text, fits);
}

std::string Describe(const YamlNode& node) {
  return node.IsScalar() ? Quoted(node.text) : std::string(KindName(node.kind));
}

YamlReader::YamlReader(const YamlNode* node, std::string file, std::string what,
                       Diagnostics& diagnostics)
    : node_(node), file_(std::move(file)), what_(std::move(what)), diagnostics_(&diagnostics) {
  if (node_ != nullptr && !node_->IsMapping()) {
    ReportValue(*node_, fmt::format("{} is not a mapping", what_), "a mapping of keys to values");
    node_ = nullptr;
  }
}

Where YamlReader::PlaceOf(const YamlNode& node) const {
  return Where{.file = file_, .line = node.line, .column = node.column};
}

Where YamlReader::Place() const {
  return node_ == nullptr ? Where{.file = file_} : PlaceOf(*node_);
}

Where YamlReader::Place(std::string_view key) const {
  const YamlNode* value = node_ == nullptr ? nullptr : node_->Find(key);
  return value == nullptr ? Place() : PlaceOf(*value);
}

void YamlReader::Report(Error error) {
  if (!error.where) error.At(Place());
  diagnostics_->push_back(std::move(error));
}

void YamlReader::ReportValue(const YamlNode& node, std::string message, std::string expected) {
  Report(Error{.code = ErrorCode::kDeclarationInvalid, .message = std::move(message)}
             .At(PlaceOf(node))
             .Expected(std::move(expected))
             .Found(Describe(node)));
}

void YamlReader::Header(std::string_view kind) {
  const auto check = [this](std::string_view key, std::string_view value) {
    const YamlNode* node = Get(key, true, YamlNode::Kind::kScalar);
    if (node != nullptr && node->text != value) {
      ReportValue(*node, fmt::format("{} is not what this file must hold", key),
                  std::string(value));
    }
  };
  check("apiVersion", kApiVersion);
  check("kind", kind);
}

bool YamlReader::Has(std::string_view key) const {
  return node_ != nullptr && node_->Find(key) != nullptr;
}

const YamlNode* YamlReader::Any(std::string_view key) { return Get(key, false); }

const YamlNode* YamlReader::Get(std::string_view key, bool required) {
  known_.emplace_back(key);
  if (node_ == nullptr) return nullptr;
  const YamlNode* value = node_->Find(key);
  if (value == nullptr && required) {
    Report(Error{.code = ErrorCode::kDeclarationInvalid,
                 .message = fmt::format("a required key is missing in {}: {}", what_, key)}
               .Expected(fmt::format("{}: …", key))
               .Found("no such key"));
  }
  return value;
}

const YamlNode* YamlReader::Get(std::string_view key, bool required, YamlNode::Kind kind) {
  const YamlNode* value = Get(key, required);
  if (value == nullptr || value->kind == kind) return value;
  ReportValue(*value, fmt::format("a value is not of its kind: {}", key),
              std::string(KindName(kind)));
  return nullptr;
}

std::string YamlReader::Text(std::string_view key) {
  const YamlNode* value = Get(key, true, YamlNode::Kind::kScalar);
  if (value == nullptr) return "";
  if (value->text.empty()) {
    ReportValue(*value, fmt::format("a required text is empty: {}", key), "a text");
  }
  return value->text;
}

std::string YamlReader::OptionalText(std::string_view key, std::string fallback) {
  const YamlNode* value = Get(key, false, YamlNode::Kind::kScalar);
  return value == nullptr ? fallback : value->text;
}

std::string YamlReader::Id(std::string_view key) {
  const YamlNode* value = Get(key, true, YamlNode::Kind::kScalar);
  if (value == nullptr) return "";
  if (IsId(value->text)) return value->text;
  ReportValue(*value, fmt::format("a name is not of the accepted form: {}", key),
              "lower-case letters, digits and hyphens, beginning with a letter, at most 64");
  return "";
}

std::vector<std::string> YamlReader::Texts(std::string_view key) {
  const YamlNode* list = Get(key, true, YamlNode::Kind::kList);
  if (list != nullptr && list->items.empty()) {
    ReportValue(*list, fmt::format("a required list is empty: {}", key), "one entry at least");
  }
  return TextsOf(list, key);
}

std::vector<std::string> YamlReader::OptionalTexts(std::string_view key) {
  return TextsOf(Get(key, false, YamlNode::Kind::kList), key);
}

std::vector<std::string> YamlReader::TextsOf(const YamlNode* list, std::string_view key) {
  std::vector<std::string> texts;
  std::set<std::string_view> seen;
  if (list == nullptr) return texts;
  for (const YamlNode& item : list->items) {
    if (!item.IsScalar() || item.text.empty()) {
      ReportValue(item, fmt::format("an entry is not a text: {}", key), "a text");
    } else if (!seen.insert(item.text).second) {
      ReportValue(item, fmt::format("an entry is given twice: {}", key), "each entry once");
    } else {
      texts.push_back(item.text);
    }
  }
  return texts;
}

bool YamlReader::OptionalBool(std::string_view key, bool fallback) {
  const YamlNode* value = Get(key, false);
  if (value == nullptr) return fallback;
  if (value->IsScalar() && !value->quoted) {
    if (value->text == "true") return true;
    if (value->text == "false") return false;
  }
  ReportValue(*value, fmt::format("a value is not yes or no: {}", key), "true or false");
  return fallback;
}

int YamlReader::OptionalInt(std::string_view key, int least, int most, int fallback) {
  const YamlNode* value = Get(key, false);
  if (value == nullptr) return fallback;
  int number = 0;
  const char* end = value->text.data() + value->text.size();
  const auto [last, error] = std::from_chars(value->text.data(), end, number);
  if (value->IsScalar() && !value->quoted && error == std::errc{} && last == end &&
      number >= least && number <= most) {
    return number;
  }
  ReportValue(*value, fmt::format("a number is out of its range: {}", key),
              fmt::format("a whole number from {} to {}", least, most));
  return fallback;
}

std::optional<UtcTime> YamlReader::OptionalTime(std::string_view key) {
  const YamlNode* value = Get(key, false);
  if (value == nullptr) return std::nullopt;
  if (value->IsScalar()) {
    if (const auto time = ParseTime(value->text)) return *time;
  }
  ReportValue(*value, fmt::format("a value is not a time: {}", key),
              "a date such as 2026-03-01, or RFC 3339 such as 2026-03-01T09:00:00Z");
  return std::nullopt;
}

std::string YamlReader::OneOf(std::string_view key, const std::vector<std::string>& names,
                              bool required) {
  const YamlNode* value = Get(key, required);
  if (value == nullptr) return "";
  if (value->IsScalar() && std::ranges::find(names, value->text) != names.end()) return value->text;
  Report(Error{.code = ErrorCode::kDeclarationInvalid,
               .message = fmt::format("a value is not one of those accepted: {}", key)}
             .At(PlaceOf(*value))
             .Expected("one of " + JoinNames(names))
             .Found(Describe(*value))
             .Next(Nearest(value->text, names).empty() ? "" : SuggestName(value->text, names)));
  return "";
}

const YamlNode* YamlReader::Mapping(std::string_view key) {
  return Get(key, true, YamlNode::Kind::kMapping);
}

const YamlNode* YamlReader::OptionalMapping(std::string_view key) {
  return Get(key, false, YamlNode::Kind::kMapping);
}

const std::vector<YamlNode>& YamlReader::Items(std::string_view key) {
  static const std::vector<YamlNode> kNone;
  const YamlNode* list = Get(key, true, YamlNode::Kind::kList);
  if (list != nullptr && list->items.empty()) {
    ReportValue(*list, fmt::format("a required list is empty: {}", key), "one entry at least");
  }
  return list == nullptr ? kNone : list->items;
}

const std::vector<YamlNode>& YamlReader::OptionalItems(std::string_view key) {
  static const std::vector<YamlNode> kNone;
  const YamlNode* list = Get(key, false, YamlNode::Kind::kList);
  return list == nullptr ? kNone : list->items;
}

void YamlReader::Ignore(std::initializer_list<std::string_view> keys) {
  known_.insert(known_.end(), keys.begin(), keys.end());
}

void YamlReader::Finish() {
  if (node_ == nullptr) return;
  for (const YamlKey& key : node_->keys) {
    if (std::ranges::find(known_, key.text) != known_.end()) continue;
    Report(Error{.code = ErrorCode::kDeclarationInvalid,
                 .message = fmt::format("an unknown key stands in {}", what_)}
               .At(Where{.file = file_, .line = key.line, .column = key.column})
               .Expected("one of " + JoinNames(known_))
               .Found(Quoted(key.text))
               .Next(Nearest(key.text, known_).empty() ? "" : SuggestName(key.text, known_)));
  }
}

}  // namespace candour
