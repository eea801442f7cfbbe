#include "base/canonical_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace candour {
namespace {

using nlohmann::json;

std::string Canonical(const json& value) { return CanonicalJson(value).value(); }

TEST(CanonicalJson, WritesEveryKindWithoutSpaces) {
  const json value = {{"b", {1, -2, true, false, nullptr}}, {"a", "x"}, {"c", json::object()}};
  EXPECT_EQ(Canonical(value), R"({"a":"x","b":[1,-2,true,false,null],"c":{}})");
}

// The example of RFC 8785 section 3.2.3: code units, not code points and not UTF-8 bytes, decide.
TEST(CanonicalJson, SortsKeysByUtf16CodeUnits) {
  json value = json::object();
  for (const char* key : {"\u20ac", "\r", "\ufb33", "1", "\U0001F600", "\u0080", "\u00f6"}) {
    value[key] = 0;
  }
  EXPECT_EQ(Canonical(value),
            "{\"\\r\":0,\"1\":0,\"\u0080\":0,\"\u00f6\":0,\"\u20ac\":0,\"\U0001F600\":0,"
            "\"\ufb33\":0}");
}

TEST(CanonicalJson, EscapesAsLittleAsItMay) {
  EXPECT_EQ(Canonical(json("\u20ac$\x0f\nA'B\"\\\"/\b\t\f\r\x7f")),
            "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\"/\\b\\t\\f\\r\x7f\"");
}

TEST(CanonicalJson, HoldsIntegersThatEveryReaderHolds) {
  EXPECT_EQ(Canonical(json(9007199254740991)), "9007199254740991");
  EXPECT_EQ(Canonical(json(-9007199254740991)), "-9007199254740991");
  EXPECT_FALSE(CanonicalJson(json(9007199254740992)));
  EXPECT_FALSE(CanonicalJson(json(-9007199254740992)));
  EXPECT_FALSE(CanonicalJson(json(18446744073709551615ULL)));
}

TEST(CanonicalJson, RefusesWhatAnEntryMayNotHold) {
  EXPECT_EQ(CanonicalJson(json(1.0)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(CanonicalJson(json{{"a", {1.5}}}));
  for (const char* text : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_FALSE(CanonicalJson(json(text)));
    EXPECT_FALSE(CanonicalJson(json{{text, 1}}));
  }
  json deep;
  for (int i = 0; i < 100; ++i) deep = json::array({deep});
  EXPECT_FALSE(CanonicalJson(deep));
}

TEST(CanonicalJson, ReadsOnlyTheOneForm) {
  EXPECT_EQ(ParseCanonicalJson(R"({"a":[1,"[[{"],"b":"\"\\"})").value()["a"][0], 1);
  for (const char* text :
       {"", "{", R"({"b":1,"a":2})", R"({"a":1,"a":1})", R"({ "a":1})", R"({"a":1} )",
        R"("\u0041")", R"("\/")", "1.0", "1e2", "-0", "01", "[1,]", "nul", "\"\n\""}) {
    const auto parsed = ParseCanonicalJson(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument) << text;
  }
}

TEST(CanonicalJson, RefusesAMillionBracketsQuickly) {
  EXPECT_FALSE(ParseCanonicalJson(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace candour
