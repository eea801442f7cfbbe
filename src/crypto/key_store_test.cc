#include "crypto/key_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "base/encoding.h"
#include "crypto/test_secret.h"

namespace candour::crypto {
namespace {

// Little work for a test.
constexpr PassphraseCost kCheap = {.memory_kib = 64, .passes = 1};

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
  for (const std::size_t size : {0U, 31U, 33U, 123U, 124U, 125U}) {
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

Result<Secret> NobodyIsThere() { return Fail(ErrorCode::kKeyLocked, "nobody"); }

TEST_F(KeyStore, AnOldKeyFileAsksForNoPassphrase) {
  std::ofstream(File()) << std::string(kKeySize, 'k');
  ASSERT_EQ(::chmod(File().c_str(), 0600), 0);
  EXPECT_EQ(ReadRootKey(File(), NobodyIsThere)->Reveal(), std::string(kKeySize, 'k'));
  EXPECT_FALSE(HasPassphrase(File()).value());
}

TEST_F(KeyStore, KeepsTheKeyWhenAPassphraseIsSetChangedAndRemoved) {
  ASSERT_TRUE(CreateRootKey(File()));
  const Secret key = ReadRootKey(File()).value();
  const auto open_with = [&](std::string_view text) {
    return ReadRootKey(File(), [text]() -> Result<Secret> { return SecretOf(text); });
  };
  ASSERT_TRUE(WriteRootKey(File(), key, SecretOf("the first passphrase"), kCheap));
  EXPECT_TRUE(HasPassphrase(File()).value());
  EXPECT_EQ(open_with("the first passphrase")->Reveal(), key.Reveal());
  EXPECT_EQ(open_with("the second passphrase").error().code, ErrorCode::kKeyPassphrase);
  EXPECT_EQ(ReadRootKey(File(), NobodyIsThere).error().code, ErrorCode::kKeyLocked);

  ASSERT_TRUE(WriteRootKey(File(), key, SecretOf("the second passphrase"), kCheap));
  EXPECT_EQ(open_with("the first passphrase").error().code, ErrorCode::kKeyPassphrase);
  EXPECT_EQ(open_with("the second passphrase")->Reveal(), key.Reveal());

  ASSERT_TRUE(WriteRootKey(File(), key, std::nullopt));
  EXPECT_EQ(ReadRootKey(File(), NobodyIsThere)->Reveal(), key.Reveal());
  struct stat facts = {};
  ASSERT_EQ(::stat(File().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
}

TEST_F(KeyStore, LeavesTheKeyAsItIsWhenAPassphraseCannotBeSet) {
  ASSERT_TRUE(CreateRootKey(File()));
  const Secret key = ReadRootKey(File()).value();
  EXPECT_EQ(WriteRootKey(File(), key, SecretOf(""), kCheap).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(WriteRootKey(folder_ / "missing" / "root.key", key, std::nullopt).error().code,
            ErrorCode::kIo);
  // A folder in the way of the new file: nothing can be put beside the old one.
  std::filesystem::create_directory(File().string() + ".new");
  EXPECT_EQ(WriteRootKey(File(), key, SecretOf("long enough"), kCheap).error().code,
            ErrorCode::kIo);
  EXPECT_EQ(ReadRootKey(File(), NobodyIsThere)->Reveal(), key.Reveal());
}

TEST_F(KeyStore, TakesUpWhatAnInterruptedChangeLeft) {
  ASSERT_TRUE(CreateRootKey(File()));
  const Secret key = ReadRootKey(File()).value();
  std::ofstream(File().string() + ".new") << "half of a ke";
  ASSERT_TRUE(WriteRootKey(File(), key, SecretOf("long enough"), kCheap));
  EXPECT_FALSE(std::filesystem::exists(File().string() + ".new"));
  EXPECT_TRUE(HasPassphrase(File()).value());
}

TEST_F(KeyStore, GenerationsSeparateKeysAndTheFirstIsWhatItWas) {
  const Secret root(kKeySize);
  EXPECT_EQ(LabelOfGeneration(kSigningKey, 1), kSigningKey);
  EXPECT_EQ(LabelOfGeneration(kSigningKey, 2), "signing/2");
  EXPECT_NE(DeriveKey(root, LabelOfGeneration(kSigningKey, 2)).Reveal(),
            DeriveKey(root, LabelOfGeneration(kSigningKey, 3)).Reveal());
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
