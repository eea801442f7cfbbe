#include "storage/faulty_filesystem.h"

#include <gmock/gmock.h>

#include <set>

namespace candour::storage {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

/// What different seeds leave of `prepare`'s work, as the bytes of a file or "none".
template <class Prepare>
std::set<std::string> AllThatMayBeLeft(const std::string& file, const Prepare& prepare) {
  std::set<std::string> left;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    FaultyFilesystem files;
    prepare(files);
    files.PowerCycle({.seed = seed});
    const auto bytes = files.Read(file);
    left.insert(bytes ? *bytes : "none");
  }
  return left;
}

void Put(FaultyFilesystem& files, const std::string& name, const std::string& bytes) {
  const auto file = files.Create(name).value();
  ASSERT_TRUE(file->Append(bytes));
  ASSERT_TRUE(file->Sync());
  ASSERT_TRUE(files.SyncDirectory("/d"));
}

TEST(FaultyFilesystem, AnySubsetOfUnsyncedWritesMaySurvive) {
  const std::string zero(1, '\0');
  const auto left = AllThatMayBeLeft("/d/a", [](FaultyFilesystem& files) {
    Put(files, "/d/a", "!");
    const auto file = files.OpenAppend("/d/a").value();
    for (const char* write : {"1", "2", "3"}) ASSERT_TRUE(file->Append(write));
  });
  EXPECT_THAT(left, IsSupersetOf({"!" + std::string(), std::string("!123"), std::string("!1"),
                                  "!" + zero + "2", "!" + zero + zero + "3", "!1" + zero + "3",
                                  "!" + zero + zero + zero}));
  EXPECT_THAT(left, Not(Contains("none")));
}

TEST(FaultyFilesystem, AWriteTearsAtSectorsOnly) {
  const auto left = AllThatMayBeLeft("/d/a", [](FaultyFilesystem& files) {
    Put(files, "/d/a", std::string(100, 'a'));
    ASSERT_TRUE(files.OpenAppend("/d/a").value()->Append(std::string(1400, 'b')));
  });
  EXPECT_GE(left.size(), 8U) << "all ways to write the three sectors";
  for (const std::string& bytes : left) {
    ASSERT_EQ(bytes.substr(0, 100), std::string(100, 'a')) << "what was synced stays";
    for (std::size_t at = 100; at < bytes.size(); ++at) {
      const bool inside = at % CachedFile::kSectorBytes != 0 && at != 100;
      ASSERT_TRUE(!inside || bytes[at] == bytes[at - 1]) << at;
    }
  }
}

TEST(FaultyFilesystem, WithoutASyncOfTheFolderEitherNameMaySurvive) {
  const auto rename = [](FaultyFilesystem& files) {
    Put(files, "/d/a", "old");
    Put(files, "/d/a.new", "new");
    ASSERT_TRUE(files.Rename("/d/a.new", "/d/a"));
  };
  EXPECT_THAT(AllThatMayBeLeft("/d/a", rename), ElementsAre("new", "old"));
  EXPECT_THAT(AllThatMayBeLeft("/d/a.new", rename), ElementsAre("new", "none"));
  EXPECT_THAT(AllThatMayBeLeft("/d/a",
                               [](FaultyFilesystem& files) {
                                 Put(files, "/d/a", "x");
                                 ASSERT_TRUE(files.Remove("/d/a"));
                               }),
              ElementsAre("none", "x"));
  EXPECT_THAT(AllThatMayBeLeft("/d/a",
                               [](FaultyFilesystem& files) {
                                 ASSERT_TRUE(files.Create("/d/a").value()->Sync());
                               }),
              ElementsAre("", "none"));
}

TEST(FaultyFilesystem, NamesMaySurviveWithoutTheirBytes) {
  FaultyFilesystem files;
  ASSERT_TRUE(files.Create("/d/a").value()->Append("unsynced"));
  files.PowerCycle({.names = true});
  EXPECT_EQ(files.Read("/d/a").value(), "");
}

TEST(FaultyFilesystem, TheSameSeedLeavesTheSame) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    std::set<std::string> left;
    for (int time = 0; time < 2; ++time) {
      FaultyFilesystem files;
      Put(files, "/d/a", "");
      for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(files.OpenAppend("/d/a").value()->Append("some bytes"));
      }
      files.PowerCycle({.seed = seed});
      left.insert(files.Read("/d/a").value());
    }
    EXPECT_EQ(left.size(), 1U);
  }
}

// The pages of a failed sync count as written: what follows them is saved, they are not.
TEST(FaultyFilesystem, NoLaterSyncSavesWhatAFailedOneMet) {
  const auto left = AllThatMayBeLeft("/d/a", [](FaultyFilesystem& files) {
    Put(files, "/d/a", "1");
    const auto file = files.OpenAppend("/d/a").value();
    ASSERT_TRUE(file->Append("2"));
    files.FailAt(files.operations(), Fault::kIoError);
    ASSERT_FALSE(file->Sync());
    ASSERT_TRUE(file->Append("3"));
    ASSERT_TRUE(file->Sync());
    files.Kill();
    EXPECT_EQ(files.Read("/d/a").value(), "123") << "while the system runs it is read back";
    ASSERT_TRUE(files.OpenAppend("/d/a").value()->Sync());
  });
  EXPECT_THAT(left, ElementsAre(std::string("1\0"
                                            "3",
                                            3),
                                "123"));
}

TEST(FaultyFilesystem, OneSyncOfAllSavesEveryFileAndNameUnlessItFails) {
  const auto write = [](FaultyFilesystem& files) {
    for (const char* name : {"/d/a", "/d/e/b"}) {
      ASSERT_TRUE(files.Create(name).value()->Append("bytes"));
    }
  };
  const auto synced = [&](FaultyFilesystem& files) {
    write(files);
    ASSERT_TRUE(files.SyncAll("/d"));
  };
  const auto failed = [&](FaultyFilesystem& files) {
    write(files);
    files.FailAt(files.operations(), Fault::kIoError);
    ASSERT_FALSE(files.SyncAll("/d"));
    ASSERT_TRUE(files.SyncAll("/d"));
  };
  for (const char* name : {"/d/a", "/d/e/b"}) {
    EXPECT_THAT(AllThatMayBeLeft(name, write), Contains("none"));
    EXPECT_THAT(AllThatMayBeLeft(name, synced), ElementsAre("bytes"));
    EXPECT_THAT(AllThatMayBeLeft(name, failed), Not(Contains("none")))
        << "names can be saved again";
    EXPECT_NE(AllThatMayBeLeft(name, failed), AllThatMayBeLeft(name, synced));
  }
}

TEST(FaultyFilesystem, AFullDiskStaysFullUntilThereIsRoom) {
  FaultyFilesystem files;
  Put(files, "/d/other", "12345");
  const auto file = files.Create("/d/a").value();
  files.FailAt(files.operations(), Fault::kDiskFull, 2);
  EXPECT_EQ(file->Append("abcd").error().code, ErrorCode::kIo);
  EXPECT_EQ(files.Read("/d/a").value(), "ab");
  EXPECT_FALSE(file->Append("c"));
  EXPECT_FALSE(files.Create("/d/b"));
  EXPECT_TRUE(file->Sync());
  ASSERT_TRUE(files.Remove("/d/other"));
  EXPECT_TRUE(file->Append("cdefg"));
  EXPECT_FALSE(file->Append("h"));
  files.Kill();
  EXPECT_TRUE(files.OpenAppend("/d/a").value()->Append("h"));
}

TEST(FaultyFilesystem, HasRoomForSoManyBytes) {
  FaultyFilesystem files;
  files.SetSpace(10);
  const auto file = files.Create("/d/a").value();
  EXPECT_TRUE(file->Append("1234567"));
  EXPECT_FALSE(file->Append("8901234"));
  EXPECT_EQ(files.Read("/d/a").value(), "1234567890") << "a short write";
  files.Kill();
  EXPECT_FALSE(files.OpenAppend("/d/a").value()->Append("1")) << "over a restart, too";
  files.SetSpace(11);
  EXPECT_TRUE(files.OpenAppend("/d/a").value()->Append("1"));
}

TEST(FaultyFilesystem, FlipsOneBitOfOneRead) {
  FaultyFilesystem files;
  Put(files, "/d/a", "abc");
  files.FailAt(files.operations(), Fault::kBitFlip, 4);
  EXPECT_EQ(files.Read("/d/a").value(), "arc");
  EXPECT_EQ(files.Read("/d/a").value(), "abc");
  files.FailAt(files.operations(), Fault::kBitFlip);
  EXPECT_EQ(files.ReadRange("/d/a", 1, 2).value(), "cc");
  files.FailAt(files.operations(), Fault::kBitFlip);
  EXPECT_TRUE(files.Exists("/d/a").value());
  EXPECT_EQ(files.Read("/d/a").value(), "abc") << "it struck what is not a read";
}

TEST(FaultyFilesystem, DamageAtRestStays) {
  FaultyFilesystem files;
  Put(files, "/d/a", "abc");
  ASSERT_TRUE(files.OpenAppend("/d/a").value()->Append("d"));
  ASSERT_TRUE(files.Damage("/d/a", 1, 0x20));
  ASSERT_TRUE(files.Damage("/d/a", 3, 0x20));
  EXPECT_EQ(files.Read("/d/a").value(), "aBcD");
  files.PowerCycle({.kept = 1});
  EXPECT_EQ(files.Read("/d/a").value(), "aBcD");
  EXPECT_EQ(files.Damage("/d/a", 4, 1).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(files.Damage("/d/b", 0, 1).error().code, ErrorCode::kNotFound);
}

TEST(FaultyFilesystem, EveryKindOfOperationCanFail) {
  const auto fails = [](const auto& operation) {
    FaultyFilesystem files;
    Put(files, "/d/a", "abc");
    files.FailAt(files.operations(), Fault::kIoError);
    return !operation(files).has_value() && operation(files).has_value();
  };
  EXPECT_TRUE(fails([](auto& files) { return files.OpenAppend("/d/b"); }));
  EXPECT_TRUE(fails([](auto& files) { return files.Create("/d/b"); }));
  EXPECT_TRUE(fails([](auto& files) { return files.Read("/d/a"); }));
  EXPECT_TRUE(fails([](auto& files) { return files.ReadRange("/d/a", 0, 1); }));
  EXPECT_TRUE(fails([](auto& files) { return files.Rename("/d/a", "/d/b"); }));
  EXPECT_TRUE(fails([](auto& files) { return files.Remove("/d/a"); }));
  EXPECT_TRUE(fails([](auto& files) { return files.SyncDirectory("/d"); }));
  EXPECT_TRUE(fails([](auto& files) { return files.MakeDirectory("/d"); }));
  EXPECT_TRUE(fails([](auto& files) { return files.List("/d"); }));
  EXPECT_TRUE(fails([](auto& files) { return files.Exists("/d/a"); }));
}

}  // namespace
}  // namespace candour::storage
