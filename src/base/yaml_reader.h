#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/time.h"
#include "base/yaml.h"

namespace candour {

/// Reads one mapping of a declaration key by key and collects everything that is wrong with it.
///
/// Each call names a key that the mapping may have; `Finish` then reports those it has besides,
/// with the nearest known key. A wrong or missing value is reported once, with its place, and reads
/// as the fallback (or as nothing), so that reading goes on.
/// A reader of no node reads everything as its fallback and reports nothing: the caller has
/// reported the missing node already.
/// Codes: kDeclarationInvalid unless said otherwise. Threads: one at a time.
class YamlReader {
 public:
  /// `what` names the mapping in messages, e.g. "the recipient". `node`, `diagnostics` are kept.
  YamlReader(const YamlNode* node, std::string file, std::string what, Diagnostics& diagnostics);

  /// Checks `apiVersion: candour/v1` and `kind`.
  void Header(std::string_view kind);

  bool Has(std::string_view key) const;

  std::string Text(std::string_view key);
  std::string OptionalText(std::string_view key, std::string fallback = "");

  /// A required name of our own kind: lower-case letters, digits and hyphens, at most 64.
  std::string Id(std::string_view key);

  /// A list of texts, none empty, none twice. `Texts` must be there and have one at least.
  std::vector<std::string> Texts(std::string_view key);
  std::vector<std::string> OptionalTexts(std::string_view key);

  bool OptionalBool(std::string_view key, bool fallback);
  int OptionalInt(std::string_view key, int least, int most, int fallback);

  /// RFC 3339, or a date, which is its first moment in UTC.
  std::optional<UtcTime> OptionalTime(std::string_view key);

  /// One of `all`, written as ToString of it writes it.
  template <class T>
  T Enum(std::string_view key, std::initializer_list<T> all) {
    return Pick(all, OneOf(key, NamesOf(all), true), *all.begin());
  }
  template <class T>
  T OptionalEnum(std::string_view key, std::initializer_list<T> all, T fallback) {
    return Pick(all, OneOf(key, NamesOf(all), false), fallback);
  }

  /// The mapping under `key`, or nullptr. `Mapping` must be there.
  const YamlNode* Mapping(std::string_view key);
  const YamlNode* OptionalMapping(std::string_view key);

  /// The items of the list under `key`. `Items` must be there and have one at least.
  const std::vector<YamlNode>& Items(std::string_view key);
  const std::vector<YamlNode>& OptionalItems(std::string_view key);

  /// The value under `key` as it is, or nullptr.
  const YamlNode* Any(std::string_view key);

  /// Keys that may be there and are of no concern.
  void Ignore(std::initializer_list<std::string_view> keys);

  /// Reports keys that no call has named. Call it last.
  void Finish();

  /// Where the mapping begins; where the value under `key` stands, else the mapping.
  Where Place() const;
  Where Place(std::string_view key) const;
  Where PlaceOf(const YamlNode& node) const;

  /// Reports `error`, at the mapping's place unless it has one.
  void Report(Error error);

  const std::string& file() const { return file_; }
  Diagnostics& diagnostics() { return *diagnostics_; }

 private:
  template <class T>
  static std::vector<std::string> NamesOf(std::initializer_list<T> all) {
    std::vector<std::string> names;
    for (const T value : all) names.emplace_back(ToString(value));
    return names;
  }
  template <class T>
  static T Pick(std::initializer_list<T> all, const std::string& name, T fallback) {
    const auto found = std::ranges::find_if(all, [&](T v) { return ToString(v) == name; });
    return found == all.end() ? fallback : *found;
  }

  /// The value under `key`, remembering that the key is known; reports it missing or null.
  const YamlNode* Get(std::string_view key, bool required);
  /// Reports a value that is not of the kind expected; nullptr then.
  const YamlNode* Get(std::string_view key, bool required, YamlNode::Kind kind);
  std::string OneOf(std::string_view key, const std::vector<std::string>& names, bool required);
  std::vector<std::string> TextsOf(const YamlNode* list, std::string_view key);
  void ReportValue(const YamlNode& node, std::string message, std::string expected);

  const YamlNode* node_;
  std::string file_;
  std::string what_;
  Diagnostics* diagnostics_;
  std::vector<std::string> known_;
};

/// Whether `text` is a name of our own kind: lower-case letters, digits and hyphens, beginning with
/// a letter, at most 64.
bool IsId(std::string_view text);

/// What a node is, in the words of an error: "a list", the text in quotes, "nothing".
std::string Describe(const YamlNode& node);

}  // namespace candour
