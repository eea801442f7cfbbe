#include "home/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "home/init.h"

namespace candour::home {
namespace {

std::string Print(const Diagnostics& errors) {
  std::string text;
  for (const Error& error : errors) text += error.ToString() + "\n";
  return text;
}

/// The example home, extended so that every kind of declaration is in it.
std::vector<DeclarationFile> Home() {
  std::vector<DeclarationFile> files = ExampleDeclarations();
  files.push_back({"units/labs.yaml",
                   "apiVersion: candour/v1\nkind: Unit\nid: labs\nname: Labs\nlegalEntity: L\n"
                   "controller: Labs Ltd\nregulator: R\n"});
  files.push_back({"agreements/labs.yaml",
                   "apiVersion: candour/v1\nkind: Agreement\nid: labs\ntitle: T\n"
                   "parties: [Example Shop Ltd, Labs Ltd]\npurposes: [insight]\n"
                   "datasets: [shop.orders]\noutputs: [aggregates]\n"
                   "excludedCategories: [\"pd:Transaction\"]\n"
                   "from: 2026-01-01\nuntil: 2027-01-01\n"});
  files.push_back(
      {"uses/labs.yaml",
       "apiVersion: candour/v1\nkind: Use\nid: labs\ntitle: T\ntext: X\npurpose: insight\n"
       "unit: shop\nprincipals: [analyst]\n"
       "recipient: {name: Labs, controller: Labs Ltd}\nagreement: labs\noutput: aggregates\n"
       "grants:\n  - {dataset: shop.orders, fields: [product, amount]}\n"
       "approval: {state: approved, by: lead}\n"});
  return files;
}

struct Broken {
  const char* name;
  const char* file;
  const char* what;
  const char* by;
  ErrorCode code;
  const char* where;
  const char* next = "";
};

class BrokenHomeTest : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenHomeTest, IsReportedWithItsPlace) {
  const Broken& broken = GetParam();
  std::vector<DeclarationFile> files = Home();
  auto file = std::ranges::find(files, broken.file, &DeclarationFile::path);
  ASSERT_NE(file, files.end());
  const std::size_t at = file->text.find(broken.what);
  ASSERT_NE(at, std::string::npos);
  file->text.replace(at, std::string_view(broken.what).size(), broken.by);
  const Reading reading = ReadDeclarations(files);
  ASSERT_EQ(reading.errors.size(), 1U) << Print(reading.errors);
  const Error& error = reading.errors[0];
  EXPECT_EQ(error.code, broken.code) << error.ToString();
  EXPECT_EQ(error.where->ToString(), broken.where);
  EXPECT_FALSE(error.expected.empty());
  EXPECT_EQ(error.found.empty(), error.code == ErrorCode::kDeclarationSyntax);
  EXPECT_EQ(error.next, broken.next);
}

constexpr ErrorCode kUnknown = ErrorCode::kDeclarationUnknownName;
constexpr ErrorCode kInvalid = ErrorCode::kDeclarationInvalid;
constexpr const char* kCustomers = "datasets/shop/customers.odcs.yaml";

INSTANTIATE_TEST_SUITE_P(
    Names, BrokenHomeTest,
    ::testing::Values(
        Broken{"Purpose", "uses/labs.yaml", "purpose: insight", "purpose: insihgt", kUnknown,
               "uses/labs.yaml:6:10", "did you mean insight?"},
        Broken{"Unit", "uses/labs.yaml", "unit: shop", "unit: shopp", kUnknown,
               "uses/labs.yaml:7:7", "did you mean shop?"},
        Broken{"Principal", "uses/labs.yaml", "[analyst]", "[analyst, analist]", kUnknown,
               "uses/labs.yaml:8:23", "did you mean analyst?"},
        Broken{"Agreement", "uses/labs.yaml", "agreement: labs", "agreement: lab", kUnknown,
               "uses/labs.yaml:10:12", "did you mean labs?"},
        Broken{"Dataset", "uses/labs.yaml", "shop.orders", "shop.order", kUnknown,
               "uses/labs.yaml:13:15", "did you mean shop.orders?"},
        Broken{"Field", "uses/labs.yaml", "[product, amount]", "[product, amuont]", kUnknown,
               "uses/labs.yaml:13:46", "did you mean amount?"},
        Broken{"PurposeParent", "purposes/offers.yaml",
               "legalBasis:", "parent: servise\nlegalBasis:", kUnknown, "purposes/offers.yaml:7:9",
               "did you mean service?"},
        Broken{"PurposeCycle", "purposes/offers.yaml",
               "legalBasis:", "parent: offers\nlegalBasis:", kInvalid, "purposes/offers.yaml:7:9"},
        Broken{"PrincipalUnit", "principals/analyst.yaml", "unit: shop", "unit: sohp", kUnknown,
               "principals/analyst.yaml:6:7", "did you mean shop?"},
        Broken{"DatasetUnit", kCustomers, "candour.unit, value: shop", "candour.unit, value: shot",
               kUnknown, "datasets/shop/customers.odcs.yaml:63:37", "did you mean shop?"},
        Broken{"AgreementPurpose", "agreements/labs.yaml", "[insight]", "[insight, insihgt]",
               kUnknown, "agreements/labs.yaml:6:21", "did you mean insight?"},
        Broken{"AgreementDataset", "agreements/labs.yaml", "[shop.orders]",
               "[shop.orders, shop.oders]", kUnknown, "agreements/labs.yaml:7:25",
               "did you mean shop.orders?"},
        Broken{"MappingField", "mappings/shop-email.yaml", "field: offers_by_email",
               "field: offers_by_mail", kUnknown, "mappings/shop-email.yaml:7:8",
               "did you mean offers_by_email?"},
        Broken{"MappingTime", "mappings/shop-email.yaml", "timeField: offers_set_on",
               "timeField: region", kInvalid, "mappings/shop-email.yaml:8:12"},
        Broken{"MappingPurpose", "mappings/shop-email.yaml", "purpose: offers", "purpose: offer",
               kUnknown, "mappings/shop-email.yaml:9:10", "did you mean offers?"},
        Broken{"IdIsNotFile", "units/labs.yaml", "id: labs", "id: lab", kInvalid,
               "units/labs.yaml:3:5", "rename the file or the id"}),
    [](const auto& broken) { return broken.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Lawful, BrokenHomeTest,
    ::testing::Values(
        Broken{"SpecialWithoutCondition", kCustomers,
               "\"pd:Region\"}\n          - {property: candour.sensitivity, value: personal}",
               "\"pd:Health\"}\n          - {property: candour.sensitivity, value: special}",
               ErrorCode::kLegalBasisMissing, "uses/order-insight.yaml:18:14"},
        Broken{"IdentifierInFigures", "uses/labs.yaml", "[product, amount]",
               "[product, customer_id]", kInvalid, "uses/labs.yaml:13:46"},
        Broken{"NoAgreement", "uses/labs.yaml", "agreement: labs\n", "", kInvalid,
               "uses/labs.yaml:9:37"},
        Broken{"AgreementNotForOutput", "uses/labs.yaml", "output: aggregates", "output: rows",
               kInvalid, "uses/labs.yaml:11:9"},
        Broken{"AgreementNotForPurpose", "uses/labs.yaml", "purpose: insight", "purpose: service",
               kInvalid, "uses/labs.yaml:6:10"},
        Broken{"AgreementNotForDataset", "agreements/labs.yaml", "[shop.orders]",
               "[shop.customers]", kInvalid, "uses/labs.yaml:13:15"},
        Broken{"AgreementExcludes", "uses/labs.yaml", "[product, amount]", "[ordered_on, amount]",
               kInvalid, "uses/labs.yaml:13:37"},
        Broken{"SourceOutside", kCustomers, "path: data/customers.csv",
               "path: data/../../etc/passwd", ErrorCode::kSourceNotAllowed,
               "datasets/shop/customers.odcs.yaml:61:3"},
        Broken{"SourceBesideAllowed", kCustomers, "path: data/customers.csv",
               "path: database/customers.csv", ErrorCode::kSourceNotAllowed,
               "datasets/shop/customers.odcs.yaml:61:3"},
        Broken{"TwoHolders", kCustomers, "holder: person", "holder: household", kInvalid,
               "datasets/shop/orders.odcs.yaml:57:66"},
        Broken{"MissingSteward", kCustomers, "    - {username: steward, role: steward}\n", "",
               ErrorCode::kOwnership, "datasets/shop/customers.odcs.yaml:55:3",
               "name who keeps its quality and classification"},
        Broken{"Syntax", "units/labs.yaml", "name: Labs", "name: &anchor Labs",
               ErrorCode::kDeclarationSyntax, "units/labs.yaml:4:7"}),
    [](const auto& broken) { return broken.param.name; });

TEST(ReadTest, TheExampleHomeReadsWithoutErrors) {
  const Reading reading = ReadDeclarations(ExampleDeclarations());
  EXPECT_TRUE(reading.ok()) << Print(reading.errors);
  EXPECT_EQ(reading.declarations.settings.name, "Example shop");
  ASSERT_NE(reading.declarations.FindDataset("shop.orders"), nullptr);
  ASSERT_NE(reading.declarations.FindUse("order-insight"), nullptr);
  EXPECT_EQ(reading.declarations.FindUse("nothing"), nullptr);
}

TEST(ReadTest, TheExtendedHomeReadsWithoutErrors) {
  const Reading reading = ReadDeclarations(Home());
  EXPECT_TRUE(reading.ok()) << Print(reading.errors);
}

TEST(ReadTest, ARefusedUseStandsOnRecordAsItWasAskedFor) {
  std::vector<DeclarationFile> files = Home();
  auto file = std::ranges::find(files, "uses/labs.yaml", &DeclarationFile::path);
  file->text.replace(file->text.find("agreement: labs\n"), 16, "");
  file->text.replace(file->text.find("state: approved"), 15, "state: refused");
  EXPECT_TRUE(ReadDeclarations(files).ok());
}

TEST(ReadTest, AHomeWithoutItsFileIsReported) {
  const Reading reading = ReadDeclarations({});
  ASSERT_EQ(reading.errors.size(), 1U);
  EXPECT_EQ(reading.errors[0].where->file, "candour.yaml");
}

TEST(ReadTest, FilesInUnknownPlacesAreReportedWithTheNearestFolder) {
  for (const auto& [path, next] :
       {std::pair("unit/a.yaml", "did you mean units?"),
        std::pair("units/A.yaml", "rename or move the file"),
        std::pair("datasets/orders.odcs.yaml", "rename or move the file"),
        std::pair("datasets/Shop/orders.odcs.yaml", "rename or move the file"),
        std::pair("uses/a.yml", "rename or move the file")}) {
    std::vector<DeclarationFile> files = ExampleDeclarations();
    files.push_back({path, "a: b\n"});
    const Reading reading = ReadDeclarations(files);
    ASSERT_EQ(reading.errors.size(), 1U) << path << "\n" << Print(reading.errors);
    EXPECT_EQ(reading.errors[0].where->file, path);
    EXPECT_EQ(reading.errors[0].next, next);
  }
}

TEST(ReadTest, DamagedHomesAreReportedAndNothingBreaks) {
  std::mt19937 random(13);
  const std::vector<DeclarationFile> whole = Home();
  const std::string alphabet = "-?:,[]{}#'\" \nax";
  for (int round = 0; round < 400; ++round) {
    std::vector<DeclarationFile> files = whole;
    for (int change = 0; change < 1 + round % 8; ++change) {
      std::string& text = files[random() % files.size()].text;
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
      if (random() % 3 == 0) text.erase(random() % text.size(), random() % 60);
      if (text.empty()) text = "x";
    }
    if (random() % 3 == 0) files.erase(files.begin() + static_cast<int>(random() % files.size()));
    for (const Error& error : ReadDeclarations(files).errors) {
      ASSERT_TRUE(error.where) << error.ToString();
      EXPECT_GT(error.where->line, 0) << error.ToString();
    }
  }
}

}  // namespace
}  // namespace candour::home
