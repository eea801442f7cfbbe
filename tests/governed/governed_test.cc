// Runs every *.governed file below this folder: one test for each.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "governed/runner.h"
#include "governed/script.h"

namespace candour::governed {
namespace {

namespace fs = std::filesystem;

fs::path Folder() { return fs::path(CANDOUR_SOURCE_DIR) / "tests/governed"; }

std::vector<std::string> GoldenFiles() {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(Folder())) {
    if (entry.path().extension() != ".governed") continue;
    files.push_back(fs::relative(entry.path(), Folder()).string());
  }
  std::ranges::sort(files);
  return files;
}

class GoldenFile : public testing::TestWithParam<std::string> {};

TEST_P(GoldenFile, IsAsWritten) {
  std::ifstream stream(Folder() / GetParam());
  std::stringstream text;
  text << stream.rdbuf();
  const auto script = ParseScript(text.str(), GetParam());
  ASSERT_TRUE(script) << script.error().ToString();
  const std::vector<std::string> failures = Runner(*script).Run();
  EXPECT_TRUE(failures.empty()) << fmt::format("{}", fmt::join(failures, "\n"));
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param.substr(0, info.param.size() - std::string(".governed").size());
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Governed, GoldenFile, testing::ValuesIn(GoldenFiles()), TestName);

}  // namespace
}  // namespace candour::governed
