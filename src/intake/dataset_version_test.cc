#include "intake/dataset_version.h"

#include <gmock/gmock.h>

#include "intake/present_file.h"
#include "intake/test_home.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;

/// Every shortened and every changed copy of the file makes LoadCurrent fail, and none crashes it.
void ExpectEveryDamageIsSeen(const TestHome& home, const fs::path& file) {
  const std::string whole = ReadWhole(file);
  ASSERT_TRUE(LoadCurrent(home.state(), "shop.orders"));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    WriteWhole(file, whole.substr(0, i));
    const auto shortened = LoadCurrent(home.state(), "shop.orders");
    ASSERT_FALSE(shortened) << file << " cut off after " << i;
    EXPECT_EQ(shortened.error().code, ErrorCode::kCorruption);
    for (const int flip : {1, 0x80}) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      WriteWhole(file, changed);
      ASSERT_FALSE(LoadCurrent(home.state(), "shop.orders")) << file << " changed at " << i;
    }
  }
  WriteWhole(file, whole + whole.back());
  EXPECT_FALSE(LoadCurrent(home.state(), "shop.orders"));
  WriteWhole(file, whole);
  EXPECT_TRUE(LoadCurrent(home.state(), "shop.orders"));
}

TEST(DatasetVersionTest, DamageToThePointerOrTheSetIsSeen) {
  TestHome home;
  home.Write("orders.csv", "card,item,quantity,price,day,kind,receipt\nC1,tea,,,,,\nC2,tea,,,,,\n");
  ASSERT_TRUE(home.Adopt(OrdersContract()));
  const fs::path folder = VersionFolder(home.state(), "shop.orders");
  ExpectEveryDamageIsSeen(home, folder / "current");
  ExpectEveryDamageIsSeen(home, folder / "v000001.present");
  for (const char* name : {"v000001.present", "v000001.duckdb", "v000001.quarantine.duckdb"}) {
    fs::rename(folder / name, folder / "away");
    EXPECT_EQ(LoadCurrent(home.state(), "shop.orders").error().code, ErrorCode::kCorruption);
    fs::rename(folder / "away", folder / name);
  }
}

TEST(DatasetVersionTest, ADatasetThatWasNeverAdoptedSaysWhatToDo) {
  const TestHome home;
  const auto version = LoadCurrent(home.state(), "shop.orders");
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().code, ErrorCode::kDatasetEmpty);
  EXPECT_EQ(version.error().next, "candour adopt shop.orders");
}

TEST(DatasetVersionTest, TheSetComesBackWhateverItsSize) {
  const TestHome home;
  const fs::path file = home.state() / "set.present";
  storage::Filesystem& files = storage::MachineFilesystem();
  for (const std::vector<std::size_t>& numbers :
       std::vector<std::vector<std::size_t>>{{}, {0}, {1, 63, 64}, {1, 1000000}}) {
    Bitmap set(5000);
    for (const std::size_t number : numbers) set.Add(number);
    ASSERT_TRUE(WritePresent(files, file, set));
    const auto read = ReadPresent(files, file);
    ASSERT_TRUE(read);
    EXPECT_EQ(**read, set);
  }
}

}  // namespace
}  // namespace candour::intake
