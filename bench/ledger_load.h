#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace candour::bench {

/// A store that takes records from many callers at once and makes each durable.
class Contender {
 public:
  virtual ~Contender() = default;

  virtual std::string name() const = 0;

  /// Whether all its work is done in this process, whose CPU time then tells what it costs.
  virtual bool in_process() const { return true; }

  /// Makes it anew and empty, ready for callers 0 to `callers` - 1.
  virtual Status Open(int callers) = 0;

  /// Records one more entry of its own for a caller; durable on return, its number or receipt had.
  /// Threads: one for each caller.
  virtual Status Record(int caller) = 0;

  /// Ends what Open began. Gives how many entries shared a sync on average, where that is known.
  virtual Result<std::optional<double>> Close() = 0;
};

/// How hard a contender is driven: every caller records one entry after another until the time is
/// over or so many records are made, whatever comes first.
struct Load {
  int callers = 64;
  double seconds = 10;
  std::uint64_t records = 200'000;
};

/// What came of it. A caller's wait begins when it has an entry and ends when it has the answer.
struct LoadFigures {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double max_ms = 0;
  std::optional<double>
      cpu_us;                   ///< of all threads for one entry: what a busy machine changes least
  std::optional<double> batch;  ///< entries that shared a sync, on average
};

/// One round: opens the contender, drives it, closes it. Errors: the first that a caller met.
Result<LoadFigures> RunLoad(Contender& contender, const Load& load);

/// The median of each figure over several rounds.
LoadFigures MedianOf(const std::vector<LoadFigures>& rounds);

/// The body of an entry, different for every `number`; the whole entry, canonical JSON, has some
/// 300 bytes.
nlohmann::json EntryBody(std::uint64_t number);

/// A whole entry with that body, as the ledger writes it.
std::string WholeEntry(std::uint64_t number);

}  // namespace candour::bench
