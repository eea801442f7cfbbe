// The governed scan beside the bare one and beside the same rule written as SQL.
//
// Every round runs every contender once, in turn, so that a busy machine slows all of them alike.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
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

/// A way to answer: times in milliseconds, the last answer.
struct Contender {
  std::string name;
  std::function<Result<Table>()> run;
  std::vector<double> times_ms;
  Table answer;

  double MedianMs() const {
    std::vector<double> sorted = times_ms;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

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
      CANDOUR_ASSIGN(contender.answer, contender.run());
      if (round > 0) contender.times_ms.push_back(MsSince(begin));
    }
    fmt::print(stderr, "bench_governed_scan: round {} of {}\r", round, rounds);
  }
  fmt::print(stderr, "\n");
  return {};
}

std::string Verdict(bool within) { return within ? "within" : "OVER"; }

void Report(const Shape& shape, const std::vector<Contender>& contenders) {
  fmt::print("\n{}\n  {:<44}{:>12}{:>12}{:>12}\n", shape.name, "", "median ms", "fastest ms",
             "of governed");
  const double governed = contenders.back().MedianMs();
  for (const Contender& contender : contenders) {
    fmt::print("  {:<44}{:>12.0f}{:>12.0f}{:>12.2f}\n", contender.name, contender.MedianMs(),
               std::ranges::min(contender.times_ms), contender.MedianMs() / governed);
  }
  const double over_bare = governed / contenders[0].MedianMs();
  const double under_join = std::min(contenders[2].MedianMs(), contenders[3].MedianMs()) / governed;
  fmt::print("  governed / bare                {:>6.2f}", over_bare);
  if (shape.limited)
    fmt::print("   limit {:.1f}: {}", kMostOverBare, Verdict(over_bare <= kMostOverBare));
  fmt::print("\n  fastest semi-join / governed   {:>6.2f}", under_join);
  if (shape.limited) {
    fmt::print("   limit {:.1f}: {}", kLeastUnderSemiJoin,
               Verdict(under_join >= kLeastUnderSemiJoin));
  }
  fmt::print("\n");
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
