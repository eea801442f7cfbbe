#include "base/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <unordered_set>
#include <utility>

#include "base/nearest.h"
#include "base/utf8.h"

namespace candour {
namespace {

/// Leaves the parser from inside its callbacks; never leaves this file.
struct Refusal {
  Error error;
};

Error Refuse(const std::string& file, int line, int column, std::string message) {
  return Error{.code = ErrorCode::kDeclarationSyntax, .message = std::move(message)}
      .At(Where{.file = file, .line = line, .column = column})
      .Expected(
          "one YAML document in UTF-8: at most 1 MiB and 32 levels, each key once, no "
          "anchors, aliases or tags");
}

/// Builds our tree out of the parser's events and refuses what a declaration may not hold. Working
/// on events means that a limit stops the parser before it has built anything.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& file) : file_(file) {}

  YamlNode Take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    RefuseAnchor(mark, anchor);
    Scalar(mark, YamlNode::Kind::kNull, "", false);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Stop(mark, "an alias is not allowed in a declaration: write the value out");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    RefuseAnchor(mark, anchor);
    RefuseTag(mark, tag);
    Scalar(mark, YamlNode::Kind::kScalar, value, tag == "!");
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, YamlNode::Kind::kMapping);
  }
  void OnMapEnd() override { Close(); }

 private:
  /// A list or mapping that has begun and not ended.
  struct Level {
    YamlNode node;
    std::unordered_set<std::string> seen;
    bool key_next = false;
  };

  [[noreturn]] void Stop(const YAML::Mark& mark, std::string message) const {
    throw Refusal{Refuse(file_, std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1,
                         std::move(message))};
  }

  void RefuseAnchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != 0) Stop(mark, "an anchor is not allowed in a declaration");
  }

  void RefuseTag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") {
      Stop(mark, "a tag is not allowed in a declaration");
    }
  }

  static YamlNode NodeAt(const YAML::Mark& mark, YamlNode::Kind kind) {
    YamlNode node;
    node.kind = kind;
    node.line = std::max(mark.line, 0) + 1;
    node.column = std::max(mark.column, 0) + 1;
    return node;
  }

  void Scalar(const YAML::Mark& mark, YamlNode::Kind kind, const std::string& value, bool quoted) {
    if (!open_.empty() && open_.back().key_next) {
      if (kind == YamlNode::Kind::kNull) Stop(mark, "a key is empty: write \"\" if it is meant");
      Level& level = open_.back();
      if (!level.seen.insert(value).second) {
        Stop(mark, "a key is given twice: " + Quoted(value));
      }
      const YamlNode place = NodeAt(mark, kind);
      level.node.keys.push_back(YamlKey{value, place.line, place.column});
      level.key_next = false;
      return;
    }
    YamlNode node = NodeAt(mark, kind);
    node.text = value;
    node.quoted = quoted;
    Put(std::move(node));
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlNode::Kind kind) {
    RefuseAnchor(mark, anchor);
    RefuseTag(mark, tag);
    if (!open_.empty() && open_.back().key_next) {
      Stop(mark, "a key is a list or a mapping: only text may be a key");
    }
    if (open_.size() >= kYamlMaxDepth) Stop(mark, "the nesting is deeper than 32 levels");
    open_.push_back(
        Level{.node = NodeAt(mark, kind), .key_next = kind == YamlNode::Kind::kMapping});
  }

  void Close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Put(std::move(node));
  }

  void Put(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = open_.back();
    level.key_next = level.node.kind == YamlNode::Kind::kMapping;
    level.node.items.push_back(std::move(node));
  }

  const std::string& file_;
  std::vector<Level> open_;
  YamlNode root_;
};

/// Reads from memory that somebody else keeps.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // The interface asks for it; nothing writes.
    setg(begin, begin, begin + text.size());
  }
};

/// Refuses bytes that could make the parser guess another encoding or hide text from a reader.
Status CheckText(std::string_view text, const std::string& file) {
  if (text.size() > kYamlMaxBytes) {
    return Fail(Refuse(file, 1, 1, "the file is larger than 1 MiB"));
  }
  if (const auto bad = FindBadText(text)) {
    return Fail(Refuse(file, bad->line, bad->column,
                       bad->control ? "a control character is not allowed in a declaration"
                                    : "the text is not UTF-8"));
  }
  return {};
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

Result<YamlNode> ParseYaml(std::string_view text, const std::string& file) {
  CANDOUR_TRY(CheckText(text, file));
  try {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    TreeBuilder tree(file);
    if (!parser.HandleNextDocument(tree)) return YamlNode{.line = 1, .column = 1};
    TreeBuilder rest(file);
    if (parser.HandleNextDocument(rest)) {
      const YamlNode second = rest.Take();
      return Fail(Refuse(file, std::max(second.line, 1), std::max(second.column, 1),
                         "a second document is not allowed in a declaration file"));
    }
    return tree.Take();
  } catch (Refusal& refusal) {
    return Fail(std::move(refusal.error));
  } catch (const YAML::Exception& e) {
    return Fail(Refuse(file, std::max(e.mark.line, 0) + 1, std::max(e.mark.column, 0) + 1,
                       "the text is not YAML: " + e.msg));
  }
}

}  // namespace candour
