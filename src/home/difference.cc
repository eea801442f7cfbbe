#include "home/difference.h"

#include <fmt/format.h>

#include <algorithm>

namespace candour::home {
namespace {

constexpr std::size_t kLongText = 40;

/// Keys that hold a list of named things and would only lengthen a path.
bool IsContainer(std::string_view key) {
  return key == "schema" || key == "properties" || key == "customProperties" || key == "members";
}

std::string Join(const std::string& path, std::string_view part) {
  if (path.empty()) return std::string(part);
  return path + (path.back() == ' ' ? "" : ".") + std::string(part);
}

/// What names an entry of a list, or "".
std::string NameOf(const YamlNode& entry) {
  for (const std::string_view key : {"property", "name", "username", "server", "dataset"}) {
    const YamlNode* value = entry.Find(key);
    if (value != nullptr && value->IsScalar()) return value->text;
  }
  return "";
}

bool IsTexts(const YamlNode& list) {
  return std::ranges::all_of(list.items, [](const YamlNode& item) { return item.IsScalar(); });
}

class Describer {
 public:
  std::vector<std::string> Take() { return std::move(lines_); }

  void Compare(const YamlNode& before, const YamlNode& after, const std::string& path) {
    if (before.kind != after.kind) return Say(path, "changed");
    switch (before.kind) {
      case YamlNode::Kind::kNull:
        return;
      case YamlNode::Kind::kScalar:
        return CompareTexts(before.text, after.text, path);
      case YamlNode::Kind::kMapping:
        return CompareMappings(before, after, path);
      case YamlNode::Kind::kList:
        return CompareLists(before, after, path);
    }
  }

 private:
  void Say(const std::string& path, std::string_view words) {
    lines_.push_back(fmt::format("{}: {}", path.empty() ? "the file" : path, words));
  }

  void CompareTexts(const std::string& before, const std::string& after, const std::string& path) {
    if (before == after) return;
    const bool reworded = std::max(before.size(), after.size()) > kLongText;
    Say(path, reworded ? "reworded" : fmt::format("{} → {}", before, after));
  }

  void CompareMappings(const YamlNode& before, const YamlNode& after, const std::string& path) {
    const auto below = [&path](std::string_view key) {
      return IsContainer(key) ? path : Join(path, key);
    };
    for (std::size_t i = 0; i < before.keys.size(); ++i) {
      const std::string& key = before.keys[i].text;
      const YamlNode* now = after.Find(key);
      if (now != nullptr) {
        Compare(before.items[i], *now, below(key));
      } else {
        Say(Join(path, key), "dropped");
      }
    }
    for (std::size_t i = 0; i < after.keys.size(); ++i) {
      if (before.Find(after.keys[i].text) != nullptr) continue;
      const YamlNode& added = after.items[i];
      const bool brief = added.IsScalar() && added.text.size() <= kLongText;
      Say(Join(path, after.keys[i].text), brief ? "adds " + added.text : "added");
    }
  }

  void CompareLists(const YamlNode& before, const YamlNode& after, const std::string& path) {
    if (IsTexts(before) && IsTexts(after)) {
      CompareSets(before, after, path, "drops");
      CompareSets(after, before, path, "adds");
      return;
    }
    for (const YamlNode& entry : before.items) {
      const YamlNode* now = Match(entry, before, after);
      if (now == nullptr) {
        Say(EntryPath(path, entry), "dropped");
      } else {
        CompareEntries(entry, *now, path);
      }
    }
    for (const YamlNode& entry : after.items) {
      if (Match(entry, after, before) == nullptr) Say(EntryPath(path, entry), "added");
    }
  }

  void CompareSets(const YamlNode& from, const YamlNode& to, const std::string& path,
                   std::string_view verb) {
    for (const YamlNode& item : from.items) {
      const bool both = std::ranges::find(to.items, item.text, &YamlNode::text) != to.items.end();
      if (!both) Say(path, fmt::format("{} {}", verb, item.text));
    }
  }

  /// A custom property is its value: its path needs no ".value".
  void CompareEntries(const YamlNode& before, const YamlNode& after, const std::string& path) {
    const YamlNode* old_value = before.Find("value");
    const YamlNode* new_value = after.Find("value");
    if (before.Find("property") != nullptr && old_value != nullptr && new_value != nullptr) {
      return Compare(*old_value, *new_value, Join(path, NameOf(before)));
    }
    Compare(before, after, EntryPath(path, before));
  }

  static std::string EntryPath(const std::string& path, const YamlNode& entry) {
    const std::string name = NameOf(entry);
    if (name.empty()) return path;
    return path == "grants" ? path + " " + name : Join(path, name);
  }

  /// The entry of `there` that is the same thing as `entry` of `here`: by name, else by position.
  static const YamlNode* Match(const YamlNode& entry, const YamlNode& here, const YamlNode& there) {
    const std::string name = NameOf(entry);
    if (name.empty()) {
      const auto position = static_cast<std::size_t>(&entry - here.items.data());
      return position < there.items.size() ? &there.items[position] : nullptr;
    }
    const auto found = std::ranges::find_if(
        there.items, [&name](const YamlNode& other) { return NameOf(other) == name; });
    return found == there.items.end() ? nullptr : &*found;
  }

  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> DescribeDifference(const YamlNode& before, const YamlNode& after) {
  Describer describer;
  describer.Compare(before, after, "");
  return describer.Take();
}

}  // namespace candour::home
