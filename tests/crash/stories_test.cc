#include <gtest/gtest.h>

#include "journal_target.h"
#include "log_target.h"
#include "setting.h"
#include "trial.h"
#include "workload.h"

// Long workloads: the lives of a log, told by a seed.

namespace candour::crash {
namespace {

using storage::Fault;

void ArmFault(Trial& trial, std::mt19937_64& random) {
  constexpr Fault kFaults[] = {Fault::kIoError, Fault::kDiskFull, Fault::kPowerCut,
                               Fault::kPowerCut};
  const std::uint64_t operation = random() % (random() % 2 == 0 ? 12 : 80);
  const std::size_t byte = random() % 2 == 0 ? random() % 3'000 : random() % 40;
  trial.Strike(operation, kFaults[random() % std::size(kFaults)], byte);
}

void LiveOnce(Trial& trial, std::mt19937_64& random) {
  if (random() % 10 < 8) ArmFault(trial, random);
  bool goes_on = trial.Open();
  for (std::uint64_t batches = random() % 16; goes_on && batches > 0; --batches) {
    goes_on = trial.Append(RandomBatch(random));
  }
  End(trial, random() % 3 == 0 ? random() % kEndings : kEndings - 1, random() >> 8);
}

/// Several lives of one log, all faults and endings drawn from the seed; how often the power went.
std::uint64_t TellStory(const std::vector<Target>& targets, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Trial trial(targets[random() % targets.size()]);
  for (std::uint64_t lives = 2 + random() % 10; lives > 0; --lives) {
    LiveOnce(trial, random);
    if (testing::Test::HasFailure()) break;
  }
  trial.Kill();
  trial.ExpectSound(random() >> 1);
  return trial.power_cuts();
}

TEST(CrashStories, KeepEveryPromise) {
  const std::uint64_t rounds = Setting("CANDOUR_CRASH_ROUNDS", 5'000);
  const std::uint64_t base = Setting("CANDOUR_CRASH_SEED", 1);
  const std::vector<Target> targets = {JournalTarget(200), JournalTarget(3'000),
                                       JournalTarget(1 << 20), LogTarget()};
  std::uint64_t told = 0;
  std::uint64_t next_report = 0;
  for (std::uint64_t seed = base; told < rounds; ++seed) {
    told += TellStory(targets, seed);
    ASSERT_FALSE(HasFailure()) << "replay with CANDOUR_CRASH_SEED=" << seed
                               << " CANDOUR_CRASH_ROUNDS=1";
    if (told >= next_report) {
      fmt::print("crash: {} of {} power cuts, from seed {}\n", told, rounds, base);
      std::fflush(stdout);
      next_report += rounds / 10;
    }
  }
}

}  // namespace
}  // namespace candour::crash
