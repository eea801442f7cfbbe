#include "catalogue/contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalogue/dataset_reader.h"

namespace candour::catalogue {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string Print(const Diagnostics& errors) {
  std::string text;
  for (const Error& error : errors) text += error.ToString() + "\n";
  return text;
}

TEST(ContractTest, EveryPublishedExampleIsReadWithoutComplaint) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(CANDOUR_SOURCE_DIR "/tests/data/odcs")) {
    if (entry.path().extension() != ".yaml") continue;
    const std::string file = entry.path().filename();
    const auto root = ParseYaml(ReadFile(entry.path()), file);
    ASSERT_TRUE(root) << root.error().ToString();
    Diagnostics errors;
    const Contract contract = ReadContract(*root, file, errors);
    EXPECT_TRUE(errors.empty()) << Print(errors);
    EXPECT_FALSE(contract.id.empty());
    ++count;
  }
  EXPECT_GE(count, 13);
}

TEST(ContractTest, ThePublishedExamplesAreNoDatasetsOfOursUntilTheySayWhose) {
  const std::string file = "table-column-description.odcs.yaml";
  const auto root = ParseYaml(ReadFile(CANDOUR_SOURCE_DIR "/tests/data/odcs/" + file), file);
  ASSERT_TRUE(root);
  Diagnostics errors;
  ReadDataset(*root, file, "finance.tbl", errors);
  const std::string text = Print(errors);
  EXPECT_THAT(text, ::testing::HasSubstr("candour.unit"));
  EXPECT_THAT(text, ::testing::HasSubstr("no owner"));
}

TEST(ContractTest, ReadsBothFormsOfATeamAndValidValues) {
  const std::string head =
      "apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: 1.0.0\nstatus: active\n";
  const std::string list = "team:\n  - {username: ann, role: owner}\n";
  const std::string members =
      "team:\n  name: t\n  members:\n    - {username: ann, role: owner, dateOut: 2020-01-01}\n";
  for (const auto& [team, left] : {std::pair(list, false), std::pair(members, true)}) {
    Diagnostics errors;
    const Contract contract = ReadContract(*ParseYaml(head + team, "f"), "f", errors);
    EXPECT_TRUE(errors.empty()) << Print(errors);
    ASSERT_EQ(contract.members.size(), 1U);
    EXPECT_EQ(contract.members[0].username, "ann");
    EXPECT_EQ(contract.members[0].left, left);
  }
  const std::string table =
      "schema:\n  - name: t\n    properties:\n      - name: c\n        quality:\n"
      "          - type: library\n            metric: invalidValues\n"
      "            arguments: {validValues: [x, y]}\n            mustBe: 0\n";
  Diagnostics errors;
  const Contract contract = ReadContract(*ParseYaml(head + table, "f"), "f", errors);
  EXPECT_TRUE(errors.empty()) << Print(errors);
  EXPECT_THAT(contract.tables[0].properties[0].valid_values, ::testing::ElementsAre("x", "y"));
}

TEST(ContractTest, AKeyTheStandardDoesNotHaveIsReportedWithTheNearestOne) {
  Diagnostics errors;
  const std::string text =
      "apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: 1\nstatus: active\nserver: []\n";
  ReadContract(*ParseYaml(text, "f"), "f", errors);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].where->ToString(), "f:6:1");
  EXPECT_EQ(errors[0].next, "did you mean servers?");
}

}  // namespace
}  // namespace candour::catalogue
