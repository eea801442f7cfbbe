// How many durable records a second the ledger answers for, beside SQLite and PostgreSQL, with the
// same driver, callers and entries on the same disk.
//
// Every round runs every contender once, in turn, so that a busy machine slows all of them alike.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <vector>

#include "figures.h"
#include "ledger_contenders.h"
#include "slow_disk.h"
#include "storage/filesystem.h"

namespace candour::bench {
namespace {

constexpr double kLeastPerSecond = 20'000;
constexpr double kMostP99Ms = 20;
constexpr double kLeastOverPostgres = 2.5;
constexpr double kLeastOverSqlite = 10;

struct Options {
  Load load;
  int rounds = 3;
  std::string folder = "build/bench/ledger_receipts";
  std::string postgres;
  std::vector<int> commit_delays_us = {0, 100, 400};
  bool alone = false;
  int slower_sync_us = 0;
};

/// Which of the three a contender is: rivals are compared by the best of their kind.
enum class Kind { kEntry, kAccess, kSqlite, kPostgres };

struct Entrant {
  Kind kind;
  std::unique_ptr<Contender> contender;
  std::vector<LoadFigures> rounds;
};

std::vector<Entrant> Entrants(const Options& options) {
  std::vector<Entrant> entrants;
  const auto add = [&](Kind kind, std::unique_ptr<Contender> contender) {
    entrants.push_back({kind, std::move(contender), {}});
  };
  add(Kind::kEntry, CandourContender(options.folder, false));
  add(Kind::kAccess, CandourContender(options.folder, true));
  if (options.alone) return entrants;
  add(Kind::kSqlite, SqliteContender(options.folder, false));
  add(Kind::kSqlite, SqliteContender(options.folder, true));
  if (options.postgres.empty()) return entrants;
  for (const int delay_us : options.commit_delays_us) {
    add(Kind::kPostgres, PostgresContender(options.postgres, delay_us));
  }
  return entrants;
}

void PrintFigures(const std::vector<Entrant>& entrants) {
  const auto known = [](std::optional<double> figure) {
    return figure ? fmt::format("{:.1f}", *figure) : std::string();
  };
  fmt::print("{:<42}{:>10}{:>8}{:>8}{:>8}{:>8}{:>14}\n", "", "records/s", "p50 ms", "p99 ms",
             "max ms", "CPU us", "records/sync");
  for (const Entrant& entrant : entrants) {
    const LoadFigures figures = MedianOf(entrant.rounds);
    fmt::print("{:<42}{:>10.0f}{:>8.2f}{:>8.2f}{:>8.1f}{:>8}{:>14}\n", entrant.contender->name(),
               figures.per_second, figures.p50_ms, figures.p99_ms, figures.max_ms,
               known(figures.cpu_us), known(figures.batch));
  }
}

/// What one small write costs to make durable here: what the rates of all contenders hang on.
Status PrintSync(const std::string& folder) {
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = std::filesystem::path(folder) / "sync";
  constexpr int kTimes = 500;
  std::vector<double> times_ms;
  {
    CANDOUR_ASSIGN(const auto written, storage::MachineFilesystem().Create(file));
    for (int i = 0; i < kTimes; ++i) {
      const auto start = std::chrono::steady_clock::now();
      CANDOUR_TRY(written->Append(WholeEntry(1)));
      CANDOUR_TRY(written->Sync());
      times_ms.push_back(MsSince(start));
    }
  }
  std::filesystem::remove(file);
  fmt::print("one sync of this disk: median {:.2f} ms, p99 {:.2f} ms\n", Median(times_ms),
             Percentile(times_ms, 0.99));
  return {};
}

/// The ratio of our rate to the best of a rival's, round by round: drift of the machine falls out.
std::optional<double> RatioTo(Kind rival, const std::vector<Entrant>& entrants) {
  const Entrant& ours = entrants.front();
  std::vector<double> ratios;
  for (std::size_t round = 0; round < ours.rounds.size(); ++round) {
    double best = 0;
    for (const Entrant& entrant : entrants) {
      if (entrant.kind == rival) best = std::max(best, entrant.rounds[round].per_second);
    }
    if (best > 0) ratios.push_back(ours.rounds[round].per_second / best);
  }
  if (ratios.empty()) return std::nullopt;
  return Median(std::move(ratios));
}

void PrintVerdicts(const std::vector<Entrant>& entrants) {
  const LoadFigures ours = MedianOf(entrants.front().rounds);
  fmt::print("receipts a second        {:>9.0f}   limit {:.0f}: {}\n", ours.per_second,
             kLeastPerSecond, AtLeast(ours.per_second, kLeastPerSecond));
  fmt::print("p99                      {:>6.2f} ms   limit {:.0f} ms: {}\n", ours.p99_ms,
             kMostP99Ms, AtMost(ours.p99_ms, kMostP99Ms));
  const auto print_ratio = [&](std::string_view title, Kind rival, double limit) {
    const auto ratio = RatioTo(rival, entrants);
    if (!ratio) return fmt::print("{:<24} not measured\n", title);
    fmt::print("{:<24} {:>9.2f}   limit {:.1f}: {}\n", title, *ratio, limit,
               AtLeast(*ratio, limit));
  };
  print_ratio("times the best SQLite", Kind::kSqlite, kLeastOverSqlite);
  print_ratio("times the best PostgreSQL", Kind::kPostgres, kLeastOverPostgres);
}

Status Measure(const Options& options) {
  fmt::print("{} callers, each record durable; medians of {} rounds of {:.0f} s or {} records\n",
             options.load.callers, options.rounds, options.load.seconds, options.load.records);
  fmt::print("an entry has {} bytes\n", WholeEntry(1).size());
  SlowSyncsBy(std::chrono::microseconds(options.slower_sync_us));
  CANDOUR_TRY(PrintSync(options.folder));
  std::vector<Entrant> entrants = Entrants(options);
  for (int round = 0; round < options.rounds; ++round) {
    for (Entrant& entrant : entrants) {
      sync();  // nobody pays for what another left to be written
      CANDOUR_ASSIGN(const LoadFigures figures, RunLoad(*entrant.contender, options.load));
      entrant.rounds.push_back(figures);
    }
  }
  PrintFigures(entrants);
  PrintVerdicts(entrants);
  return {};
}

}  // namespace
}  // namespace candour::bench

int main(int argc, char** argv) {
  candour::bench::Options options;
  CLI::App app("Times durable records of many callers in the ledger and in its rivals");
  app.add_option("--callers", options.load.callers)->capture_default_str();
  app.add_option("--seconds", options.load.seconds, "The longest a round lasts")
      ->capture_default_str();
  app.add_option("--records", options.load.records, "The most records of a round")
      ->capture_default_str();
  app.add_option("--rounds", options.rounds)->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--folder", options.folder, "For what is written")->capture_default_str();
  app.add_option("--postgres", options.postgres,
                 "Connection string of a scratch cluster's superuser; none: no PostgreSQL");
  app.add_option("--commit-delay-us", options.commit_delays_us, "Values to try on PostgreSQL")
      ->capture_default_str();
  app.add_flag("--alone", options.alone, "Without rivals");
  app.add_option("--slower-sync-us", options.slower_sync_us,
                 "So much longer a sync takes, in Candour and SQLite alike")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const candour::Status status = candour::bench::Measure(options);
  if (!status) fmt::print(stderr, "{}\n", status.error().ToString());
  return status ? 0 : 1;
}
