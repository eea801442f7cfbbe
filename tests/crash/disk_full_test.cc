#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "journal_target.h"
#include "workload.h"

// A real file system that takes no more bytes: the system's limit on a file's size stands for the
// end of the disk, writes come out short and then fail.

namespace candour::crash {
namespace {

namespace fs = std::filesystem;

/// Of this process; the limit that cannot be raised again stays.
void LimitFileSize(rlim_t bytes) {
  rlimit limit = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = bytes;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/// Appends until the log refuses; all that it acknowledged is added to `kept`.
void Fill(AttackedLog& log, std::mt19937_64& random, Batch& kept) {
  for (int i = 0; i < 100'000; ++i) {
    const Batch batch = RandomBatch(random);
    const auto index = log.Append(batch);
    if (!index) {
      // Read-only: the disk was full just after the batch before was durable.
      EXPECT_TRUE(index.error().code == ErrorCode::kIo ||
                  index.error().code == ErrorCode::kLedgerReadOnly);
      return;
    }
    EXPECT_EQ(*index, kept.size());
    kept.insert(kept.end(), batch.begin(), batch.end());
  }
  ADD_FAILURE() << "the disk never was full";
}

void FillRefuseAndRecover(const fs::path& folder, rlim_t limit, std::uint64_t seed) {
  std::signal(SIGXFSZ, SIG_IGN);  // else it ends the process instead of failing the write
  const Target target = JournalTarget(1 << 20, folder);
  std::mt19937_64 random(seed);
  Batch kept;
  LimitFileSize(limit);
  {
    const auto log = target.open(storage::MachineFilesystem()).value();
    Fill(*log, random, kept);
    EXPECT_EQ(log->Append({"late"}).error().code, ErrorCode::kLedgerReadOnly);
    EXPECT_EQ(log->ReadAll().value(), kept) << "it still reads";
  }
  const auto still_full = target.open(storage::MachineFilesystem());
  if (still_full) {
    EXPECT_EQ((*still_full)->ReadAll().value(), kept);
  } else {
    EXPECT_EQ(still_full.error().code, ErrorCode::kIo);
  }
  LimitFileSize(RLIM_INFINITY);
  const auto log = target.open(storage::MachineFilesystem()).value();
  EXPECT_EQ(log->ReadAll().value(), kept);
  EXPECT_TRUE(log->Verify());
  EXPECT_EQ(log->Append({"after"}).value(), kept.size());
}

class DiskFull : public testing::Test {
 protected:
  DiskFull() {
    std::string folder = testing::TempDir() + "candour-disk-full-XXXXXX";
    folder_ = ::mkdtemp(folder.data());
  }
  ~DiskFull() override { fs::remove_all(folder_); }
  fs::path folder_;
};

// In a process of its own, which alone has the limit.
TEST_F(DiskFull, TheLogRefusesAndKeepsWhatItAcknowledged) {
  for (rlim_t limit = 20'000; limit < 24'096; limit += 137) {
    const fs::path folder = folder_ / std::to_string(limit);
    fs::create_directory(folder);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      FillRefuseAndRecover(folder, limit, limit);
      ::_exit(HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "with a limit of " << limit;
  }
}

}  // namespace
}  // namespace candour::crash
