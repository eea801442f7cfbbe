#include "home/backup_manifest.h"

#include <gtest/gtest.h>

#include "base/canonical_json.h"

namespace candour::home {
namespace {

crypto::Secret KeyOf(std::uint8_t byte) {
  crypto::Secret root(32);
  std::fill_n(root.Fill(), root.size(), byte);
  return BackupKey(root);
}

BackupManifest Example() {
  ledger::LogExtent log{.name = ledger::LogName::kChoices,
                        .lives = {{.origin = "example.org/shop/choices"},
                                  {.origin = "example.org/shop/choices/2-k3f9w2mq", .index = 4}},
                        .size = 7};
  log.root.fill(0xab);
  return {.time = UtcTime{1'772'355'600'000'000},
          .origin = "example.org/shop",
          .logs = {log},
          .files = {{.path = "state/people.db", .sha256 = std::string(64, 'c'), .size = 4096}}};
}

TEST(BackupManifestTest, IsReadAsItWasWritten) {
  const std::string text = EncodeManifest(Example(), KeyOf(1)).value();
  const auto read = DecodeManifest(text, KeyOf(1));
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->time, Example().time);
  EXPECT_EQ(read->origin, "example.org/shop");
  EXPECT_EQ(read->logs.at(0).name, ledger::LogName::kChoices);
  EXPECT_EQ(read->logs.at(0).lives.at(1).index, 4U);
  EXPECT_EQ(read->logs.at(0).root, Example().logs[0].root);
  EXPECT_EQ(read->files.at(0).path, "state/people.db");
  EXPECT_EQ(EncodeManifest(*read, KeyOf(1)).value(), text);
}

TEST(BackupManifestTest, AChangeOfAnyByteIsRefused) {
  const std::string text = EncodeManifest(Example(), KeyOf(1)).value();
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char change : {'\x01', '\x20', '\x7f'}) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ change);
      const auto read = DecodeManifest(changed, KeyOf(1));
      ASSERT_FALSE(read) << "byte " << at;
      EXPECT_EQ(read.error().code, ErrorCode::kCorruption);
    }
    EXPECT_FALSE(DecodeManifest(text.substr(0, at), KeyOf(1)));
  }
  EXPECT_FALSE(DecodeManifest(text + "\n", KeyOf(1)));
}

TEST(BackupManifestTest, WhoLacksTheKeyMakesNone) {
  const std::string text = EncodeManifest(Example(), KeyOf(2)).value();
  EXPECT_EQ(DecodeManifest(text, KeyOf(1)).error().code, ErrorCode::kCorruption);
}

}  // namespace
}  // namespace candour::home
