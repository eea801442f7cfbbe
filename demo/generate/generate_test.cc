#include "generate.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "engine/database.h"

namespace candour::demo {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(CANDOUR_DEMO_DIR) / "data";

std::string Bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Generates once for all tests of this file.
class GenerateTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = fs::temp_directory_path() / ("candour_demo_" + std::to_string(getpid()));
    const Status status = Generate(kData, folder_ / "a");
    ASSERT_TRUE(status) << status.error().ToString();
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }

  /// The one value of a query in which $NAME stands for the generated CSV of that name.
  static std::string Ask(std::string sql) {
    for (const char* name : {"members_register", "members_cause_choices", "insurance_policies",
                             "funeralcare_plans", "legal_matters", "truth"}) {
      const std::string mark = std::string("$") + name;
      const fs::path file = folder_ / "a" / (std::string(name) + ".csv");
      const std::string table =
          "read_csv(" + engine::QuoteLiteral(file.string()) + ", all_varchar=true)";
      for (std::size_t at = sql.find(mark); at != std::string::npos; at = sql.find(mark)) {
        sql.replace(at, mark.size(), table);
      }
    }
    auto database = engine::Database::Open();
    if (!database) return database.error().ToString();
    auto table = database->Query(sql);
    if (!table) return table.error().ToString();
    return engine::ToText(table->rows.at(0).at(0));
  }

  static std::string Parquet(const fs::path& file) {
    return "read_parquet(" + engine::QuoteLiteral(file.string()) + ")";
  }

  static fs::path folder_;
};

fs::path GenerateTest::folder_;

TEST_F(GenerateTest, TheSameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  ASSERT_TRUE(Generate(kData, folder_ / "b"));
  ASSERT_TRUE(Generate(kData, folder_ / "c", kSeed + 1));
  for (const char* name :
       {"members_register.csv", "members_cause_choices.csv", "insurance_policies.csv",
        "funeralcare_plans.csv", "legal_matters.csv", "truth.csv"}) {
    EXPECT_EQ(Bytes(folder_ / "a" / name), Bytes(folder_ / "b" / name)) << name;
    EXPECT_NE(Bytes(folder_ / "a" / name), Bytes(folder_ / "c" / name)) << name;
  }
}

TEST_F(GenerateTest, MakesTwentyThousandDistinctMembers) {
  EXPECT_EQ(Ask("SELECT count(DISTINCT member_id) FROM $members_register"), "20000");
  EXPECT_EQ(Ask("SELECT count(DISTINCT email) FROM $members_register"), "20000");
  EXPECT_EQ(Ask("SELECT count(*) FROM $members_register WHERE email NOT LIKE '%@example.org' "
                "OR phone NOT LIKE '07700 900___'"),
            "0");
}

TEST_F(GenerateTest, EveryHouseholdAndCustomerBelongsToExactlyOneMember) {
  const std::string lines = Parquet(kData / "complete_journey/transactions_sample.parquet");
  EXPECT_EQ(Ask("SELECT count(food_card) || ' ' || count(DISTINCT food_card) "
                "FROM $members_register"),
            "2377 2377");
  EXPECT_EQ(Ask("SELECT count(*) FROM " + lines +
                " WHERE household_id::VARCHAR NOT IN (SELECT food_card FROM $members_register "
                "WHERE food_card IS NOT NULL)"),
            "0");
  EXPECT_EQ(Ask("SELECT count(electrical_customer) || ' ' || count(DISTINCT electrical_customer) "
                "FROM $members_register"),
            "4372 4372");
}

TEST_F(GenerateTest, HouseholdsGoToMembersOfTheAgeTheyTold) {
  const fs::path demographics = kData / "complete_journey/demographics.csv";
  EXPECT_EQ(Ask("SELECT count(*) FROM $members_register m JOIN read_csv(" +
                engine::QuoteLiteral(demographics.string()) +
                ", all_varchar=true) d ON d.household_id = m.food_card WHERE d.age = '65+' AND "
                "m.birth_date::DATE >= DATE '1962-01-01'"),
            "0");
  EXPECT_EQ(Ask("SELECT count(*) FROM $members_register WHERE food_card IS NULL"), "17623");
}

TEST_F(GenerateTest, FlagsComeInTheDeclaredProportions) {
  const std::string share = "SELECT round(100 * count(*) FILTER (coalesce(food_email_flag, '') = '";
  const std::string of = "') / count(*)) FROM $members_register";
  EXPECT_THAT(std::stod(Ask(share + "Y" + of)), testing::DoubleNear(35, 1));
  EXPECT_THAT(std::stod(Ask(share + "S" + of)), testing::DoubleNear(10, 1));
  EXPECT_THAT(std::stod(Ask(share + "1" + of)), testing::DoubleNear(20, 1));
  EXPECT_THAT(std::stod(Ask(share + "N" + of)), testing::DoubleNear(10, 1));
  EXPECT_THAT(std::stod(Ask(share + of)), testing::DoubleNear(25, 1));
  EXPECT_EQ(Ask("SELECT count(*) FROM $members_register WHERE food_email_flag = '1' "
                "AND food_email_at IS NOT NULL"),
            "0");
}

TEST_F(GenerateTest, TheTruthSaysWhoAUnitsCustomerReallyIs) {
  EXPECT_EQ(Ask("SELECT count(*) FROM $truth"), "20000");
  EXPECT_EQ(Ask("SELECT count(*) FROM $insurance_policies p JOIN $truth t "
                "ON t.insurance_customer = p.customer_no WHERE p.member_id <> t.member_id"),
            "0");
  EXPECT_EQ(Ask("SELECT count(*) FROM $funeralcare_plans p ANTI JOIN $truth t "
                "ON t.funeralcare_client = p.client_no"),
            "0");
  EXPECT_EQ(Ask("SELECT count(*) FROM $legal_matters p ANTI JOIN $truth t "
                "ON t.legal_client = p.client_no"),
            "0");
}

TEST_F(GenerateTest, CausesLieInWardsThatReceivedGrants) {
  const fs::path wards = kData / "causes_coop/coop_lcf_2017_by_ward.csv";
  EXPECT_EQ(Ask("SELECT count(*) FROM $members_cause_choices c ANTI JOIN read_csv(" +
                engine::QuoteLiteral(wards.string()) + ") w ON w.ward_code = c.ward_code"),
            "0");
  EXPECT_THAT(std::stod(Ask("SELECT count(*) FROM $members_cause_choices")),
              testing::DoubleNear(12000, 300));
}

TEST_F(GenerateTest, EveryGeneratedRowSaysThatItIsSynthetic) {
  for (const char* name : {"members_register", "members_cause_choices", "insurance_policies",
                           "funeralcare_plans", "legal_matters"}) {
    EXPECT_EQ(Ask(std::string("SELECT count(*) FROM $") + name +
                  " WHERE synthetic IS DISTINCT FROM 'true'"),
              "0")
        << name;
  }
}

TEST_F(GenerateTest, ProductsCarryWhatTheyGiveAway) {
  const std::string products = Parquet(folder_ / "a/food_products.parquet");
  EXPECT_EQ(Ask("SELECT count(*) || ' ' || count(DISTINCT product_id) FROM " + products),
            "92331 92331");
  EXPECT_EQ(Ask("SELECT DISTINCT sensitive_category FROM " + products +
                " WHERE product_category = 'ANALGESICS' AND product_type NOT LIKE '%KOSHER%'"),
            "candour:medicines");
  EXPECT_EQ(Ask("SELECT count(DISTINCT sensitive_category) FROM " + products), "9");
}

TEST_F(GenerateTest, RefusesDataThatIsNotTheDemos) {
  const Status status = Generate(folder_ / "nowhere", folder_ / "d");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kDataInvalid);
  EXPECT_THAT(status.error().ToString(), testing::HasSubstr("transactions_sample.parquet"));
  EXPECT_FALSE(fs::exists(folder_ / "d/members_register.csv"));
}

}  // namespace
}  // namespace candour::demo
