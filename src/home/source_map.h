#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/yaml.h"

namespace candour::home {

/// The YAML trees that declarations were read from: finds the place of a value, so that a check
/// over several files can point at the very word that is wrong.
class SourceMap {
 public:
  void Add(const std::string& file, YamlNode root) { roots_[file] = std::move(root); }

  /// The place of the value at `path`, or of the last part of the path that exists.
  ///
  /// Each part is a mapping's key; in a list "key=value" means the mapping with that entry, and any
  /// other part the item of that text. Without the file: line 1.
  Where At(const std::string& file, std::initializer_list<std::string_view> path) const;

 private:
  std::map<std::string, YamlNode, std::less<>> roots_;
};

}  // namespace candour::home
