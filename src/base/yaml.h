#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candour {

/// The key of a mapping's entry, and where it stands.
struct YamlKey {
  std::string text;
  int line = 0;
  int column = 0;
};

/// One value of a YAML text, with its place. Scalars stay text: what they mean is up to the reader.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMapping };

  Kind kind = Kind::kNull;
  std::string text;             ///< of a scalar
  bool quoted = false;          ///< the scalar was written in quotes or as a block
  std::vector<YamlKey> keys;    ///< of a mapping, one for each item
  std::vector<YamlNode> items;  ///< of a list or a mapping
  int line = 0;                 ///< from 1
  int column = 0;               ///< from 1

  bool IsMapping() const { return kind == Kind::kMapping; }
  bool IsList() const { return kind == Kind::kList; }
  bool IsScalar() const { return kind == Kind::kScalar; }

  /// The value under `key` of a mapping, or nullptr. Cost: linear in the mapping.
  const YamlNode* Find(std::string_view key) const;
};

/// The largest YAML text that is read, in bytes.
inline constexpr std::size_t kYamlMaxBytes = std::size_t{1} << 20;

/// How deep lists and mappings may lie within each other.
inline constexpr int kYamlMaxDepth = 32;

/// Reads one YAML document that nobody vouches for.
///
/// Refused, with its place in `file`: more than 1 MiB, more than 32 levels, duplicate keys, keys
/// that are not scalars, anchors, aliases, tags, a second document, text that is not UTF-8, control
/// characters. An empty text gives a null node.
/// Errors: kDeclarationSyntax, always with `where`. Cost: linear. Threads: any.
Result<YamlNode> ParseYaml(std::string_view text, const std::string& file);

}  // namespace candour
