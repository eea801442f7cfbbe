// What a ledger of ten million entries costs: to open, to prove from, to make its tiles again.
//
//   bench_ledger_large make|open|prove|rebuild
//
// Each part is a process of its own, so that its peak of memory is its own. The ledger is made once
// and kept.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <random>
#include <vector>

#include "figures.h"
#include "ledger/log.h"
#include "ledger/test_settings.h"
#include "ledger_large_log.h"
#include "merkle/inclusion_proof.h"
#include "page_cache.h"

namespace candour::bench {
namespace {

namespace fs = std::filesystem;
using ledger::Ledger;
using ledger::LogName;
using Clock = std::chrono::steady_clock;

constexpr double kMostOpenS = 5;
constexpr double kMostRebuildS = 60;
constexpr double kMostProofUs = 200;
constexpr std::size_t kMostReceiptBytes = 2'048;

struct Options {
  fs::path folder = "build/bench/ledger_large";
  std::uint64_t entries = 10'000'000;
  int rounds = 5;
  int proofs = 20'000;
  unsigned seed = 7;
};

Result<Ledger> Open(const Options& options) {
  return Ledger::Open(ledger::TestSettings(options.folder), SystemClock());
}

/// Made under another name first, so that one that was interrupted is not taken for whole.
Status Make(const Options& options) {
  if (fs::exists(options.folder)) return {};
  fs::path fresh = options.folder;
  fresh += ".new";
  const fs::path checkpoints = ledger::TestSettings(fresh).checkpoint_file;
  fs::remove_all(fresh);
  fs::remove(checkpoints);
  fs::create_directories(fresh.parent_path());
  const auto start = Clock::now();
  CANDOUR_TRY(MakeLargeLedger(fresh, options.entries));
  fs::rename(checkpoints, ledger::TestSettings(options.folder).checkpoint_file);
  fs::rename(fresh, options.folder);
  fmt::print("made {} entries in {:.0f} s\n", options.entries, MsSince(start) / 1000);
  return {};
}

Result<double> OpenOnceS(const Options& options) {
  const auto start = Clock::now();
  CANDOUR_ASSIGN(const Ledger ledger, Open(options));
  const double seconds = MsSince(start) / 1000;
  // It may have more: an open ledger adds the tree of a set that has none yet.
  if (ledger.size(LogName::kAccesses) >= options.entries) return seconds;
  return Fail(ErrorCode::kInvalidArgument, "The ledger has fewer entries than were asked for.");
}

Status MeasureOpen(const Options& options) {
  std::map<std::string_view, std::vector<double>> seconds;
  for (int round = 0; round < options.rounds; ++round) {
    DropFromCache(options.folder);
    for (const std::string_view state : {"from the disk", "from memory"}) {
      CANDOUR_ASSIGN(const double once, OpenOnceS(options));
      seconds[state].push_back(once);
    }
  }
  for (const auto& [state, times] : seconds) {
    const double median = Median(times);
    fmt::print("open, {:<14} median {:6.2f} s, slowest {:6.2f} s   limit {:.0f} s: {}\n", state,
               median, std::ranges::max(times), kMostOpenS, AtMost(median, kMostOpenS));
  }
  fmt::print("  peak of memory {:.0f} MB\n", PeakMb());
  return {};
}

/// Times `prove` at random numbers of `started` entries; it is given what `prepare` makes of them.
template <class Prepare, class Prove>
Status TimeProofs(std::string_view title, const Options& options, Prepare prepare, Prove prove) {
  for (const bool cold : {true, false}) {
    if (cold) DropFromCache(options.folder);
    std::mt19937_64 random(options.seed);
    std::vector<double> times_us;
    for (int i = 0; i < options.proofs; ++i) {
      const std::uint64_t index = random() % (options.entries / 2) * 2;
      CANDOUR_ASSIGN(const std::string entry, prepare(index));
      const auto start = Clock::now();
      CANDOUR_TRY(prove(index, entry));
      times_us.push_back(MsSince(start) * 1000);
    }
    const double p99 = Percentile(times_us, 0.99);
    fmt::print("{:<26} {:<14} p50 {:5.0f} us, p99 {:5.0f} us   limit {:.0f} us: {}\n", title,
               cold ? "from the disk" : "from memory", Median(times_us), p99, kMostProofUs,
               AtMost(p99, kMostProofUs));
  }
  return {};
}

Status MeasureProofs(const Options& options) {
  CANDOUR_ASSIGN(const Ledger ledger, Open(options));
  const ledger::Log& log = ledger.log(LogName::kAccesses);
  const auto nothing = [](std::uint64_t) -> Result<std::string> { return ""; };
  const auto read = [&](std::uint64_t index) -> Result<std::string> {
    CANDOUR_ASSIGN(auto entries, log.journal().Read(index, 1));
    return std::move(entries.at(0).payload);
  };
  std::vector<std::size_t> sizes;
  const auto prove = [&](std::uint64_t index, const std::string&) -> Status {
    CANDOUR_TRY(merkle::ProveInclusion(log.tree(), index, log.size()));
    return {};
  };
  const auto receive = [&](std::uint64_t index, const std::string& entry) -> Status {
    CANDOUR_ASSIGN(const std::string text, log.Receipt(index, entry));
    sizes.push_back(text.size());
    return {};
  };
  const auto read_and_receive = [&](std::uint64_t index, const std::string&) -> Status {
    CANDOUR_TRY(log.Receipt(index));
    return {};
  };
  CANDOUR_TRY(TimeProofs("inclusion proof", options, nothing, prove));
  CANDOUR_TRY(TimeProofs("receipt, entry at hand", options, read, receive));
  CANDOUR_TRY(TimeProofs("receipt, entry read too", options, nothing, read_and_receive));
  const std::size_t largest = std::ranges::max(sizes);
  fmt::print("receipt of a started entry: median {}, largest {} bytes   limit {}: {}\n",
             Median(sizes), largest, kMostReceiptBytes,
             AtMost(static_cast<double>(largest), static_cast<double>(kMostReceiptBytes)));
  fmt::print("  peak of memory {:.0f} MB\n", PeakMb());
  return {};
}

/// Takes away what can be made again from the log's journal: the tiles, or the indexes as well.
/// Gives where the tiles are now: the disk may need longer to take them away than to write them.
fs::path RemoveDerived(const Options& options, bool indexes) {
  const fs::path log = options.folder / ToString(LogName::kAccesses);
  fs::path aside = options.folder;
  aside += ".old";
  fs::remove_all(aside);
  fs::rename(log / "public", aside);
  if (!indexes) return aside;
  for (const auto& file : fs::directory_iterator(log / "journal")) {
    if (file.path().extension() != ".journal") fs::remove(file.path());
  }
  return aside;
}

Status MeasureRebuild(const Options& options) {
  for (const bool indexes : {false, true}) {
    const fs::path aside = RemoveDerived(options, indexes);
    DropFromCache(options.folder);
    CANDOUR_ASSIGN(const double seconds, OpenOnceS(options));
    fs::remove_all(aside);
    fmt::print("{:<32} {:6.1f} s   limit {:.0f} s: {}\n",
               indexes ? "tiles and indexes made again" : "tiles made again", seconds,
               kMostRebuildS, AtMost(seconds, kMostRebuildS));
  }
  fmt::print("  peak of memory {:.0f} MB\n", PeakMb());
  return {};
}

}  // namespace
}  // namespace candour::bench

int main(int argc, char** argv) {
  using candour::Status;
  namespace bench = candour::bench;
  bench::Options options;
  CLI::App app("Times a ledger of many entries");
  app.add_option("--folder", options.folder, "Where the ledger is made, once")
      ->capture_default_str();
  app.add_option("--entries", options.entries, "An even number")->capture_default_str();
  app.add_option("--rounds", options.rounds)->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--proofs", options.proofs)->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seed", options.seed)->capture_default_str();
  app.require_subcommand(1)->fallthrough();
  Status (*part)(const bench::Options&) = nullptr;
  const auto add = [&](const char* name, const char* what, Status (*run)(const bench::Options&)) {
    app.add_subcommand(name, what)->callback([&part, run] { part = run; });
  };
  add("make", "Makes the ledger unless it is there", bench::Make);
  add("open", "Times opening it", bench::MeasureOpen);
  add("prove", "Times proofs and receipts, and their size", bench::MeasureProofs);
  add("rebuild", "Times making again what is derived", bench::MeasureRebuild);
  CLI11_PARSE(app, argc, argv);
  const Status status = part(options);
  if (!status) fmt::print(stderr, "{}\n", status.error().ToString());
  return status ? 0 : 1;
}
