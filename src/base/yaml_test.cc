#include "base/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace candour {
namespace {

using ::testing::HasSubstr;

struct Bad {
  const char* name;
  std::string text;
  int line;
  int column;
  const char* message;
};

class YamlRefusalTest : public ::testing::TestWithParam<Bad> {};

TEST_P(YamlRefusalTest, NamesThePlaceAndTheReason) {
  const auto node = ParseYaml(GetParam().text, "uses/x.yaml");
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, ErrorCode::kDeclarationSyntax);
  EXPECT_THAT(node.error().message, HasSubstr(GetParam().message));
  ASSERT_TRUE(node.error().where);
  EXPECT_EQ(node.error().where->file, "uses/x.yaml");
  EXPECT_EQ(node.error().where->line, GetParam().line);
  EXPECT_EQ(node.error().where->column, GetParam().column);
}

std::string Repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    All, YamlRefusalTest,
    ::testing::Values(Bad{"DuplicateKey", "a: 1\nb: 2\na: 3\n", 3, 1, "given twice"},
                      Bad{"DuplicateNested", "a:\n  b: 1\n  \"b\": 2\n", 3, 3, "given twice"},
                      Bad{"Anchor", "a: &x 1\n", 1, 4, "anchor"},
                      Bad{"Alias", "a: &x 1\nb: *x\n", 1, 4, "anchor"},
                      Bad{"AnchorOnMapping", "a: &x\n  b: 1\n", 1, 4, "anchor"},
                      Bad{"UnknownAlias", "b: *x\n", 1, 4, "not YAML"},
                      Bad{"Tag", "a: !!int 1\n", 1, 4, "tag"},
                      Bad{"LocalTag", "a: !secret x\n", 1, 4, "tag"},
                      Bad{"TagOnList", "a: !!set [1]\n", 1, 4, "tag"},
                      Bad{"SecondDocument", "a: 1\n---\nb: 2\n", 3, 1, "second document"},
                      Bad{"ListAsKey", "? [a]\n: 1\n", 1, 3, "only text may be a key"},
                      Bad{"EmptyKey", "~: 1\n", 1, 1, "key is empty"},
                      Bad{"TooDeep", Repeat("[", 33) + Repeat("]", 33), 1, 33, "32 levels"},
                      Bad{"MuchTooDeep", Repeat("[", 900'000), 1, 1, ""},
                      Bad{"TooLarge", Repeat("#", (1 << 20) + 1), 1, 1, "1 MiB"},
                      Bad{"NotUtf8", "a: \xff\n", 1, 4, "not UTF-8"},
                      Bad{"Overlong", "a: \xc0\xaf\n", 1, 4, "not UTF-8"},
                      Bad{"Utf16", std::string("a\0:\0", 4), 1, 2, "control"},
                      Bad{"Escape", "a: x\x1b[0m\n", 1, 5, "control"},
                      Bad{"TurnedText", "a: \xe2\x80\xae x\n", 1, 4, "control"},
                      Bad{"Unclosed", "a: [1, 2\nb: 3\n", 2, 2, "not YAML"},
                      Bad{"Tab", "a:\n\tb: 1\n", 2, 3, "not YAML"}),
    [](const auto& bad) { return bad.param.name; });

TEST(YamlTest, KeepsPlacesAndTheDifferenceOfQuotedAndPlain) {
  const auto node = ParseYaml("# a home\nname: Food\nlist:\n  - 'true'\n  - true\nnone:\n", "f");
  ASSERT_TRUE(node);
  ASSERT_TRUE(node->IsMapping());
  EXPECT_EQ(node->Find("name")->text, "Food");
  EXPECT_EQ(node->Find("name")->line, 2);
  EXPECT_EQ(node->Find("name")->column, 7);
  const YamlNode& list = *node->Find("list");
  EXPECT_TRUE(list.items[0].quoted);
  EXPECT_FALSE(list.items[1].quoted);
  EXPECT_EQ(list.items[1].line, 5);
  EXPECT_EQ(node->Find("none")->kind, YamlNode::Kind::kNull);
  EXPECT_EQ(node->Find("other"), nullptr);
}

TEST(YamlTest, EmptyTextIsNoNode) {
  for (const char* text : {"", "# only a comment\n", "---\n"}) {
    const auto node = ParseYaml(text, "f");
    ASSERT_TRUE(node) << text;
    EXPECT_EQ(node->kind, YamlNode::Kind::kNull);
  }
}

TEST(YamlTest, ThirtyTwoLevelsAreRead) {
  EXPECT_TRUE(ParseYaml(Repeat("[", 32) + Repeat("]", 32), "f"));
}

TEST(YamlTest, DamagedTextsAreReadOrRefusedButNeverBreakTheReader) {
  const std::string whole =
      "apiVersion: candour/v1\nkind: Use\nid: x\ngrants:\n  - dataset: a.b\n    fields: [c, "
      "\"d\"]\n"
      "text: >\n  folded\n  text\nother: |-\n  block\n? odd\n: even\n";
  std::mt19937 random(7);
  const std::string alphabet = "-?:,[]{}#&*!|>'\"%@` \n\tax\\\xc3\xa9";
  for (int round = 0; round < 20'000; ++round) {
    std::string text = whole;
    for (int change = 0; change < 1 + round % 6; ++change) {
      const std::size_t at = random() % text.size();
      const char letter = alphabet[random() % alphabet.size()];
      if (random() % 3 == 0) text.erase(at, random() % 8);
      if (random() % 2 == 0) text.insert(std::min(at, text.size()), 1, letter);
      if (text.empty()) text = "a";
    }
    const auto node = ParseYaml(text, "f");
    EXPECT_TRUE(node || node.error().where) << text;
  }
}

}  // namespace
}  // namespace candour
