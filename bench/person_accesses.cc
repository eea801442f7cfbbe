// How long a person waits for the list of every access that included them, over many accesses.
//
// Accesses share their available sets, as they do in life: between two changes of anybody's choice
// or of the data, every access under a use has the same set. The list is timed through the ledger
// alone, then with the ledger opened first, as the command line does.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/test_settings.h"

namespace {

namespace fs = std::filesystem;
using candour::Bitmap;
using candour::Result;
using candour::ledger::Ledger;
using Clock = std::chrono::steady_clock;

constexpr double kLimitMs = 100;

struct Options {
  int accesses = 10'000;
  int sets = 200;
  std::uint32_t records = 50'000;
  int rounds = 5;
  std::string folder = "build/bench/person_accesses";
};

double MsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Set number `s` leaves out every record that ends in `s`, so that a person is in most of them.
Bitmap MakeSet(const Options& options, int s) {
  Bitmap set(options.records);
  for (std::uint32_t record = 1; record < options.records; ++record) {
    if (record % static_cast<std::uint32_t>(options.sets) != static_cast<std::uint32_t>(s)) {
      set.Add(record);
    }
  }
  return set;
}

candour::Status Fill(Ledger& ledger, const Options& options) {
  std::vector<candour::ledger::SetId> sets;
  for (int s = 0; s < options.sets; ++s) {
    CANDOUR_ASSIGN(candour::ledger::SetId id, ledger.StoreSet(MakeSet(options, s)));
    sets.push_back(std::move(id));
  }
  for (int a = 0; a < options.accesses; ++a) {
    const auto& set = sets[static_cast<std::size_t>(a * options.sets / options.accesses)];
    CANDOUR_ASSIGN(const std::uint64_t number,
                   ledger.Started({.principal = "analyst",
                                   .use = "basket-insight",
                                   .purpose = "range-planning",
                                   .recipient = "planners",
                                   .output = "aggregates",
                                   .datasets = "food.transactions",
                                   .statement = "SELECT count(*) FROM food.transactions",
                                   .os_user = "bench",
                                   .available = set,
                                   .available_people = options.records}));
    CANDOUR_TRY(ledger.Finished(number, std::nullopt, 1, "released"));
  }
  return {};
}

candour::Status Measure(const Options& options) {
  const auto& clock = candour::SystemClock();
  if (!fs::exists(options.folder)) {
    fs::create_directories(fs::path(options.folder).parent_path());
    const auto start = Clock::now();
    CANDOUR_ASSIGN(Ledger ledger,
                   Ledger::Open(candour::ledger::TestSettings(options.folder), clock));
    CANDOUR_TRY(Fill(ledger, options));
    fmt::print("recorded {} accesses in {:.1f} s, each durable twice\n", options.accesses,
               MsSince(start) / 1000);
  }
  std::vector<double> first;
  std::vector<double> opened;
  std::size_t found = 0;
  for (int round = 0; round < options.rounds; ++round) {
    const auto start = Clock::now();
    CANDOUR_ASSIGN(const Ledger ledger,
                   Ledger::Open(candour::ledger::TestSettings(options.folder), clock));
    const auto open = Clock::now();
    CANDOUR_ASSIGN(const auto accesses, ledger.AccessesOf({7}));
    first.push_back(MsSince(open));
    opened.push_back(MsSince(start));
    found = accesses.size();
  }
  fmt::print("{} of {} accesses found over {} distinct sets\n", found, options.accesses,
             options.sets);
  fmt::print("list, first time after opening:  median {:.1f} ms (limit {:.0f} ms)\n", Median(first),
             kLimitMs);
  fmt::print("open the ledger and list:        median {:.1f} ms\n", Median(opened));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Times the list of every access that included one person");
  app.add_option("--accesses", options.accesses)->capture_default_str();
  app.add_option("--sets", options.sets, "Distinct available sets")->capture_default_str();
  app.add_option("--rounds", options.rounds)->capture_default_str();
  app.add_option("--folder", options.folder, "Where the ledger is made, once")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const candour::Status status = Measure(options);
  if (!status) fmt::print(stderr, "{}\n", status.error().ToString());
  return status ? 0 : 1;
}
