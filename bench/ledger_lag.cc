// How far the published checkpoint is behind what callers were told is recorded, at full speed.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "figures.h"
#include "ledger/log.h"
#include "ledger/test_settings.h"
#include "ledger_load.h"

namespace candour::bench {
namespace {

namespace fs = std::filesystem;
using ledger::Ledger;
using ledger::LogName;
using Clock = std::chrono::steady_clock;

constexpr double kMostLagMs = 1'000;

struct Acknowledged {
  std::uint64_t index = 0;
  Clock::time_point at;
};

/// A checkpoint of so many entries was seen published.
struct Published {
  std::uint64_t size = 0;
  Clock::time_point at;
};

/// Records entries, and notes when each was acknowledged and when checkpoints came out.
class Watched final : public Contender {
 public:
  explicit Watched(fs::path folder) : folder_(std::move(folder)) {}

  std::string name() const override { return "Candour, published twice a second"; }

  Status Open(int callers) override {
    fs::remove_all(folder_);
    fs::create_directories(folder_.parent_path());
    auto settings = ledger::TestSettings(folder_);
    fs::remove(settings.checkpoint_file);
    settings.publish_every = std::chrono::milliseconds(500);
    CANDOUR_ASSIGN(Ledger opened, Ledger::Open(settings, SystemClock()));
    ledger_.emplace(std::move(opened));
    acknowledged_.assign(static_cast<std::size_t>(callers), {});
    published_.clear();
    ending_ = false;
    watcher_ = std::thread([this] { Watch(); });
    return {};
  }

  Status Record(int caller) override {
    const auto index = ledger_->Append(ledger::EntryType::kDenied, EntryBody(next_++));
    if (!index) return std::unexpected(index.error());
    acknowledged_[static_cast<std::size_t>(caller)].push_back({*index, Clock::now()});
    return {};
  }

  /// Waits for the checkpoint of the last entry: the publisher brings it unasked.
  Result<std::optional<double>> Close() override {
    ending_ = true;
    watcher_.join();
    ledger_.reset();
    fs::remove_all(folder_);
    fs::remove(ledger::TestSettings(folder_).checkpoint_file);
    return std::nullopt;
  }

  double LargestLagMs() const {
    double largest = 0;
    for (const auto& caller : acknowledged_) {
      for (const Acknowledged& entry : caller) {
        const auto holds = std::ranges::upper_bound(published_, entry.index, {}, &Published::size);
        if (holds == published_.end()) return std::numeric_limits<double>::infinity();
        const std::chrono::duration<double, std::milli> lag = holds->at - entry.at;
        largest = std::max(largest, lag.count());
      }
    }
    return largest;
  }

 private:
  void Watch() {
    const ledger::Log& log = ledger_->log(LogName::kAccesses);
    const auto seen = [&] { return published_.empty() ? 0 : published_.back().size; };
    while ((!ending_ || seen() < log.size()) && !log.stopped()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const std::uint64_t size = log.published();
      if (size > seen()) published_.push_back({size, Clock::now()});
    }
  }

  fs::path folder_;
  std::optional<Ledger> ledger_;
  std::thread watcher_;
  std::vector<Published> published_;  ///< by the watcher, until it has ended
  std::atomic<bool> ending_{false};
  std::vector<std::vector<Acknowledged>> acknowledged_;  ///< by caller
  std::atomic<std::uint64_t> next_{0};
};

Status Measure(const fs::path& folder, const Load& load, int rounds) {
  std::vector<double> lags_ms;
  std::vector<LoadFigures> figures;
  for (int round = 0; round < rounds; ++round) {
    Watched watched(folder);
    CANDOUR_ASSIGN(const LoadFigures one, RunLoad(watched, load));
    figures.push_back(one);
    lags_ms.push_back(watched.LargestLagMs());
  }
  const double largest = std::ranges::max(lags_ms);
  fmt::print(
      "checkpoint behind at {:.0f} entries a second: median of the rounds' largest {:.0f} ms, "
      "largest {:.0f} ms   limit {:.0f} ms: {}\n",
      MedianOf(figures).per_second, Median(lags_ms), largest, kMostLagMs,
      AtMost(largest, kMostLagMs));
  return {};
}

}  // namespace
}  // namespace candour::bench

int main(int argc, char** argv) {
  candour::bench::Load load;
  int rounds = 3;
  std::string folder = "build/bench/ledger_lag";
  CLI::App app("Times how far the published checkpoint is behind, at full speed");
  app.add_option("--callers", load.callers)->capture_default_str();
  app.add_option("--seconds", load.seconds, "The longest a round lasts")->capture_default_str();
  app.add_option("--records", load.records, "The most records of a round")->capture_default_str();
  app.add_option("--rounds", rounds)->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--folder", folder, "For what is written")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const candour::Status status = candour::bench::Measure(folder, load, rounds);
  if (!status) fmt::print(stderr, "{}\n", status.error().ToString());
  return status ? 0 : 1;
}
