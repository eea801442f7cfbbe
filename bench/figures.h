#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

namespace candour::bench {

/// Milliseconds since `start`.
inline double MsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

/// The value that `share` (0 to 1) of all are below; `values` are not none.
template <class Number>
Number Percentile(std::vector<Number> values, double share) {
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * last);
  std::ranges::nth_element(values, at);
  return *at;
}

template <class Number>
Number Median(std::vector<Number> values) {
  return Percentile(std::move(values), 0.5);
}

/// The most memory that this process has held so far, in MB.
inline double PeakMb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// How a figure stands to its limit.
inline std::string_view AtMost(double figure, double limit) {
  return figure <= limit ? "within" : "OVER";
}
inline std::string_view AtLeast(double figure, double limit) {
  return figure >= limit ? "within" : "UNDER";
}

}  // namespace candour::bench
