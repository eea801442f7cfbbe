#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <random>

#include "storage/crc32c.h"
#include "storage/durable_file.h"
#include "storage/faulty_filesystem.h"
#include "storage/lock_file.h"

namespace candour::storage {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    std::string folder = testing::TempDir() + "candour-files-XXXXXX";
    folder_ = ::mkdtemp(folder.data());
  }
  ~Files() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST(Crc32c, MeetsTheExamplesOfTheStandard) {
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62A8AB43U);
  EXPECT_EQ(Crc32c(""), 0U);
}

TEST_F(Files, TheMachinesFilesDoWhatTheSeamSays) {
  Filesystem& files = MachineFilesystem();
  const fs::path file = folder_ / "a";
  {
    auto out = files.OpenAppend(file).value();
    ASSERT_TRUE(out->Append("one "));
    ASSERT_TRUE(out->Append("two"));
    ASSERT_TRUE(out->Sync());
  }
  ASSERT_TRUE(files.OpenAppend(file).value()->Append("!"));
  EXPECT_EQ(files.Read(file).value(), "one two!");
  EXPECT_EQ(files.ReadRange(file, 4, 3).value(), "two");
  EXPECT_EQ(files.ReadRange(file, 6, 3).error().code, ErrorCode::kIo);
  struct stat facts = {};
  ASSERT_EQ(::stat(file.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777, 0600U);
  ASSERT_TRUE(files.MakeDirectory(folder_ / "sub"));
  ASSERT_TRUE(files.MakeDirectory(folder_ / "sub"));
  ASSERT_TRUE(files.Rename(file, folder_ / "b"));
  EXPECT_EQ(files.List(folder_).value(), std::vector<std::string>{"b"});
  EXPECT_FALSE(files.Exists(file).value());
  ASSERT_TRUE(files.Create(folder_ / "b"));
  EXPECT_EQ(files.Read(folder_ / "b").value(), "");
  ASSERT_TRUE(files.Remove(folder_ / "b"));
  EXPECT_TRUE(files.SyncDirectory(folder_));
  EXPECT_EQ(files.Read(folder_ / "b").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files.Remove(folder_ / "b").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(files.List(folder_ / "missing"));
  EXPECT_FALSE(files.MakeDirectory(folder_ / "missing" / "sub"));
}

TEST_F(Files, OneHolderOfALock) {
  Result<LockFile> first = LockFile::Acquire(folder_ / "lock");
  ASSERT_TRUE(first);
  EXPECT_EQ(LockFile::Acquire(folder_ / "lock").error().code, ErrorCode::kHomeBusy);
  first = Fail(ErrorCode::kInternal, "gone");
  EXPECT_TRUE(LockFile::Acquire(folder_ / "lock"));
  EXPECT_EQ(LockFile::Acquire(folder_ / "missing" / "lock").error().code, ErrorCode::kNotFound);
}

TEST_F(Files, ADurableFileLeavesNothingBesideIt) {
  ASSERT_TRUE(WriteDurably(MachineFilesystem(), folder_ / "a", "old"));
  ASSERT_TRUE(WriteDurably(MachineFilesystem(), folder_ / "a", "new"));
  EXPECT_EQ(MachineFilesystem().Read(folder_ / "a").value(), "new");
  EXPECT_EQ(MachineFilesystem().List(folder_).value(), std::vector<std::string>{"a"});
}

// Every operation fails in every way: afterwards the file is the old or the new one, and the new
// one when the write said that it succeeded.
TEST(DurableFile, IsOldOrNewWhateverFails) {
  for (const Fault fault : {Fault::kIoError, Fault::kDiskFull, Fault::kPowerCut}) {
    for (std::uint64_t operation = 0; operation < 8; ++operation) {
      FaultyFilesystem files;
      ASSERT_TRUE(WriteDurably(files, "/d/a", "old"));
      files.FailAt(files.operations() + operation, fault, 2);
      const bool done = WriteDurably(files, "/d/a", "newer").has_value();
      files.PowerCycle({.kept = 1});
      const std::string after = files.Read("/d/a").value();
      EXPECT_TRUE(after == "newer" || (!done && after == "old")) << operation << " " << after;
    }
  }
}

TEST(FaultyFilesystem, ForgetsWhatWasNotSynced) {
  FaultyFilesystem files;
  auto file = files.OpenAppend("/d/a").value();
  ASSERT_TRUE(file->Append("saved"));
  ASSERT_TRUE(file->Sync());
  ASSERT_TRUE(files.SyncDirectory("/d"));
  ASSERT_TRUE(file->Append("unsaved"));
  ASSERT_TRUE(files.Create("/d/nameless").value()->Sync());
  files.PowerCycle({.zeroed = 1, .kept = 3});
  EXPECT_EQ(files.Read("/d/a").value(), std::string("saved\0ns", 8));
  EXPECT_FALSE(files.Exists("/d/nameless").value());
  EXPECT_FALSE(file->Append("a dead process writes"));
}

TEST(FaultyFilesystem, AFailedSyncIsFinal) {
  FaultyFilesystem files;
  auto file = files.OpenAppend("/d/a").value();
  ASSERT_TRUE(files.SyncDirectory("/d"));
  ASSERT_TRUE(file->Append("x"));
  files.FailAt(files.operations(), Fault::kIoError);
  EXPECT_FALSE(file->Sync());
  EXPECT_TRUE(file->Sync());
  files.PowerCycle();
  EXPECT_EQ(files.Read("/d/a").value(), "");
}

}  // namespace
}  // namespace candour::storage
