#include <gtest/gtest.h>

#include "journal_target.h"
#include "log_target.h"
#include "trial.h"
#include "workload.h"

// Short workloads, every operation of which fails in every way, with every kind of survivors.

namespace candour::crash {
namespace {

using storage::Fault;

constexpr std::size_t kAllBytes = 1 << 30;

class EveryFault : public testing::TestWithParam<Target> {
 protected:
  std::uint64_t CountOperations() const {
    Trial trial(GetParam());
    RunShortWorkload(trial);
    return trial.disk().operations();
  }
};

std::string DescribeFault(std::uint64_t operation, Fault fault, std::size_t byte,
                          std::size_t ending) {
  return fmt::format("operation {}, fault {}, byte {}, ending {}", operation,
                     static_cast<int>(fault), byte, ending);
}

TEST_P(EveryFault, AtEveryOperation) {
  const std::uint64_t operations = CountOperations();
  for (std::uint64_t operation = 0; operation < operations; ++operation) {
    for (const Fault fault : {Fault::kIoError, Fault::kDiskFull, Fault::kPowerCut}) {
      for (const std::size_t byte :
           {std::size_t{0}, std::size_t{16}, std::size_t{512}, kAllBytes}) {
        for (std::size_t ending = 0; ending < kEndings; ++ending) {
          SCOPED_TRACE(DescribeFault(operation, fault, byte, ending));
          Trial trial(GetParam());
          trial.Strike(operation, fault, byte);
          RunShortWorkload(trial);
          End(trial, ending, operation);
          trial.ExpectSound(operation);
          ASSERT_FALSE(HasFailure());
        }
      }
    }
  }
}

// A life ends at every operation, and the next one is struck at every operation of its own.
TEST_P(EveryFault, AtEveryOperationOfTheRecovery) {
  const std::uint64_t operations = CountOperations();
  for (std::uint64_t operation = 0; operation < operations; ++operation) {
    for (std::uint64_t second = 0; second < 24; ++second) {
      for (const Fault fault : {Fault::kIoError, Fault::kDiskFull, Fault::kPowerCut}) {
        for (const std::size_t ending : {0U, 1U, 7U, 8U, 9U}) {
          SCOPED_TRACE(DescribeFault(operation, fault, second, ending));
          Trial trial(GetParam());
          trial.Strike(operation, Fault::kPowerCut, kAllBytes);
          RunShortWorkload(trial);
          End(trial, (operation + second + ending) % 2 == 0 ? 0 : 9, operation + second);
          trial.Strike(second, fault, 20);
          RunShortWorkload(trial);
          End(trial, ending, second);
          trial.ExpectSound(operation);
          ASSERT_FALSE(HasFailure());
        }
      }
    }
  }
}

// A sync that fails once is never trusted later, by any of the lives that follow without a restart
// of the machine.
TEST_P(EveryFault, AFailedSyncInEveryLifeUntilThePowerGoes) {
  const std::uint64_t operations = CountOperations();
  for (std::uint64_t operation = 0; operation < operations; ++operation) {
    for (std::uint64_t second = 0; second < 24; ++second) {
      for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        SCOPED_TRACE(DescribeFault(operation, Fault::kIoError, second, seed));
        Trial trial(GetParam());
        trial.Strike(operation, Fault::kIoError, kAllBytes);
        RunShortWorkload(trial);
        trial.Kill();
        trial.Strike(second, Fault::kIoError, kAllBytes);
        RunShortWorkload(trial);
        trial.Kill();
        trial.ExpectSound(seed);
        ASSERT_FALSE(HasFailure());
      }
    }
  }
}

// A bit that is read wrong once: it is found, nothing wrong is given out, and nothing is lost.
TEST_P(EveryFault, ABitReadWrong) {
  for (std::uint64_t operation = 0; operation < 40; ++operation) {
    for (std::size_t byte = 0; byte < 3'000; byte += 7) {
      SCOPED_TRACE(DescribeFault(operation, Fault::kBitFlip, byte, 0));
      Trial trial(GetParam());
      RunShortWorkload(trial);
      trial.Kill();
      trial.Strike(operation, Fault::kBitFlip, byte);
      if (trial.Open()) trial.Append({"more"});
      trial.Kill();
      trial.ExpectSound(byte);
      ASSERT_FALSE(HasFailure());
    }
  }
}

// The disk has room for every number of bytes, one after the other.
TEST_P(EveryFault, ADiskThatIsFullAtEveryByte) {
  for (std::uint64_t space = 0; space < 4'000; space += 3) {
    SCOPED_TRACE(space);
    Trial trial(GetParam());
    trial.Narrow(0, space);
    RunShortWorkload(trial);
    End(trial, space % kEndings, space);
    RunShortWorkload(trial);  // before there is room again
    End(trial, space / kEndings % kEndings, space);
    trial.ExpectSound(space);
    ASSERT_FALSE(HasFailure());
  }
}

INSTANTIATE_TEST_SUITE_P(Crash, EveryFault,
                         testing::Values(JournalTarget(150), JournalTarget(900),
                                         JournalTarget(1 << 20), LogTarget()),
                         [](const auto& target) { return target.param.name; });

}  // namespace
}  // namespace candour::crash
