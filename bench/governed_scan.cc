// The governed scan beside the bare one and beside the same rule written as SQL.
//
// Every round runs every contender once, in turn, so that a busy machine slows all of them alike.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <map>

#include "engine/database.h"
#include "intake/dataset_version.h"
#include "scan_setting.h"

namespace candour::bench {
namespace {

using engine::Database;
using engine::Table;
using Clock = std::chrono::steady_clock;

constexpr double kMostOverBare = 2.2;
constexpr double kLeastUnderSemiJoin = 4.0;

/// One question in the words of each contender.
struct Shape {
  std::string name;
  std::string asked;     ///< through the door
  std::string bare;      ///< of DuckDB; {} takes the condition on consent
  bool limited = false;  ///< the limits of the project hold for it
};

std::vector<Shape> Shapes() {
  return {{.name = "sum by group",
           .asked = "SELECT store, sum(pence) FROM shop.sales GROUP BY store ORDER BY store",
           .bare = "SELECT store, sum(pence) FROM d.rows s WHERE {} GROUP BY store ORDER BY store",
           .limited = true},
          {.name = "sum by group, a quarter of the time",
           .asked = "SELECT store, sum(pence) FROM shop.sales WHERE sold >= DATE '2025-07-01' "
                    "GROUP BY store ORDER BY store",
           .bare = "SELECT store, sum(pence) FROM d.rows s WHERE sold >= DATE '2025-07-01' AND {} "
                   "GROUP BY store ORDER BY store"},
          {.name = "joined with stores, sum by region",
           .asked = "SELECT region, sum(pence) FROM shop.sales JOIN shop.stores USING (store) "
                    "GROUP BY region ORDER BY region",
           .bare = "SELECT region, sum(pence) FROM d.rows s JOIN e.rows USING (store) WHERE {} "
                   "GROUP BY region ORDER BY region"}};
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// A way to answer: what each round took, and the last answer.
struct Contender {
  std::string name;
  std::function<Result<Table>()> run;
  std::vector<double> times_ms;
  std::vector<double> cpu_ms;  ///< of all threads: what a busy machine changes least
  Table answer;

  double MedianMs() const { return Median(times_ms); }
  double MedianCpuMs() const { return Median(cpu_ms); }
};

double CpuMs() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double MsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// An engine as the door opens it, over the same files.
Result<Database> OpenEngine(const ScanData& data) {
  CANDOUR_ASSIGN(Database engine, Database::Open());
  const auto rows = [&](const char* dataset) {
    return intake::RowsFile(intake::VersionFolder(data.state_dir(), dataset), 1);
  };
  CANDOUR_TRY(engine.AttachReadOnly(rows("shop.sales"), "d"));
  CANDOUR_TRY(engine.AttachReadOnly(rows("shop.stores"), "e"));
  CANDOUR_TRY(engine.AttachReadOnly(data.peer_file(), "peer"));
  return engine;
}

bool SameAnswer(const Table& a, const Table& b) { return a.rows == b.rows; }

/// Times every contender once a round, after one round that does not count.
Status RunRounds(std::vector<Contender>& contenders, int rounds) {
  for (int round = 0; round <= rounds; ++round) {
    for (Contender& contender : contenders) {
      const Clock::time_point begin = Clock::now();
      const double cpu_begin = CpuMs();
      CANDOUR_ASSIGN(contender.answer, contender.run());
      if (round == 0) continue;
      contender.times_ms.push_back(MsSince(begin));
      contender.cpu_ms.push_back(CpuMs() - cpu_begin);
    }
    fmt::print(stderr, "bench_governed_scan: round {} of {}\r", round, rounds);
  }
  fmt::print(stderr, "\n");
  return {};
}

std::string Verdict(bool within) { return within ? "within" : "OVER"; }

/// One line with a ratio in time and in CPU; the limit, if any, holds for time.
void ReportRatio(std::string_view name, double ratio, double cpu_ratio, std::string_view limit) {
  fmt::print("  {:<34}{:>6.2f}   in CPU {:>5.2f}{}\n", name, ratio, cpu_ratio, limit);
}

void Report(const Shape& shape, const std::vector<Contender>& contenders) {
  fmt::print("\n{}\n  {:<46}{:>11}{:>12}{:>9}\n", shape.name, "", "median ms", "fastest ms",
             "CPU ms");
  for (const Contender& contender : contenders) {
    fmt::print("  {:<46}{:>11.0f}{:>12.0f}{:>9.0f}\n", contender.name, contender.MedianMs(),
               std::ranges::min(contender.times_ms), contender.MedianCpuMs());
  }
  const Contender& bare = contenders[0];
  const Contender& governed = contenders[4];
  const Contender& join = *std::min_element(
      &contenders[2], &contenders[4],
      [](const Contender& a, const Contender& b) { return a.MedianMs() < b.MedianMs(); });
  const double over_bare = governed.MedianMs() / bare.MedianMs();
  const double under_join = join.MedianMs() / governed.MedianMs();
  const auto limit = [&shape](double value, bool within) {
    return shape.limited ? fmt::format("   limit {:.1f}: {}", value, Verdict(within)) : "";
  };
  ReportRatio("governed / bare", over_bare, governed.MedianCpuMs() / bare.MedianCpuMs(),
              limit(kMostOverBare, over_bare <= kMostOverBare));
  ReportRatio("governed / bare that stays open", governed.MedianMs() / contenders[1].MedianMs(),
              governed.MedianCpuMs() / contenders[1].MedianCpuMs(), "");
  ReportRatio("faster semi-join / governed", under_join,
              join.MedianCpuMs() / governed.MedianCpuMs(),
              limit(kLeastUnderSemiJoin, under_join >= kLeastUnderSemiJoin));
}

/// Bare, kept open, two semi-joins, governed: in that order.
std::vector<Contender> ContendersOf(const Shape& shape, const ScanData& data, Database& kept,
                                    ScanSetting& setting, gate::AccessReport& report) {
  const auto with = [&shape](std::string_view condition) {
    return fmt::format(fmt::runtime(shape.bare), condition);
  };
  const auto fresh = [&data](const std::string& sql) {
    return [&data, sql]() -> Result<Table> {
      CANDOUR_ASSIGN(Database engine, OpenEngine(data));
      return engine.Query(sql);
    };
  };
  return {{.name = "bare", .run = fresh(with("true"))},
          {.name = "bare, in an engine that stays open",
           .run = [&kept, sql = with("true")] { return kept.Query(sql); }},
          {.name = "semi-join by record and person, no threshold",
           .run = fresh(with("s._record IN (SELECT r.record FROM peer.record r JOIN peer.consent c "
                             "USING (person) WHERE c.permitted)"))},
          {.name = "semi-join, the person in each row",
           .run = fresh(with("EXISTS (SELECT 1 FROM peer.consent c WHERE c.person = s.person AND "
                             "c.permitted)"))},
          {.name = "governed: threshold and record included",
           .run = [&setting, &report, &shape] { return setting.Ask(shape.asked, report); }}};
}

Status TimePermitted(ScanSetting& setting) {
  fmt::print("the set of those who permit the use\n");
  for (const char* which : {"first", "again"}) {
    const Clock::time_point begin = Clock::now();
    CANDOUR_TRY(setting.OpenPermitted());
    fmt::print("  {:<44}{:>12.0f} ms\n", which, MsSince(begin));
  }
  return {};
}

Status Main(const std::filesystem::path& root, const ScanSize& size, int rounds) {
  CANDOUR_ASSIGN(const ScanData data, OpenScanData(root, size));
  CANDOUR_ASSIGN(const std::unique_ptr<ScanSetting> setting, ScanSetting::Open(data, size));
  CANDOUR_ASSIGN(Database kept, OpenEngine(data));
  fmt::print("{} rows, {} people, {} records; {} rounds, interleaved\n", size.rows, size.people,
             RecordsOf(size), rounds);
  CANDOUR_TRY(TimePermitted(*setting));
  for (const Shape& shape : Shapes()) {
    gate::AccessReport report;
    std::vector<Contender> contenders = ContendersOf(shape, data, kept, *setting, report);
    CANDOUR_TRY(RunRounds(contenders, rounds));
    Report(shape, contenders);
    const bool same = SameAnswer(contenders[2].answer, contenders[3].answer) &&
                      SameAnswer(contenders[2].answer, contenders[4].answer);
    if (!same && report.protected_figures == 0) {
      return Fail(ErrorCode::kInternal, "the contenders do not give the same figures");
    }
    fmt::print("  {} rows, {} figures protected, the same figures from all: {}\n", report.rows,
               report.protected_figures, same ? "yes" : "not comparable");
  }
  return {};
}

}  // namespace
}  // namespace candour::bench

int main(int argc, char** argv) {
  CLI::App app{"Times governed queries beside bare ones and beside the same rule in SQL"};
  candour::bench::ScanSize size;
  std::string root = "build/bench";
  int rounds = 7;
  app.add_option("--rows", size.rows, "Rows to generate")->check(CLI::PositiveNumber);
  app.add_option("--people", size.people, "People they belong to")->check(CLI::PositiveNumber);
  app.add_option("--rounds", rounds, "Times each contender runs")->check(CLI::PositiveNumber);
  app.add_option("--folder", root, "Where the generated data is kept");
  CLI11_PARSE(app, argc, argv);
  const candour::Status status = candour::bench::Main(root, size, rounds);
  if (status) return 0;
  fmt::print(stderr, "bench_governed_scan: {}\n", status.error().ToString());
  return 1;
}
