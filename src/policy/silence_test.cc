#include "policy/silence.h"

#include <gtest/gtest.h>

namespace candour::policy {
namespace {

std::string Later(std::string_view time, std::string_view span) {
  return FormatTime(After(ParseTime(time).value(), ParseSilenceSpan(span).value()));
}

TEST(SilenceTest, ASpanIsCountedAsACalendarCounts) {
  EXPECT_EQ(Later("2026-03-01T09:00:00.5Z", "P90D"), "2026-05-30T09:00:00.5Z");
  EXPECT_EQ(Later("2026-03-01", "P2W"), "2026-03-15T00:00:00Z");
  EXPECT_EQ(Later("2026-01-31", "P1M"), "2026-02-28T00:00:00Z");
  EXPECT_EQ(Later("2024-02-29T12:00:00Z", "P2Y"), "2026-02-28T12:00:00Z");
}

TEST(SilenceTest, NothingIsSilentForEver) {
  for (const char* text : {"P732D", "P105W", "P25M", "P3Y", "P999999999999Y"}) {
    EXPECT_FALSE(ParseSilenceSpan(text)) << text;
  }
  for (const char* text : {"P731D", "P104W", "P24M", "P2Y"}) {
    EXPECT_TRUE(ParseSilenceSpan(text)) << text;
  }
}

TEST(SilenceTest, WhatIsNoSpanIsRefused) {
  for (const char* text : {"", "P", "PD", "P0D", "P-1D", "P+1D", "90D", "p90d", "P90", "P1H",
                           "PT1H", "P1Y1M", "P1.5D", "P1D ", "P01D"}) {
    EXPECT_FALSE(ParseSilenceSpan(text)) << text;
  }
}

TEST(SilenceTest, ThereAreThreeGrounds) {
  for (const char* text : {"crime", "serious-harm", "safeguarding"}) {
    EXPECT_EQ(ToString(ParseSilenceGround(text).value()), text);
  }
  EXPECT_FALSE(ParseSilenceGround("commercial"));
  EXPECT_FALSE(ParseSilenceGround(""));
}

}  // namespace
}  // namespace candour::policy
