#include "ledger/member_keys.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "ledger/ledger_fixture.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

class MemberKeysTest : public LedgerTest {
 protected:
  MemberKeysTest() { fs::create_directories(Keys()); }
  fs::path Keys() const { return root_ / "member_keys"; }
  fs::path File() const { return Keys() / "00000.keys"; }

  auto OpenKeys(const crypto::Secret& key = crypto::Secret(32)) const {
    return MemberKeys::Open(storage::MachineFilesystem(), Keys(), key);
  }

  /// The keys of records 1, 2 and 3, without those that are destroyed.
  static std::vector<std::string> Read(MemberKeys& keys) {
    std::vector<std::string> read;
    EXPECT_TRUE(keys.Each(std::array{1U, 2U, 3U}, [&](std::uint32_t, const crypto::Secret& key) {
      read.emplace_back(key.Reveal());
    }));
    return read;
  }
};

TEST_F(MemberKeysTest, KeysStayWhatTheyAreAndStandInNoFile) {
  const std::vector<std::string> made = Read(*OpenKeys().value());
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(Read(*OpenKeys().value()), made);
  for (const std::string& key : made) EXPECT_EQ(BytesOfFile(File()).find(key), std::string::npos);
  ASSERT_TRUE(OpenKeys().value()->Destroy(std::array{2U}));
  EXPECT_EQ(Read(*OpenKeys().value()), (std::vector<std::string>{made[0], made[2]}));
}

TEST_F(MemberKeysTest, FilesFromBeforeAreSealedWhenTheyAreOpened) {
  std::string old(std::size_t{1} << 20, '\0');
  for (std::size_t i = 16; i < 64; ++i) old[i] = static_cast<char>(i);
  std::ofstream(File(), std::ios::binary) << old;
  const std::vector<std::string> kept = {old.substr(16, 16), old.substr(32, 16),
                                         old.substr(48, 16)};
  const auto keys = OpenKeys().value();
  EXPECT_EQ(BytesOfFile(File()).find(kept[0]), std::string::npos);
  EXPECT_EQ(Read(*keys), kept);
  EXPECT_EQ(Read(*OpenKeys().value()), kept);
}

TEST_F(MemberKeysTest, AChangedFileOrOneOfAnotherKeyIsRefused) {
  Read(*OpenKeys().value());
  const auto refused = [](Result<std::unique_ptr<MemberKeys>> keys) {
    if (!keys) return keys.error().code;
    const Status status = (*keys)->Each(std::array{1U}, [](std::uint32_t, const auto&) {});
    return status ? ErrorCode::kInternal : status.error().code;
  };
  crypto::Secret other(32);
  other.Fill()[0] = 1;
  EXPECT_EQ(refused(OpenKeys(other)), ErrorCode::kCorruption);
  const std::string whole = BytesOfFile(File());
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{9}, whole.size() / 2, whole.size() - 1}) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(File(), std::ios::binary | std::ios::trunc) << changed;
    EXPECT_EQ(refused(OpenKeys()), ErrorCode::kCorruption) << at;
  }
  std::ofstream(File(), std::ios::binary | std::ios::trunc) << whole;
  fs::rename(File(), Keys() / "00001.keys");
  const auto moved =
      OpenKeys().value()->Each(std::array{70'000U}, [](std::uint32_t, const auto&) {});
  EXPECT_EQ(moved.error().code, ErrorCode::kCorruption) << "the file of other records";
}

TEST_F(MemberKeysTest, SealingThatIsCutOffLosesNoKey) {
  const std::string old(std::size_t{1} << 20, 'k');
  for (std::uint64_t operation = 0;; ++operation) {
    storage::FaultyFilesystem files;
    ASSERT_TRUE(files.MakeDirectory("/keys"));
    {
      auto file = files.Create("/keys/00000.keys").value();
      ASSERT_TRUE(file->Append(old));
      ASSERT_TRUE(file->Sync());
      ASSERT_TRUE(files.SyncDirectory("/keys"));
      ASSERT_TRUE(files.SyncDirectory("/"));
    }
    files.FailAt(files.operations() + operation, storage::Fault::kIoError);
    const bool struck = !MemberKeys::Open(files, "/keys", crypto::Secret(32));
    files.PowerCycle();
    const auto keys = MemberKeys::Open(files, "/keys", crypto::Secret(32)).value();
    EXPECT_EQ(Read(*keys), std::vector<std::string>(3, std::string(16, 'k'))) << operation;
    if (!struck) break;
  }
}

}  // namespace
}  // namespace candour::ledger
