#include "crypto/key_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "base/encoding.h"

namespace candour::crypto {
namespace {

class KeyStore : public testing::Test {
 protected:
  KeyStore() {
    std::string folder = testing::TempDir() + "candour-keys-XXXXXX";
    folder_ = ::mkdtemp(folder.data());
  }
  ~KeyStore() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path File() const { return folder_ / "root.key"; }

  std::filesystem::path folder_;
};

TEST_F(KeyStore, MakesAKeyThatOnlyItsOwnerReads) {
  ASSERT_TRUE(CreateRootKey(File()));
  struct stat facts = {};
  ASSERT_EQ(::stat(File().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
  const auto key = ReadRootKey(File());
  ASSERT_TRUE(key);
  EXPECT_EQ(key->size(), kKeySize);
  EXPECT_EQ(key->Reveal(), ReadRootKey(File())->Reveal());
}

TEST_F(KeyStore, NeverWritesOverAKey) {
  ASSERT_TRUE(CreateRootKey(File()));
  const Secret before = ReadRootKey(File()).value();
  EXPECT_EQ(CreateRootKey(File()).error().code, ErrorCode::kConflict);
  EXPECT_EQ(ReadRootKey(File())->Reveal(), before.Reveal());
}

TEST_F(KeyStore, RefusesAKeyOpenToOthers) {
  ASSERT_TRUE(CreateRootKey(File()));
  for (const mode_t mode : {0640U, 0604U, 0660U, 0610U}) {
    ASSERT_EQ(::chmod(File().c_str(), mode), 0);
    EXPECT_EQ(ReadRootKey(File()).error().code, ErrorCode::kHomePermissions);
  }
}

TEST_F(KeyStore, RefusesWhatIsNoKey) {
  EXPECT_EQ(ReadRootKey(File()).error().code, ErrorCode::kNotFound);
  for (const std::size_t size : {0U, 31U, 33U}) {
    std::ofstream(File(), std::ios::trunc) << std::string(size, 'k');
    ASSERT_EQ(::chmod(File().c_str(), 0600), 0);
    EXPECT_EQ(ReadRootKey(File()).error().code, ErrorCode::kCorruption) << size;
  }
  std::filesystem::create_symlink(File(), folder_ / "link");
  EXPECT_EQ(ReadRootKey(folder_ / "link").error().code, ErrorCode::kIo);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(ReadRootKey(folder_ / "pipe").error().code, ErrorCode::kCorruption);
  EXPECT_EQ(CreateRootKey(folder_ / "missing" / "root.key").error().code, ErrorCode::kIo);
}

TEST_F(KeyStore, LabelsSeparateKeys) {
  Secret root(kKeySize);
  EXPECT_EQ(DeriveKey(root, kPseudonymKey).Reveal(), DeriveKey(root, kPseudonymKey).Reveal());
  EXPECT_NE(DeriveKey(root, kPseudonymKey).Reveal(), DeriveKey(root, kSigningKey).Reveal());
  Secret other(kKeySize);
  other.Fill()[0] = 1;
  EXPECT_NE(DeriveKey(root, kPseudonymKey).Reveal(), DeriveKey(other, kPseudonymKey).Reveal());
}

// A change of this value would change every pseudonym ever given out.
TEST_F(KeyStore, DerivesWhatItAlwaysDid) {
  const Secret root(kKeySize);
  EXPECT_EQ(HexEncode(DeriveKey(root, kPseudonymKey).Reveal()),
            "288c35f74c3d5b77436c85d18b8997af48771f135b4ad15b52aa6e68156fb3d4");
}

TEST_F(KeyStore, FindsTheFileThatTheEnvironmentNames) {
  ::setenv("CANDOUR_KEY_FILE", "/somewhere/root.key", 1);
  EXPECT_EQ(KeyFileFromEnvironment(), "/somewhere/root.key");
  ::setenv("CANDOUR_KEY_FILE", "", 1);
  EXPECT_EQ(KeyFileFromEnvironment(), std::nullopt);
  ::unsetenv("CANDOUR_KEY_FILE");
  EXPECT_EQ(KeyFileFromEnvironment(), std::nullopt);
}

}  // namespace
}  // namespace candour::crypto
