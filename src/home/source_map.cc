#include "home/source_map.h"

#include <algorithm>

namespace candour::home {
namespace {

const YamlNode* FindItem(const YamlNode& list, std::string_view part) {
  const std::size_t equals = part.find('=');
  const auto found = std::ranges::find_if(list.items, [&](const YamlNode& item) {
    if (equals == std::string_view::npos) return item.IsScalar() && item.text == part;
    const YamlNode* value = item.Find(part.substr(0, equals));
    return value != nullptr && value->text == part.substr(equals + 1);
  });
  return found == list.items.end() ? nullptr : &*found;
}

}  // namespace

Where SourceMap::At(const std::string& file, std::initializer_list<std::string_view> path) const {
  const auto root = roots_.find(file);
  if (root == roots_.end()) return Where{.file = file, .line = 1, .column = 1};
  const YamlNode* node = &root->second;
  for (const std::string_view part : path) {
    const YamlNode* next = node->IsList() ? FindItem(*node, part) : node->Find(part);
    if (next == nullptr) break;
    node = next;
  }
  return Where{.file = file, .line = std::max(node->line, 1), .column = std::max(node->column, 1)};
}

}  // namespace candour::home
