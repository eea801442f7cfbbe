#include "ledger/entry.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/sha256.h"
#include "ledger/commitment.h"

namespace candour::ledger {
namespace {

TEST(CountBand, GoesByPowersOfTen) {
  EXPECT_EQ(CountBand(-1), "unknown");
  EXPECT_EQ(CountBand(0), "under 10");
  EXPECT_EQ(CountBand(9), "under 10");
  EXPECT_EQ(CountBand(10), "10-99");
  EXPECT_EQ(CountBand(99), "10-99");
  EXPECT_EQ(CountBand(100), "100-999");
  EXPECT_EQ(CountBand(4'321), "1000-9999");
  EXPECT_EQ(CountBand(5'000'000'000), "1000000000-9999999999");
}

TEST(Commit, IsTheDigestThatItsFormatSays) {
  const std::string blinding(kBlindingSize, 'r');
  const std::string text = "candour/commitment/v1/actor\n" + blinding + "{}";
  const crypto::Digest digest = crypto::Sha256(text);
  EXPECT_EQ(Commit("actor", blinding, "{}", 1), HexEncode(BytesOf(digest)));
  EXPECT_EQ(Commit("actor", blinding, "{}", 2), Base64Encode(BytesOf(digest)));
  EXPECT_EQ(Commit("actor", blinding, "{}"), Commit("actor", blinding, "{}", 2));
  EXPECT_NE(Commit("actor", blinding, "{}"), Commit("statement", blinding, "{}"));
  EXPECT_NE(Commit("actor", blinding, "{}"), Commit("actor", std::string(32, 's'), "{}"));
}

TEST(DecodeStarted, RefusesWhatIsNoEntry) {
  for (const char* text :
       {"", "{}", "[]", R"({"time":"2026-03-01T09:00:00Z","body":7})", R"({"time":7,"body":{}})"}) {
    EXPECT_EQ(DecodeStarted(3, text).error().code, ErrorCode::kLedgerCorrupt) << text;
  }
}

}  // namespace
}  // namespace candour::ledger
