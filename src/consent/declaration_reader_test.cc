#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalogue/broken_declaration.h"
#include "consent/mapping_reader.h"
#include "consent/purpose_reader.h"

namespace candour::consent {
namespace {

constexpr std::string_view kPurpose = R"(apiVersion: candour/v1
kind: Purpose
id: offers
name: Offers
text: We send you offers.
dpv: dpv:DirectMarketing
legalBasis: consent
directMarketing: true
)";

constexpr std::string_view kMapping = R"(apiVersion: candour/v1
kind: Mapping
id: food-email
unit: food
dataset: members.register
field: food_email_flag
timeField: food_email_at
purpose: offers
channel: email
values:
  Y: consent
  N: objection
  "": unset
otherwise: unevidenced
)";

using Broken = catalogue::BrokenDeclaration;

class BrokenConsentTest : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenConsentTest, IsReportedOnceWithItsPlace) {
  const auto read = [](const auto& root, const char* file, Diagnostics& errors) {
    if (GetParam().text == kPurpose) {
      ReadPurpose(root, file, errors);
    } else {
      ReadMapping(root, file, errors);
    }
  };
  catalogue::ExpectReportedOnce(GetParam(), read);
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenConsentTest,
    ::testing::Values(Broken{"NoBasis", kPurpose, "legalBasis: consent\n", "",
                             ErrorCode::kLegalBasisMissing, 1, 1},
                      Broken{"UnknownBasis", kPurpose, "legalBasis: consent", "legalBasis: habit",
                             ErrorCode::kDeclarationInvalid, 7, 13},
                      Broken{"NoBalancing", kPurpose, "legalBasis: consent",
                             "legalBasis: legitimate-interests", ErrorCode::kLegalBasisMissing, 7,
                             13},
                      Broken{"UnknownPurpose", kPurpose, "dpv:DirectMarketing", "dpv:Marketting",
                             ErrorCode::kDeclarationUnknownName, 6, 6},
                      Broken{"HiddenMarketing", kPurpose, "directMarketing: true\n", "",
                             ErrorCode::kDeclarationInvalid, 6, 6},
                      Broken{"NoText", kPurpose, "text: We send you offers.\n", "",
                             ErrorCode::kDeclarationInvalid, 1, 1},
                      Broken{"UnknownEvidence", kMapping, "Y: consent", "Y: yes",
                             ErrorCode::kDeclarationInvalid, 11, 6},
                      Broken{"UnknownChannel", kMapping, "channel: email", "channel: e-mail",
                             ErrorCode::kDeclarationInvalid, 9, 10},
                      Broken{"ValuesAsList", kMapping,
                             "  Y: consent\n  N: objection\n  \"\": unset\n", "  - Y\n",
                             ErrorCode::kDeclarationInvalid, 11, 3}),
    [](const auto& broken) { return broken.param.name; });

TEST(PurposeReaderTest, ReadsAWholePurpose) {
  Diagnostics errors;
  const Purpose purpose = ReadPurpose(*ParseYaml(kPurpose, "f"), "f", errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(purpose.id, "offers");
  EXPECT_EQ(purpose.basis, LegalBasis::kConsent);
  EXPECT_TRUE(purpose.direct_marketing);
}

TEST(MappingReaderTest, ReadsWhatEachFlagIsEvidenceOf) {
  Diagnostics errors;
  const Mapping mapping = ReadMapping(*ParseYaml(kMapping, "f"), "f", errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(mapping.values.at("Y"), Evidence::kConsent);
  EXPECT_EQ(mapping.values.at(""), Evidence::kUnset);
  EXPECT_EQ(mapping.otherwise, Evidence::kUnevidenced);
  EXPECT_EQ(mapping.time_field, "food_email_at");
  EXPECT_EQ(mapping.channel, "email");
}

}  // namespace
}  // namespace candour::consent
