#include <gtest/gtest.h>

#include <map>

#include "journal_target.h"
#include "setting.h"
#include "workload.h"

// Every byte of a log is changed in several ways, one at a time. The change is named, or opening
// mends it; nothing wrong is ever given out.

namespace candour::crash {
namespace {

using storage::FaultyFilesystem;

const std::filesystem::path kFolder = "/journal";
constexpr std::uint64_t kSmallLog = 65'536;
constexpr std::size_t kParts = 4;

/// A disk with a log on it, which each case damages and finds whole again; of its bytes each test
/// takes one part, so that tests can run side by side.
class BitRot : public testing::TestWithParam<std::tuple<Target, std::size_t>> {
 protected:
  void SetUp() override {
    std::mt19937_64 random(20261123);
    const auto log = Open().value();
    for (std::uint64_t written = 0; written < log_bytes_;) {
      Batch batch(1 + random() % 3, std::string(random() % 4 * 500, '\0'));
      for (std::string& entry : batch) {
        for (char& byte : entry) byte = static_cast<char>(random());
        written += entry.size();
      }
      ASSERT_TRUE(log->Append(batch));
    }
    entries_ = log->ReadAll().value();
    whole_ = Contents();
  }

  Result<std::unique_ptr<AttackedLog>> Open() { return std::get<0>(GetParam()).open(disk_); }

  std::map<std::string, std::string> Contents() {
    std::map<std::string, std::string> contents;
    const std::vector<std::string> names = disk_.List(kFolder).value();
    for (const std::string& name : names) {
      contents[name] = disk_.Read(kFolder / name).value();
    }
    return contents;
  }

  /// Calls `check` after each change of one byte, and takes the change back.
  template <class Check>
  void ChangeEveryByte(const Check& check) {
    for (const auto& [name, bytes] : whole_) {
      for (std::size_t at = std::get<1>(GetParam()); at < bytes.size(); at += kParts) {
        for (const int mask : {1 << (at / kParts % 8), 0xFF}) {
          if (mask == 0xFF && log_bytes_ > kSmallLog) continue;
          SCOPED_TRACE(testing::Message() << name << " byte " << at << " mask " << mask);
          ASSERT_TRUE(disk_.Damage(kFolder / name, at, static_cast<std::uint8_t>(mask)));
          check(name);
          if (disk_.Read(kFolder / name).value() != bytes) {
            ASSERT_TRUE(disk_.Damage(kFolder / name, at, static_cast<std::uint8_t>(mask)));
          }
          ASSERT_FALSE(HasFailure());
        }
      }
    }
    EXPECT_EQ(Contents(), whole_) << "nothing but the damage was changed";
  }

  const std::uint64_t log_bytes_ = Setting("CANDOUR_CRASH_ROT_BYTES", kSmallLog);
  FaultyFilesystem disk_;
  Batch entries_;
  std::map<std::string, std::string> whole_;
};

/// The error says that the log is damaged, and in which file.
void ExpectNames(const Error& error, const std::string& file) {
  EXPECT_EQ(error.code, ErrorCode::kLedgerCorrupt) << error.ToString();
  EXPECT_NE(error.message.find(file), std::string::npos) << error.ToString();
}

TEST_P(BitRot, IsNamedOrMendedByOpeningAndVerifying) {
  ChangeEveryByte([this](const std::string& name) {
    const auto log = Open();
    if (!log) return ExpectNames(log.error(), name);
    const Status verified = (*log)->Verify();
    if (!verified) return ExpectNames(verified.error(), name);
    EXPECT_EQ(disk_.Read(kFolder / name).value(), whole_[name]) << "not found, not mended";
    EXPECT_EQ((*log)->ReadAll().value(), entries_);
  });
}

TEST_P(BitRot, UnderARunningLogIsNamedByVerifying) {
  const auto log = Open().value();
  ChangeEveryByte([&](const std::string& name) {
    const Status verified = log->Verify();
    ASSERT_FALSE(verified);
    ExpectNames(verified.error(), name);
  });
}

TEST_P(BitRot, UnderARunningLogIsNeverReadAsAnEntry) {
  const auto log = Open().value();
  ChangeEveryByte([&](const std::string&) {
    const auto entries = log->ReadAll();
    if (entries) {
      EXPECT_EQ(*entries, entries_);
    } else {
      // kIo: a damaged length reaches beyond the end of the file.
      EXPECT_TRUE(entries.error().code == ErrorCode::kLedgerCorrupt ||
                  entries.error().code == ErrorCode::kIo);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Crash, BitRot,
                         testing::Combine(testing::Values(JournalTarget(20'000)),
                                          testing::Range(std::size_t{0}, kParts)),
                         [](const auto& test) {
                           return fmt::format("{}Part{}", std::get<0>(test.param).name,
                                              std::get<1>(test.param));
                         });

}  // namespace
}  // namespace candour::crash
