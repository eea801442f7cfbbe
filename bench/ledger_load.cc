#include "ledger_load.h"

#include <fmt/format.h>

#include <atomic>
#include <ctime>
#include <latch>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "figures.h"

namespace candour::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// What the callers of one round share.
struct Round {
  Round(Contender& driven, const Load& asked)
      : contender(driven), load(asked), ready(asked.callers + 1) {}

  Contender& contender;
  const Load& load;
  std::latch ready;
  std::atomic<std::uint64_t> left{load.records};
  std::atomic<bool> over{false};
};

struct Caller {
  std::vector<float> waits_ms;
  Status status;
};

double CpuUs() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

bool TakeOne(Round& round) {
  std::uint64_t left = round.left.load();
  while (left > 0 && !round.left.compare_exchange_weak(left, left - 1)) {
  }
  return left > 0 && !round.over;
}

void Call(Round& round, int number, Caller& caller) {
  caller.waits_ms.reserve(round.load.records / static_cast<std::uint64_t>(round.load.callers) * 2);
  round.ready.arrive_and_wait();
  const Clock::time_point end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(
                         std::chrono::duration<double>(round.load.seconds));
  while (TakeOne(round)) {
    const Clock::time_point start = Clock::now();
    if (start >= end) return;
    caller.status = round.contender.Record(number);
    if (!caller.status) {
      round.over = true;
      return;
    }
    caller.waits_ms.push_back(static_cast<float>(MsSince(start)));
  }
}

}  // namespace

Result<LoadFigures> RunLoad(Contender& contender, const Load& load) {
  CANDOUR_TRY(contender.Open(load.callers));
  Round round(contender, load);
  std::vector<Caller> callers(static_cast<std::size_t>(load.callers));
  std::vector<std::thread> threads;
  for (int i = 0; i < load.callers; ++i) {
    threads.emplace_back(
        [&round, i, &caller = callers[static_cast<std::size_t>(i)]] { Call(round, i, caller); });
  }
  round.ready.arrive_and_wait();
  const Clock::time_point start = Clock::now();
  const double cpu_before_us = CpuUs();
  for (std::thread& thread : threads) thread.join();
  const double seconds = MsSince(start) / 1000;
  const double cpu_us = CpuUs() - cpu_before_us;
  CANDOUR_ASSIGN(const std::optional<double> batch, contender.Close());
  std::vector<float> waits;
  for (const Caller& caller : callers) {
    CANDOUR_TRY(caller.status);
    waits.insert(waits.end(), caller.waits_ms.begin(), caller.waits_ms.end());
  }
  if (waits.empty()) return Fail(ErrorCode::kUnavailable, "Nothing was recorded in a round.");
  LoadFigures figures{.per_second = static_cast<double>(waits.size()) / seconds,
                      .p50_ms = Median(waits),
                      .p99_ms = Percentile(waits, 0.99),
                      .max_ms = std::ranges::max(waits),
                      .batch = batch};
  if (contender.in_process()) figures.cpu_us = cpu_us / static_cast<double>(waits.size());
  return figures;
}

LoadFigures MedianOf(const std::vector<LoadFigures>& rounds) {
  const auto median = [&](auto figure) {
    std::vector<double> values;
    for (const LoadFigures& round : rounds) values.push_back(figure(round));
    return Median(std::move(values));
  };
  LoadFigures figures{
      .per_second = median([](const LoadFigures& round) { return round.per_second; }),
      .p50_ms = median([](const LoadFigures& round) { return round.p50_ms; }),
      .p99_ms = median([](const LoadFigures& round) { return round.p99_ms; }),
      .max_ms = median([](const LoadFigures& round) { return round.max_ms; })};
  if (rounds.front().cpu_us) {
    figures.cpu_us = median([](const LoadFigures& round) { return round.cpu_us.value_or(0); });
  }
  if (rounds.front().batch) {
    figures.batch = median([](const LoadFigures& round) { return round.batch.value_or(0); });
  }
  return figures;
}

nlohmann::json EntryBody(std::uint64_t number) {
  return {{"answer", fmt::format("{:064x}", number)},
          {"reason", "consent.withdrawn"},
          {"request", fmt::format("{:064x}", ~number)},
          {"rule", "members-2026-03/withdrawn"}};
}

std::string WholeEntry(std::uint64_t number) {
  return fmt::format(R"({{"body":{},"time":"2026-03-01T09:00:00.000000Z","type":"denied","v":1}})",
                     EntryBody(number).dump());
}

}  // namespace candour::bench
