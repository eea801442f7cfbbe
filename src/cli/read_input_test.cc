#include "cli/read_input.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace candour::cli {
namespace {

/// A file with these bytes, as long as it is in scope.
class ScratchFile {
 public:
  explicit ScratchFile(std::string_view bytes) : name_(testing::TempDir() + "candour-read-XXXXXX") {
    ::close(::mkstemp(name_.data()));
    std::ofstream(name_, std::ios::binary) << bytes;
  }
  ~ScratchFile() { std::filesystem::remove(name_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

TEST(ReadInput, GivesEveryByteUpToTheLimit) {
  const std::string bytes("a\r\n\0\xff", 5);
  const ScratchFile file(bytes);
  EXPECT_EQ(ReadInput(file.name(), 5, ErrorCode::kReceiptForm).value(), bytes);
  const ScratchFile empty("");
  EXPECT_EQ(ReadInput(empty.name(), 0, ErrorCode::kReceiptForm).value(), "");
}

TEST(ReadInput, AFileBeyondTheLimitIsRefusedAsTheCallerSays) {
  const ScratchFile file("123456");
  EXPECT_EQ(ReadInput(file.name(), 5, ErrorCode::kReceiptForm).error().code,
            ErrorCode::kReceiptForm);
  EXPECT_EQ(ReadInput("/dev/zero", 5, ErrorCode::kExhausted).error().code, ErrorCode::kExhausted);
}

TEST(ReadInput, WhatIsNoFileCannotBeRead) {
  for (const char* name : {"", "/", "no/such/file"}) {
    EXPECT_EQ(ReadInput(name, 5, ErrorCode::kReceiptForm).error().code, ErrorCode::kIo) << name;
  }
}

}  // namespace
}  // namespace candour::cli
