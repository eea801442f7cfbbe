#include "cli/read_input.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace candour::cli {
namespace {

std::string FileOf(const std::string& bytes) {
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  std::string file = testing::TempDir();
  file += test.name();
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

TEST(ReadInput, GivesEveryByteUpToTheLimit) {
  const std::string bytes("a\r\n\0\xff", 5);
  EXPECT_EQ(ReadInput(FileOf(bytes), 5, ErrorCode::kReceiptForm).value(), bytes);
  EXPECT_EQ(ReadInput(FileOf(""), 0, ErrorCode::kReceiptForm).value(), "");
}

TEST(ReadInput, AFileBeyondTheLimitIsRefusedAsTheCallerSays) {
  const std::string file = FileOf("123456");
  EXPECT_EQ(ReadInput(file, 5, ErrorCode::kReceiptForm).error().code, ErrorCode::kReceiptForm);
  EXPECT_EQ(ReadInput("/dev/zero", 5, ErrorCode::kExhausted).error().code, ErrorCode::kExhausted);
}

TEST(ReadInput, WhatIsNoFileCannotBeRead) {
  for (const char* name : {"", "/", "no/such/file"}) {
    EXPECT_EQ(ReadInput(name, 5, ErrorCode::kReceiptForm).error().code, ErrorCode::kIo) << name;
  }
}

}  // namespace
}  // namespace candour::cli
