#include "catalogue/dataset_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "catalogue/category.h"

namespace candour::catalogue {
namespace {

/// A contract that is right in every way. Tests break one line of it.
constexpr std::string_view kContract = R"(apiVersion: v3.1.0
kind: DataContract
id: shop-customers
version: 1.0.0
status: active
name: Customers of the shop
description: {purpose: Who has an account.}
schema:
  - name: customers
    properties:
      - name: customer_id
        physicalType: VARCHAR
        required: true
        customProperties:
          - {property: candour.category, value: "candour:CustomerNumber"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.identifier, value: true}
      - name: region
        physicalType: VARCHAR(20)
        customProperties:
          - {property: candour.category, value: "pd:Region"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.groupable, value: true}
          - {property: candour.domain, value: [north, south]}
      - name: spent
        physicalType: DECIMAL(10,2)
        customProperties:
          - {property: candour.category, value: "pd:Purchase"}
          - {property: candour.sensitivity, value: personal}
          - {property: candour.measure, value: true}
team:
  members:
    - {username: head-of-shop, role: owner}
    - {username: shop-data, role: steward}
servers:
  - {server: file, type: local, path: data/customers.csv, format: csv}
customProperties:
  - {property: candour.unit, value: shop}
  - {property: candour.origin, value: generated}
  - property: candour.personKey
    value: {field: customer_id, keySpace: shop.customer, holder: account}
)";

struct Read {
  Dataset dataset;
  Diagnostics errors;
};

Read ReadText(const std::string& text) {
  const std::string file = "datasets/shop/customers.odcs.yaml";
  const auto root = ParseYaml(text, file);
  EXPECT_TRUE(root) << root.error().ToString();
  Read read;
  if (root) read.dataset = ReadDataset(*root, file, "shop.customers", read.errors);
  return read;
}

std::string Replace(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(DatasetReaderTest, ReadsAWholeContract) {
  const auto [dataset, errors] = ReadText(std::string(kContract));
  ASSERT_TRUE(errors.empty()) << errors[0].ToString();
  EXPECT_EQ(dataset.name, "shop.customers");
  EXPECT_EQ(dataset.title, "Customers of the shop");
  EXPECT_EQ(dataset.description, "Who has an account.");
  EXPECT_EQ(dataset.unit, "shop");
  EXPECT_EQ(dataset.owner, "head-of-shop");
  EXPECT_THAT(dataset.stewards, ::testing::ElementsAre("shop-data"));
  ASSERT_TRUE(dataset.HasPeople());
  EXPECT_EQ(dataset.person_key->key_space, "shop.customer");
  EXPECT_EQ(dataset.person_key->holder, Holder::kAccount);
  EXPECT_EQ(dataset.source.location, "data/customers.csv");
  const Field* spent = dataset.FindField("spent");
  ASSERT_NE(spent, nullptr);
  EXPECT_EQ(spent->type, FieldType::kDecimal);
  EXPECT_TRUE(spent->measure);
  EXPECT_EQ(spent->where.line, 25);
  EXPECT_THAT(dataset.FindField("region")->domain, ::testing::ElementsAre("north", "south"));
}

struct Broken {
  const char* name;
  const char* what;
  const char* by;
  ErrorCode code;
  int line;
  int column;
};

class BrokenContractTest : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenContractTest, IsReportedOnceWithItsPlace) {
  const Broken& broken = GetParam();
  const auto errors = ReadText(Replace(std::string(kContract), broken.what, broken.by)).errors;
  ASSERT_EQ(errors.size(), 1U) << (errors.empty() ? "" : errors[1].ToString());
  EXPECT_EQ(errors[0].code, broken.code) << errors[0].ToString();
  EXPECT_EQ(errors[0].where->line, broken.line) << errors[0].ToString();
  EXPECT_EQ(errors[0].where->column, broken.column) << errors[0].ToString();
  EXPECT_FALSE(errors[0].expected.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenContractTest,
    ::testing::Values(
        Broken{"TwoOwners", "role: steward}", "role: owner}\n    - {username: x, role: steward}",
               ErrorCode::kOwnership, 34, 7},
        Broken{"NoOwner", "role: owner", "role: boss", ErrorCode::kOwnership, 32, 3},
        Broken{"OwnerLeft", "role: owner}", "role: owner, dateOut: 2026-01-01}",
               ErrorCode::kOwnership, 32, 3},
        Broken{"NoSteward", "role: steward", "role: friend", ErrorCode::kOwnership, 32, 3},
        Broken{"NoCategory", "          - {property: candour.category, value: \"pd:Region\"}\n", "",
               ErrorCode::kCategoryMissing, 18, 9},
        Broken{"UnknownCategory", "pd:Region", "pd:Regoin", ErrorCode::kDeclarationUnknownName, 21,
               49},
        Broken{"NotSensitiveEnough", "pd:Region", "pd:Religion", ErrorCode::kDeclarationInvalid, 22,
               52},
        Broken{"UnknownSetting", "candour.measure", "candour.mesaure",
               ErrorCode::kDeclarationInvalid, 30, 24},
        Broken{"UnknownKey", "        required: true\n",
               "        requierd: true\n        required: true\n", ErrorCode::kDeclarationInvalid,
               13, 9},
        Broken{"UnknownType", "VARCHAR(20)", "GEOMETRY", ErrorCode::kDeclarationInvalid, 18, 9},
        Broken{"DecimalTooFine", "DECIMAL(10,2)", "DECIMAL(38,9)", ErrorCode::kDeclarationInvalid,
               25, 9},
        Broken{"PersonKeyUnknown", "{field: customer_id", "{field: custmer_id",
               ErrorCode::kDeclarationUnknownName, 41, 12},
        Broken{"PersonKeyNotRequired", "required: true", "required: false",
               ErrorCode::kDeclarationInvalid, 11, 9},
        Broken{
            "UnknownMask", "candour.identifier, value: true}",
            "candour.identifier, value: true}\n          - {property: candour.mask, value: blur}",
            ErrorCode::kDeclarationInvalid, 18, 45},
        Broken{"MeasureOfText", "candour.groupable, value: true}",
               "candour.groupable, value: true}\n          - {property: candour.measure, value: "
               "true}",
               ErrorCode::kDeclarationInvalid, 24, 48},
        Broken{"FieldTwice", "name: spent", "name: region", ErrorCode::kDeclarationDuplicate, 25,
               9},
        Broken{"FieldNamedPerson", "name: spent", "name: person", ErrorCode::kDeclarationInvalid,
               25, 9},
        Broken{"FieldNameNotSql", "name: spent", "name: Spent £", ErrorCode::kDeclarationInvalid,
               25, 9},
        Broken{"OtherTable", "- name: customers", "- name: clients", ErrorCode::kDeclarationInvalid,
               9, 5},
        Broken{"TwoServers", "servers:\n",
               "servers:\n  - {server: b, type: local, path: x, format: csv}\n",
               ErrorCode::kDeclarationInvalid, 1, 1},
        Broken{"ServerType", "type: local", "type: kafka", ErrorCode::kDeclarationInvalid, 36, 26},
        Broken{"ServerFormat", "format: csv", "format: xlsx", ErrorCode::kDeclarationInvalid, 36,
               67},
        Broken{"HostByNumber", "type: local, path: data/customers.csv, format: csv",
               "type: postgres, host: 169.254.169.254, database: d", ErrorCode::kSourceNotAllowed,
               36, 42},
        Broken{"Origin", "value: generated", "value: invented", ErrorCode::kDeclarationInvalid, 39,
               39},
        Broken{"OldStandard", "v3.1.0", "v2.2.2", ErrorCode::kDeclarationInvalid, 1, 13},
        Broken{"Kind", "kind: DataContract", "kind: Contract", ErrorCode::kDeclarationInvalid, 2,
               7}),
    [](const auto& broken) { return broken.param.name; });

TEST(DatasetReaderTest, AFieldThatIdentifiesCannotBeGroupable) {
  const auto errors = ReadText(Replace(std::string(kContract), "candour.groupable, value: true}",
                                       "candour.groupable, value: true}\n          - {property: "
                                       "candour.identifier, value: true}"))
                          .errors;
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].where->line, 23);
}

TEST(DatasetReaderTest, PersonalFieldsNeedAPersonKey) {
  const std::string text = std::string(kContract);
  const auto errors = ReadText(text.substr(0, text.find("  - property: candour.personKey"))).errors;
  ASSERT_EQ(errors.size(), 3U);
  for (const Error& error : errors) EXPECT_EQ(error.code, ErrorCode::kDeclarationInvalid);
}

TEST(DatasetReaderTest, PostgresBecomesAConnectionWithoutAPassword) {
  const auto [dataset, errors] = ReadText(
      Replace(std::string(kContract), "type: local, path: data/customers.csv, format: csv",
              "type: postgres, host: db.example.org, port: 5433, database: crm, schema: sales"));
  ASSERT_TRUE(errors.empty()) << errors[0].ToString();
  EXPECT_EQ(dataset.source.kind, Source::Kind::kPostgres);
  EXPECT_EQ(dataset.source.location, "host=db.example.org port=5433 dbname=crm");
  EXPECT_EQ(dataset.source.table, "sales.customers");
}

TEST(DatasetReaderTest, DamagedContractsAreReportedAndNothingBreaks) {
  std::mt19937 random(11);
  const std::string alphabet = "-?:,[]{}#'\" \nax";
  for (int round = 0; round < 3'000; ++round) {
    std::string text(kContract);
    for (int change = 0; change < 1 + round % 4; ++change) {
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
      if (random() % 4 == 0) text.erase(random() % text.size(), random() % 40);
    }
    const auto root = ParseYaml(text, "f");
    if (!root) continue;
    Diagnostics errors;
    ReadDataset(*root, "f", "shop.customers", errors);
    for (const Error& error : errors) EXPECT_TRUE(error.where) << error.ToString();
  }
}

TEST(CategoryTest, KnowsTheVocabularyAndItsSpecialCategories) {
  EXPECT_TRUE(IsCategory("pd:EmailAddress"));
  EXPECT_TRUE(IsCategory("dpv:SyntheticData"));
  EXPECT_TRUE(IsCategory("candour:FuneralPlan"));
  EXPECT_FALSE(IsCategory("EmailAddress"));
  EXPECT_FALSE(IsCategory("dpv:hasData"));
  EXPECT_TRUE(IsDpvPurpose("dpv:SellDataToThirdParties"));
  EXPECT_FALSE(IsDpvPurpose("dpv:EmailAddress"));
  EXPECT_EQ(LeastSensitivity("pd:Religion"), Sensitivity::kSpecial);
  EXPECT_EQ(LeastSensitivity("pd:CriminalConviction"), Sensitivity::kCriminal);
  EXPECT_EQ(LeastSensitivity("pd:EmailAddress"), Sensitivity::kOpen);
  EXPECT_GE(Categories().size(), 260U);
  EXPECT_GE(DpvPurposes().size(), 120U);
}

TEST(FieldTypeTest, TakesTheTypesItHandlesAndNoOthers) {
  EXPECT_EQ(ParseFieldType("varchar(18)"), FieldType::kText);
  EXPECT_EQ(ParseFieldType("double precision"), FieldType::kDouble);
  EXPECT_EQ(ParseFieldType("numeric(18, 2)"), FieldType::kDecimal);
  for (const char* text : {"", "VARCHAR(", "VARCHAR(0)", "DECIMAL(3)x", "DECIMAL(18,3)",
                           "DECIMAL(38,2)", "INTEGER(4)", "TIMESTAMPTZ", "BLOB", "VARCHAR[]"}) {
    EXPECT_EQ(ParseFieldType(text), std::nullopt) << text;
  }
  EXPECT_EQ(SqlName(FieldType::kDecimal), "DECIMAL(18,2)");
  EXPECT_EQ(SqlName(FieldType::kText), "VARCHAR");
}

}  // namespace
}  // namespace candour::catalogue
