#include "ledger/set_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/test_secret.h"
#include "ledger/erasure.h"
#include "ledger/vault.h"

namespace candour::ledger {
namespace {

class SetStoreTest : public testing::Test {
 protected:
  SetStoreTest() {
    std::string folder = testing::TempDir() + "candour-sets-XXXXXX";
    folder_ = ::mkdtemp(folder.data());
    std::filesystem::create_directories(folder_ / "sets");
    std::filesystem::create_directories(folder_ / "keys");
  }
  ~SetStoreTest() override { std::filesystem::remove_all(folder_); }

  SetStore Open(std::string_view salt = "salt") const {
    return {storage::MachineFilesystem(), folder_ / "sets", crypto::SecretOf(salt)};
  }
  static Bitmap People() {
    Bitmap set;
    for (const std::size_t record : {3, 70, 500}) set.Add(record);
    return set;
  }

  std::filesystem::path folder_;
};

TEST_F(SetStoreTest, EqualSetsShareAnIdUnlessTheyStandAlone) {
  SetStore store = Open();
  const SetId shared = store.Store(People()).value();
  EXPECT_EQ(store.Store(People()).value(), shared);
  const SetId alone = store.StoreAlone(People()).value();
  const SetId other = store.StoreAlone(People()).value();
  EXPECT_NE(alone, shared);
  EXPECT_NE(alone, other);
  SetStore again = Open();
  for (const SetId& id : {shared, alone, other}) {
    EXPECT_TRUE(again.Has(id).value());
    EXPECT_TRUE(again.Load(id).value()->Contains(70));
    EXPECT_FALSE(again.Load(id).value()->Contains(71));
  }
}

TEST_F(SetStoreTest, EveryChangedByteOfALoneSetIsNoticed) {
  const SetId id = Open().StoreAlone(People()).value();
  const auto file = folder_ / "sets" / (id.hex + ".set");
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    std::ofstream(file, std::ios::binary) << changed;
    EXPECT_EQ(Open().LoadKept(id).error().code, ErrorCode::kCorruption) << i;
  }
  std::ofstream(file, std::ios::binary) << bytes.substr(0, 20);
  EXPECT_EQ(Open().LoadKept(id).error().code, ErrorCode::kCorruption);
  std::ofstream(file, std::ios::binary) << bytes;
  EXPECT_TRUE(Open().LoadKept(id));
  EXPECT_FALSE(Open("another home's").LoadKept(id));
}

TEST_F(SetStoreTest, PeopleAreErasedFromALoneSetToo) {
  const crypto::Secret vault_key(32);
  Vault vault = Vault::Open(folder_ / "vault.db", vault_key).value();
  const auto keys =
      MemberKeys::Open(storage::MachineFilesystem(), folder_ / "keys", vault_key).value();
  SetStore store(storage::MachineFilesystem(), folder_ / "sets", vault.SetSalt().value());
  const SetId id = store.StoreAlone(People()).value();
  const std::uint32_t erased = 70;
  ASSERT_TRUE(EraseRecords({&erased, 1}, vault, store, *keys));
  EXPECT_FALSE(store.Load(id).value()->Contains(70));
  EXPECT_TRUE(store.Load(id).value()->Contains(500));
  EXPECT_EQ(store.LoadKept(id)->orphans.size(), 1U);
}

}  // namespace
}  // namespace candour::ledger
