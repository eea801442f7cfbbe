#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "ledger/ledger_fixture.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

using storage::Fault;
using storage::FaultyFilesystem;

class LedgerCrash : public LedgerTest {
 protected:
  /// The child: records accesses without end and reports each number once it is acknowledged.
  [[noreturn]] void RecordUntilKilled(int report) const {
    auto ledger = Open();
    for (std::size_t i = 0; ledger; ++i) {
      const auto set = ledger->StoreSet(SetOf({1, 2 + i % 50}));
      const auto started = set ? ledger->Started(Access(*set)) : Result<std::uint64_t>(0);
      if (!set || !started || !ledger->Finished(*started, *set, 1, "released")) break;
      if (::write(report, &*started, sizeof(*started)) != sizeof(*started)) break;
    }
    ::_exit(1);
  }

  /// Runs a child until it has reported so many accesses and a little longer, kills it, and gives
  /// all that it reported.
  std::vector<std::uint64_t> RunAndKill(std::size_t reports, unsigned microseconds) const {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) RecordUntilKilled(ends[1]);
    ::close(ends[1]);
    std::vector<std::uint64_t> reported;
    std::uint64_t started = 0;
    const auto read_one = [&] {
      if (::read(ends[0], &started, sizeof(started)) != sizeof(started)) return false;
      reported.push_back(started);
      return true;
    };
    while (reported.size() < reports && read_one()) {
    }
    ::usleep(microseconds);
    ::kill(child, SIGKILL);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child stopped by itself";
    while (read_one()) {
    }
    ::close(ends[0]);
    return reported;
  }
};

TEST_F(LedgerCrash, KillingTheProcessLosesNothingAcknowledged) {
  std::mt19937 random(20260301);
  for (int round = 0; round < 40; ++round) {
    const std::size_t reports = random() % 10;  // none: killed while it opens
    const auto reported = RunAndKill(reports, static_cast<unsigned>(random() % 4000));
    ASSERT_GE(reported.size(), reports);
    const Result<Ledger> ledger = Open();
    ASSERT_TRUE(ledger) << ledger.error().ToString();
    ASSERT_TRUE(ledger->Verify());
    const std::vector<AccessDetail> told = ledger->AccessesOf({1}).value();
    for (const std::uint64_t started : reported) {
      const auto it = std::ranges::find(told, started, &AccessDetail::started);
      ASSERT_NE(it, told.end());
      EXPECT_EQ(it->outcome, "released");
      EXPECT_EQ(it->principal, "prudence-the-marketer");
    }
  }
}

/// What a workload got acknowledged before its first error.
struct Acknowledged {
  std::vector<SetId> sets;
  std::vector<std::uint64_t> accesses;
  bool finished = false;
};

class LedgerFaults : public LedgerTest {
 protected:
  Result<Ledger> OpenOn(FaultyFilesystem& files) const {
    LedgerSettings settings = TestSettings(Folder(), files);
    settings.prove_sets = prove_sets_;
    return Ledger::Open(settings, clock_);
  }

  Acknowledged Work(FaultyFilesystem& files) const {
    Acknowledged done;
    Result<Ledger> ledger = OpenOn(files);
    for (std::size_t i = 0; ledger && i < 2; ++i) {
      const auto set = ledger->StoreSet(SetOf({i}));
      if (!set) break;
      done.sets.push_back(*set);
      const auto started = ledger->Started(Access(*set));
      if (!started) {
        const auto late = ledger->Started(Access(*set));
        EXPECT_TRUE(!late && late.error().code == ErrorCode::kLedgerReadOnly);
        break;
      }
      done.accesses.push_back(*started);
      static_cast<void>(ledger->WaitForTrees());
    }
    if (done.accesses.size() == 2) {
      done.finished = ledger->Finished(done.accesses[0], done.sets[0], 1, "released").has_value();
    }
    return done;
  }

  void Check(FaultyFilesystem& files, const Acknowledged& done) const {
    Result<Ledger> ledger = OpenOn(files);
    ASSERT_TRUE(ledger) << ledger.error().ToString();
    EXPECT_TRUE(ledger->WaitForTrees());
    const Status verified = ledger->Verify();
    EXPECT_TRUE(verified) << (verified ? "" : verified.error().ToString());
    EXPECT_GE(ledger->size(LogName::kAccesses), done.accesses.size() + (done.finished ? 1 : 0));
    for (std::size_t i = 0; i < done.sets.size(); ++i) {
      EXPECT_EQ(ledger->LoadSet(done.sets[i]).value(), SetOf({i}));
    }
    for (std::size_t i = 0; i < done.accesses.size(); ++i) {
      const auto told = ledger->AccessesOf({static_cast<std::uint32_t>(i)}).value();
      ASSERT_EQ(told.size(), 1U);
      EXPECT_EQ(told[0].started, done.accesses[i]);
      EXPECT_EQ(told[0].statement, Access({}).statement);
      EXPECT_TRUE(!done.finished || i != 0 || told[0].outcome == "released");
    }
    const SetId set = ledger->StoreSet(SetOf({9})).value();
    EXPECT_TRUE(ledger->Started(Access(set))) << "after recovery it takes entries again";
  }

  void FailEveryOperation();

  bool prove_sets_ = false;
};

// Every file operation of a short workload fails in every way; then the process is killed or the
// power goes. The vault is on the machine's own disk and survives: it may be ahead of the journal.
void LedgerFaults::FailEveryOperation() {
  const auto fresh = [&] {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(Folder());
    return FaultyFilesystem();
  };
  FaultyFilesystem count = fresh();
  Work(count);
  for (std::uint64_t operation = 0; operation < count.operations(); ++operation) {
    for (const Fault fault : {Fault::kIoError, Fault::kDiskFull, Fault::kPowerCut}) {
      for (const bool power_goes : {false, true}) {
        FaultyFilesystem files = fresh();
        files.FailAt(operation, fault, 30);
        const Acknowledged done = Work(files);
        if (power_goes) {
          files.PowerCycle({.zeroed = 10, .kept = 500});
        } else {
          files.Kill();
        }
        Check(files, done);
        ASSERT_FALSE(HasFailure()) << "operation " << operation;
      }
    }
  }
}

TEST_F(LedgerFaults, KeepWhatWasAcknowledgedAndNothingElse) { FailEveryOperation(); }

TEST_F(LedgerFaults, NoTreeIsRecordedThatCouldNotBeMadeAgain) {
  prove_sets_ = true;
  FailEveryOperation();
}

}  // namespace
}  // namespace candour::ledger
