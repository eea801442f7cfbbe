#include "base/yaml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace candour {
namespace {

using ::testing::ElementsAre;

enum class Colour { kRed, kGreen };
std::string_view ToString(Colour colour) { return colour == Colour::kRed ? "red" : "green"; }

class YamlReaderTest : public ::testing::Test {
 protected:
  YamlReader Read(std::string_view text) {
    node_ = *ParseYaml(text, "units/a.yaml");
    return YamlReader(&node_, "units/a.yaml", "the unit", errors_);
  }
  std::vector<std::string> Places() const {
    std::vector<std::string> places;
    for (const Error& error : errors_) places.push_back(error.where->ToString());
    return places;
  }

  YamlNode node_;
  Diagnostics errors_;
};

TEST_F(YamlReaderTest, ReadsEachKindOfValue) {
  YamlReader reader = Read(
      "apiVersion: candour/v1\nkind: Unit\nid: food-1\nname: 1984\ntags: [a, b]\nopen: true\n"
      "size: 12\ncolour: green\nfrom: 2026-03-01\n");
  reader.Header("Unit");
  EXPECT_EQ(reader.Id("id"), "food-1");
  EXPECT_EQ(reader.Text("name"), "1984");
  EXPECT_THAT(reader.Texts("tags"), ElementsAre("a", "b"));
  EXPECT_TRUE(reader.OptionalBool("open", false));
  EXPECT_EQ(reader.OptionalInt("size", 3, 100, 10), 12);
  EXPECT_EQ(reader.Enum("colour", {Colour::kRed, Colour::kGreen}), Colour::kGreen);
  EXPECT_EQ(FormatDate(*reader.OptionalTime("from")), "2026-03-01");
  EXPECT_EQ(reader.OptionalText("absent", "fallback"), "fallback");
  reader.Finish();
  EXPECT_TRUE(errors_.empty());
}

TEST_F(YamlReaderTest, CollectsEveryMistakeWithItsPlace) {
  YamlReader reader = Read(
      "kind: Unti\nid: Food Shop\ntags: [a, a, '']\nopen: 'true'\nsize: 12x\ncolour: gren\n"
      "from: soon\nnaem: Food\n");
  reader.Header("Unit");
  reader.Id("id");
  reader.Text("name");
  reader.Texts("tags");
  reader.OptionalBool("open", false);
  EXPECT_EQ(reader.OptionalInt("size", 3, 100, 10), 10);
  reader.Enum("colour", {Colour::kRed, Colour::kGreen});
  reader.OptionalTime("from");
  reader.Finish();
  EXPECT_THAT(Places(), ElementsAre("units/a.yaml:1:1", "units/a.yaml:1:7", "units/a.yaml:2:5",
                                    "units/a.yaml:1:1", "units/a.yaml:3:11", "units/a.yaml:3:14",
                                    "units/a.yaml:4:7", "units/a.yaml:5:7", "units/a.yaml:6:9",
                                    "units/a.yaml:7:7", "units/a.yaml:8:1"));
  EXPECT_EQ(errors_[8].next, "did you mean green?");
  EXPECT_EQ(errors_.back().next, "did you mean name?");
  EXPECT_EQ(errors_.back().found, "\"naem\"");
}

TEST_F(YamlReaderTest, NumbersBeyondTheirRangeAreRefused) {
  for (const char* text : {"size: 2", "size: 101", "size: 99999999999999999999", "size: [5]",
                           "size: 5.0", "size:", "size: '5'"}) {
    errors_.clear();
    Read(text).OptionalInt("size", 3, 100, 10);
    EXPECT_EQ(errors_.size(), 1U) << text;
  }
}

TEST_F(YamlReaderTest, AListWhereAMappingBelongsIsReportedOnce) {
  YamlReader reader = Read("- a\n");
  reader.Header("Unit");
  reader.Text("name");
  reader.Finish();
  EXPECT_EQ(errors_.size(), 1U);
}

TEST(IsIdTest, HoldsToItsForm) {
  EXPECT_TRUE(IsId("member-offers"));
  for (const char* text : {"", "1a", "-a", "A", "a_b", "a b", "a.b", "é"}) EXPECT_FALSE(IsId(text));
  EXPECT_FALSE(IsId(std::string(65, 'a')));
}

}  // namespace
}  // namespace candour
