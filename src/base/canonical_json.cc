#include "base/canonical_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace candour {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::int64_t kMaxInteger = (std::int64_t{1} << 53) - 1;  // exact in every JSON reader

std::unexpected<Error> Refuse(std::string_view reason) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("Not canonical JSON: {}.", reason));
}

/// Reads one code point of `text` at `at`, which it moves on; -1 for what is not UTF-8.
std::int32_t NextCodePoint(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0;
  };
  const std::uint32_t first = byte(at);
  const int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 0 || first > 0xF4) return -1;
  if (length == 1) return ++at, static_cast<std::int32_t>(first);
  std::uint32_t point = first & (0xFFU >> (length + 1));
  for (int i = 1; i < length; ++i) {
    const std::uint32_t next = byte(at + static_cast<std::size_t>(i));
    if ((next & 0xC0) != 0x80) return -1;
    point = (point << 6) | (next & 0x3F);
  }
  const bool too_long = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  if (too_long || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return -1;
  at += static_cast<std::size_t>(length);
  return static_cast<std::int32_t>(point);
}

Result<std::u16string> ToUtf16(std::string_view text) {
  std::u16string units;
  for (std::size_t at = 0; at < text.size();) {
    const std::int32_t point = NextCodePoint(text, at);
    if (point < 0) return Refuse("a text is not UTF-8");
    if (point < 0x10000) {
      units += static_cast<char16_t>(point);
    } else {
      units += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
      units += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return units;
}

/// Whether the character stands for itself in a JSON text, as one byte.
bool IsPlain(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

using Member = nlohmann::json::const_iterator;

/// An object's members by their keys in UTF-16, as RFC 8785 has it. The parser keeps them by their
/// bytes in UTF-8, which is the same order below U+E000.
Result<std::vector<Member>> MembersInOrder(const nlohmann::json& value) {
  std::vector<Member> members;
  bool in_order = true;
  for (auto it = value.begin(); it != value.end(); ++it) {
    members.push_back(it);
    in_order = in_order && std::ranges::all_of(it.key(), [](char c) {
                 return static_cast<std::uint8_t>(c) < 0xEE;  // begins U+E000 and all above
               });
  }
  if (in_order) return members;
  std::vector<std::pair<std::u16string, Member>> keyed;
  for (const Member& it : members) {
    CANDOUR_ASSIGN(std::u16string key, ToUtf16(it.key()));
    keyed.emplace_back(std::move(key), it);
  }
  std::ranges::sort(keyed, {}, &std::pair<std::u16string, Member>::first);
  std::ranges::transform(keyed, members.begin(), &std::pair<std::u16string, Member>::second);
  return members;
}

class Writer {
 public:
  Status Write(const nlohmann::json& value, int depth) {
    if (depth > kMaxDepth) return Refuse("it is nested too deeply");
    switch (value.type()) {
      case nlohmann::json::value_t::null:
        return Put("null");
      case nlohmann::json::value_t::boolean:
        return Put(value.get<bool>() ? "true" : "false");
      case nlohmann::json::value_t::number_integer:
        return WriteInteger(value.get<std::int64_t>());
      case nlohmann::json::value_t::number_unsigned:
        if (value.get<std::uint64_t>() > kMaxInteger) return WriteInteger(kMaxInteger + 1);
        return WriteInteger(value.get<std::int64_t>());
      case nlohmann::json::value_t::string:
        return WriteText(value.get_ref<const std::string&>());
      case nlohmann::json::value_t::array:
        return WriteArray(value, depth);
      case nlohmann::json::value_t::object:
        return WriteObject(value, depth);
      case nlohmann::json::value_t::number_float:
        return Refuse("floating-point numbers have no place in an entry");
      default:
        return Refuse("it holds a value of no JSON type");
    }
  }

  std::string Take() { return std::move(out_); }

 private:
  Status Put(std::string_view text) {
    out_ += text;
    return {};
  }

  Status WriteInteger(std::int64_t value) {
    if (value > kMaxInteger || value < -kMaxInteger) return Refuse("an integer is beyond 2^53 - 1");
    return Put(fmt::format("{}", value));
  }

  Status WriteText(std::string_view text) {
    out_ += '"';
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t start = at;
      while (at < text.size() && IsPlain(text[at])) ++at;
      out_ += text.substr(start, at - start);
      if (at == text.size()) break;
      const std::size_t special = at;
      const std::int32_t point = NextCodePoint(text, at);
      if (point < 0) return Refuse("a text is not UTF-8");
      WriteCodePoint(point, text.substr(special, at - special));
    }
    out_ += '"';
    return {};
  }

  void WriteCodePoint(std::int32_t point, std::string_view bytes) {
    constexpr std::string_view kShort = "\b\t\n\f\r\"\\";
    constexpr std::string_view kLetter = "btnfr\"\\";
    const std::size_t escape =
        point < 0x80 ? kShort.find(static_cast<char>(point)) : std::string_view::npos;
    if (escape != std::string_view::npos) {
      out_ += '\\';
      out_ += kLetter[escape];
    } else if (point < 0x20) {
      out_ += fmt::format("\\u{:04x}", point);
    } else {
      out_ += bytes;
    }
  }

  Status WriteArray(const nlohmann::json& value, int depth) {
    out_ += '[';
    bool first = true;
    for (const nlohmann::json& item : value) {
      if (!std::exchange(first, false)) out_ += ',';
      CANDOUR_TRY(Write(item, depth + 1));
    }
    return Put("]");
  }

  Status WriteObject(const nlohmann::json& value, int depth) {
    CANDOUR_ASSIGN(const std::vector<Member> members, MembersInOrder(value));
    out_ += '{';
    bool first = true;
    for (const Member& it : members) {
      if (!std::exchange(first, false)) out_ += ',';
      CANDOUR_TRY(WriteText(it.key()));
      out_ += ':';
      CANDOUR_TRY(Write(it.value(), depth + 1));
    }
    return Put("}");
  }

  std::string out_;
};

/// Whether brackets nest within the limit, so that what the parser keeps is bounded.
bool DepthFits(std::string_view text) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth + 1) return false;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return true;
}

}  // namespace

Result<std::string> CanonicalJson(const nlohmann::json& value) {
  Writer writer;
  CANDOUR_TRY(writer.Write(value, 0));
  return writer.Take();
}

Result<nlohmann::json> ParseCanonicalJson(std::string_view text) {
  if (!DepthFits(text)) return Refuse("it is nested too deeply");
  nlohmann::json value = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return Refuse("the text is not JSON");
  CANDOUR_ASSIGN(const std::string canonical, CanonicalJson(value));
  if (canonical != text) return Refuse("the same value has another text");
  return value;
}

}  // namespace candour
