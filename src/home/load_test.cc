#include "home/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "home/init.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;

class LoadTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "candour-home-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    outside_ = name;
    home_ = outside_ / "home";
    ASSERT_TRUE(InitHome(home_));
  }
  void TearDown() override { fs::remove_all(outside_); }

  void Write(const fs::path& path, std::string_view text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  /// The one error of loading, or none.
  Error Only() {
    const auto reading = LoadHome(home_);
    EXPECT_TRUE(reading);
    if (!reading) return reading.error();
    EXPECT_EQ(reading->errors.size(), 1U);
    return reading->errors.empty() ? Error{} : reading->errors[0];
  }

  fs::path outside_;
  fs::path home_;
};

TEST_F(LoadTest, ANewHomeLoadsWithoutErrorsAndKeepsItsStateToItself) {
  const auto reading = LoadHome(home_);
  ASSERT_TRUE(reading);
  EXPECT_TRUE(reading->ok()) << reading->errors[0].ToString();
  EXPECT_EQ(reading->declarations.files.size(), ExampleDeclarations().size());
  EXPECT_EQ(fs::status(home_ / "state").permissions(), fs::perms::owner_all);
  EXPECT_TRUE(fs::exists(home_ / "data/customers.csv"));
}

TEST_F(LoadTest, AHomeIsNeverMadeOverSomething) {
  const auto again = InitHome(home_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  fs::create_directory(outside_ / "empty");
  EXPECT_TRUE(InitHome(outside_ / "empty"));
}

TEST_F(LoadTest, NoHomeIsSaidToBeMissing) {
  const auto reading = LoadHome(outside_ / "nowhere");
  ASSERT_FALSE(reading);
  EXPECT_EQ(reading.error().code, ErrorCode::kHomeMissing);
}

TEST_F(LoadTest, StateHiddenAndReadmeFilesAreLeftAlone) {
  Write(home_ / "state/uses/x.yaml", "not: a declaration");
  Write(home_ / ".git/config", "x");
  Write(home_ / "README.md", "x");
  Write(home_ / "uses/.swp", "x");
  const auto reading = LoadHome(home_);
  ASSERT_TRUE(reading);
  EXPECT_TRUE(reading->ok()) << reading->errors[0].ToString();
}

TEST_F(LoadTest, AMisspeltFolderIsReportedAndNotSkipped) {
  Write(home_ / "purpose/x.yaml", "a: b");
  const Error error = Only();
  EXPECT_EQ(error.where->file, "purpose");
  EXPECT_EQ(error.next, "did you mean purposes?");
}

TEST_F(LoadTest, LinksThatLeaveTheHomeAreRefusedAndThoseInsideAreRead) {
  Write(outside_ / "secret.yaml", "password: x");
  fs::create_symlink(outside_ / "secret.yaml", home_ / "uses/leak.yaml");
  EXPECT_EQ(Only().where->file, "uses/leak.yaml");
  fs::remove(home_ / "uses/leak.yaml");

  fs::create_directory(outside_ / "home-two");
  fs::create_directory_symlink(outside_ / "home-two", home_ / "datasets/more");
  EXPECT_EQ(Only().where->file, "datasets/more");
  fs::remove(home_ / "datasets/more");

  fs::create_symlink("nowhere.yaml", home_ / "uses/dangling.yaml");
  EXPECT_EQ(Only().where->file, "uses/dangling.yaml");
  fs::remove(home_ / "uses/dangling.yaml");

  fs::rename(home_ / "units/shop.yaml", home_ / "units/.kept");
  fs::create_symlink(".kept", home_ / "units/shop.yaml");
  const auto reading = LoadHome(home_);
  ASSERT_TRUE(reading);
  EXPECT_TRUE(reading->ok()) << reading->errors[0].ToString();
}

TEST_F(LoadTest, PipesFoldersTooDeepAndHugeFilesAreRefused) {
  ASSERT_EQ(mkfifo((home_ / "uses/pipe.yaml").c_str(), 0600), 0);
  EXPECT_EQ(Only().where->file, "uses/pipe.yaml");
  fs::remove(home_ / "uses/pipe.yaml");

  Write(home_ / "datasets/a/b/c.odcs.yaml", "x");
  EXPECT_EQ(Only().where->file, "datasets/a/b");
  fs::remove_all(home_ / "datasets/a");

  Write(home_ / "units/big.yaml", std::string(3 << 20, '#'));
  const Error error = Only();
  EXPECT_EQ(error.where->file, "units/big.yaml");
  EXPECT_EQ(error.code, ErrorCode::kDeclarationSyntax);
}

}  // namespace
}  // namespace candour::home
