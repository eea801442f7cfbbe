#include "intake/sealed_version.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/bytes.h"

#include "intake/test_home.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A key that no letter of is found in the files by chance.
constexpr std::string_view kPerson = "CARDOFSOMEBODY";

class SealedVersionTest : public testing::Test {
 protected:
  SealedVersionTest() {
    std::string orders = "card,item,quantity,price,day,kind,receipt\n";
    for (int i = 0; i < 500; ++i) {
      orders += fmt::format("{}{},milk,1,1.50,2026-01-02,a,r{}\n", kPerson, i, i);
    }
    orders += fmt::format("{}late,milk,many,1.50,2026-01-02,a,r500\n", kPerson);
    home_.Write("orders.csv", orders);
    const auto report = home_.Adopt(OrdersContract());
    EXPECT_TRUE(report) << report.error().ToString();
  }

  fs::path Folder() const { return VersionFolder(home_.state(), "shop.orders"); }
  DatasetVersion Version() const { return LoadCurrent(home_.state(), "shop.orders").value(); }

  Result<std::int64_t> CountRows(const DatasetVersion& version, const crypto::Secret& key) {
    CANDOUR_TRY(AttachRows(engine_, version, key, "d"));
    const auto table = engine_.Query("SELECT count(card) FROM d.main.rows");
    CANDOUR_TRY(engine_.Detach("d"));
    if (!table) return Fail(table.error());
    return std::get<std::int64_t>(table->rows[0][0]);
  }
  ErrorCode Refusal(const DatasetVersion& version, const crypto::Secret& key) {
    const auto count = CountRows(version, key);
    return count ? ErrorCode::kInternal : count.error().code;
  }

  TestHome home_;
  engine::Database engine_ = engine::Database::Open().value();
};

TEST_F(SealedVersionTest, AdoptWritesNothingThatCanBeReadOnTheDisk) {
  EXPECT_THAT(home_.Files("shop.orders"),
              ElementsAre("current", "v000001.duckdb", "v000001.key", "v000001.present",
                          "v000001.quarantine.duckdb"));
  for (const std::string& name : home_.Files("shop.orders")) {
    EXPECT_THAT(ReadWhole(Folder() / name), Not(HasSubstr(kPerson))) << name;
  }
  EXPECT_THAT(home_.Rows("shop.orders", "SELECT count(*), min(card) FROM rows.main.rows"),
              ElementsAre("500|CARDOFSOMEBODY0"));
  EXPECT_THAT(home_.Rows("shop.orders", "SELECT card FROM quarantine.main.quarantine"),
              ElementsAre("CARDOFSOMEBODYlate"));
}

TEST_F(SealedVersionTest, TakingTheKeyFileAwayDestroysTheVersion) {
  const DatasetVersion version = Version();
  ASSERT_TRUE(CountRows(version, home_.key()));
  fs::remove(KeyFile(Folder(), 1));
  EXPECT_EQ(Refusal(version, home_.key()), ErrorCode::kCorruption);
  EXPECT_EQ(LoadCurrent(home_.state(), "shop.orders").error().code, ErrorCode::kCorruption);
}

TEST_F(SealedVersionTest, OpensForItsHomeItsDatasetAndItsNumberOnly) {
  const DatasetVersion version = Version();
  crypto::Secret other(32);
  other.Fill()[0] = 1;
  EXPECT_EQ(Refusal(version, other), ErrorCode::kCorruption);
  DatasetVersion renamed = version;
  renamed.dataset = "shop.other";
  EXPECT_EQ(Refusal(renamed, home_.key()), ErrorCode::kCorruption);
  fs::copy_file(KeyFile(Folder(), 1), KeyFile(Folder(), 2));
  DatasetVersion later = version;
  later.number = 2;
  EXPECT_EQ(Refusal(later, home_.key()), ErrorCode::kCorruption);
  DatasetVersion swapped = version;
  std::swap(swapped.file, swapped.quarantine_file);
  EXPECT_EQ(Refusal(swapped, home_.key()), ErrorCode::kCorruption);
}

TEST_F(SealedVersionTest, RefusesAKeyFileThatIsCutShortOrChanged) {
  const DatasetVersion version = Version();
  const fs::path file = KeyFile(Folder(), 1);
  const std::string good = ReadWhole(file);
  // The marks of the quarantine are not looked at when rows are read, so the changes end there.
  const std::size_t rows_end = 8 + 60 + 8 + GetLittleEndian<std::uint64_t>(good.data() + 68);
  for (std::size_t at = 0; at < rows_end; ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    WriteWhole(file, changed);
    ASSERT_EQ(Refusal(version, home_.key()), ErrorCode::kCorruption) << at;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    WriteWhole(file, good.substr(0, size));
    ASSERT_EQ(Refusal(version, home_.key()), ErrorCode::kCorruption) << size;
  }
  WriteWhole(file, good + "x");
  EXPECT_EQ(Refusal(version, home_.key()), ErrorCode::kCorruption);
  WriteWhole(file, good);
  EXPECT_EQ(CountRows(version, home_.key()).value(), 500);
}

TEST_F(SealedVersionTest, EveryVersionHasItsOwnKey) {
  const std::string first = ReadWhole(KeyFile(Folder(), 1));
  ASSERT_TRUE(home_.Adopt(OrdersContract()));
  EXPECT_TRUE(fs::exists(KeyFile(Folder(), 1))) << "queries on the version before finish";
  EXPECT_NE(ReadWhole(KeyFile(Folder(), 2)).substr(0, 100), first.substr(0, 100));
  ASSERT_TRUE(home_.Adopt(OrdersContract()));
  EXPECT_FALSE(fs::exists(KeyFile(Folder(), 1))) << "then its key goes with it";
}

// What 0.1 wrote is read until the next adopt, which encrypts it.
TEST_F(SealedVersionTest, ReadsAVersionOfTheTimeBeforeEncryption) {
  DatasetVersion version = Version();
  const fs::path old = home_.dir() / "old";
  fs::create_directories(VersionFolder(old, "shop.orders"));
  version.number = 1;
  version.sealed = false;
  const fs::path folder = VersionFolder(old, "shop.orders");
  {
    auto engine = engine::Database::Open().value();
    ASSERT_TRUE(engine.AttachNew(RowsFile(folder, 1), "out"));
    ASSERT_TRUE(engine.Run("CREATE TABLE out.main.rows AS SELECT 'c' AS card"));
    ASSERT_TRUE(engine.Detach("out"));
  }
  version.file = RowsFile(folder, 1);
  EXPECT_EQ(CountRows(version, home_.key()).value(), 1);
}

}  // namespace
}  // namespace candour::intake
