// Sources that are refused: what was adopted before stays as it was.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "intake/adopt.h"
#include "intake/dataset_version.h"
#include "intake/test_home.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;
using catalogue::Dataset;
using catalogue::Source;
using testing::HasSubstr;
using testing::Not;

const std::string kHeader = "card,item,quantity,price,day,kind,receipt\n";
const std::string kGoodRow = "C1,tea,1,2.50,2017-08-04,a,r1\n";

/// A home whose orders were adopted once.
class AdoptRefusalTest : public testing::Test {
 protected:
  AdoptRefusalTest() {
    home_.Write("orders.csv", kHeader + kGoodRow);
    EXPECT_TRUE(home_.Adopt(OrdersContract()));
    pointer_ = ReadWhole(Pointer());
    epoch_ = home_.people().Epoch().value();
  }

  fs::path Pointer() const { return VersionFolder(home_.state(), "shop.orders") / "current"; }

  /// Adopting fails with `code`, tells nothing of the data, and changes nothing.
  void ExpectRefused(const Dataset& dataset, ErrorCode code) {
    const auto report = home_.Adopt(dataset);
    ASSERT_FALSE(report) << dataset.source.location;
    EXPECT_EQ(report.error().code, code) << report.error().ToString();
    EXPECT_THAT(report.error().ToString(), Not(HasSubstr("SECRET")));
    EXPECT_EQ(ReadWhole(Pointer()), pointer_);
    EXPECT_TRUE(LoadCurrent(home_.state(), "shop.orders"));
    EXPECT_EQ(home_.people().Epoch().value(), epoch_);
    EXPECT_THAT(home_.Files("shop.orders"), Not(testing::Contains(HasSubstr("staging"))));
    // The register is not left in a transaction.
    EXPECT_TRUE(home_.people().Begin());
    EXPECT_TRUE(home_.people().Rollback());
  }

  TestHome home_;
  std::string pointer_;
  std::int64_t epoch_ = 0;
};

TEST_F(AdoptRefusalTest, AFileThatIsNotTheCsvItShouldBe) {
  const std::string good = kHeader + kGoodRow;
  for (const std::string& text : {
           std::string(),
           std::string("\n"),
           std::string("card;item;quantity;price;day;kind;receipt\nSECRET;;;;;;\n"),
           std::string("card,item\nSECRET,tea\n"),
           std::string("SECRET,tea,1,2.50,2017-08-04,a,r1\n"),  // no header
           std::string("card,item,quantity,price,day,kind,receipt,Card\nSECRET,t,,,,,,\n"),
           good + "SECRET,tea\n",
           good + "SECRET,tea,1,2.50,2017-08-04,a,r2,more\n",
           good + "SECRET,\"tea,1,2.50,2017-08-04,a,r2\n",
           good + "SECRET,\"t\"ea,1,2.50,2017-08-04,a,r2\n",
           good + "SECRET,t\xff" + "a,1,2.50,2017-08-04,a,r2\n",
       }) {
    home_.Write("orders.csv", text);
    ExpectRefused(OrdersContract(), ErrorCode::kDataInvalid);
  }
}

TEST_F(AdoptRefusalTest, ABadRowFarDownIsFoundAndItsLineNamed) {
  std::string text = kHeader;
  for (int i = 0; i < 60000; ++i) text += "C1,tea,1,2.50,2017-08-04,a,\n";
  home_.Write("orders.csv", text + "SECRET,tea\n");
  const auto report = home_.Adopt(OrdersContract());
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().found, HasSubstr("line 60002"));
  ExpectRefused(OrdersContract(), ErrorCode::kDataInvalid);
}

TEST_F(AdoptRefusalTest, AFileThatIsNoParquetOrJson) {
  Dataset dataset = OrdersContract();
  dataset.source = {.kind = Source::Kind::kParquet, .location = "sources/orders.csv"};
  ExpectRefused(dataset, ErrorCode::kDataInvalid);
  dataset.source = {.kind = Source::Kind::kJson, .location = "sources/orders.json"};
  for (const std::string_view text : {"", "[]", "[1, 2]", "{\"card\": \"SECRET\"", "\"SECRET\"",
                                      "{\"card\": \"SECRET\"}\nSECRET", "{\"card\":\"SECRET\"}"}) {
    home_.Write("orders.json", text);
    ExpectRefused(dataset, ErrorCode::kDataInvalid);
  }
}

TEST_F(AdoptRefusalTest, ASourceOfWhichNotOneRowKeepsTheContract) {
  home_.Write("orders.csv", fmt::format("{},tea,,,,,\nSECRET,,,,,,\n", kHeader));
  ExpectRefused(OrdersContract(), ErrorCode::kDataInvalid);
  const auto report = home_.Adopt(OrdersContract());
  EXPECT_EQ(report.error().found, "required: card (1), required: item (1)");
}

TEST_F(AdoptRefusalTest, AMissingFileAFolderAndAPattern) {
  Dataset dataset = OrdersContract();
  home_.Write("all*.csv", kHeader + kGoodRow);
  for (const char* location : {"sources/none.csv", "sources/../sources", "sources/all*.csv"}) {
    dataset.source.location = location;
    const auto report = home_.Adopt(dataset);
    ASSERT_FALSE(report) << location;
    EXPECT_THAT(report.error().code,
                testing::AnyOf(ErrorCode::kDataInvalid, ErrorCode::kSourceNotAllowed));
  }
}

TEST_F(AdoptRefusalTest, APathThatLeavesTheAllowedFolders) {
  const std::string text = kHeader + kGoodRow;
  fs::create_directories(home_.dir() / "private");
  WriteWhole(home_.dir() / "private" / "orders.csv", text);
  WriteWhole(home_.state() / "orders.csv", text);
  fs::create_directories(home_.dir() / "sources-old");
  WriteWhole(home_.dir() / "sources-old" / "orders.csv", text);
  fs::create_symlink(home_.dir() / "private" / "orders.csv", home_.dir() / "sources" / "link.csv");
  fs::create_symlink(home_.dir() / "private", home_.dir() / "sources" / "folder");
  Dataset dataset = OrdersContract();
  for (const std::string& location :
       {std::string("private/orders.csv"), std::string("sources/../private/orders.csv"),
        std::string("sources/link.csv"), std::string("sources/folder/orders.csv"),
        std::string("sources-old/orders.csv"), std::string("state/orders.csv"),
        std::string("private/not-there.csv"), std::string("/etc/passwd"), std::string(""),
        (home_.dir() / "private" / "orders.csv").string()}) {
    dataset.source.location = location;
    ExpectRefused(dataset, ErrorCode::kSourceNotAllowed);
  }
}

TEST_F(AdoptRefusalTest, TheStateIsNoSourceEvenWhenTheWholeHomeIsAllowed) {
  WriteWhole(home_.state() / "orders.csv", kHeader + kGoodRow);
  Dataset dataset = OrdersContract();
  dataset.source.location = "state/orders.csv";
  const auto report = Adopt({.dataset = dataset,
                             .state_dir = home_.state(),
                             .home_dir = home_.dir(),
                             .allowed_sources = {"."},
                             .people = home_.people(),
                             .key_encryption_key = home_.key(),
                             .clock = home_.clock()});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kSourceNotAllowed);
}

TEST_F(AdoptRefusalTest, APostgresqlServerThatIsNotListedOrNotNamed) {
  Dataset dataset = OrdersContract();
  for (const char* location :
       {"host=db.example port=1 dbname=x", "dbname=x", "host=allowed.example hostaddr=10.0.0.1",
        "service=allowed.example", "host=allowed.example,other.example", "this is = not ' one"}) {
    dataset.source = {.kind = Source::Kind::kPostgres, .location = location, .table = "s.t"};
    const auto report = Adopt({.dataset = dataset,
                               .state_dir = home_.state(),
                               .home_dir = home_.dir(),
                               .allowed_sources = {"sources", "postgresql:allowed.example"},
                               .people = home_.people(),
                               .key_encryption_key = home_.key(),
                               .clock = home_.clock()});
    ASSERT_FALSE(report) << location;
    EXPECT_EQ(report.error().code, ErrorCode::kSourceNotAllowed) << location;
  }
}

}  // namespace
}  // namespace candour::intake
