#pragma once

#include <chrono>
#include <string>

namespace candour::cli {

/// A progress bar on standard error: only on a terminal, only for work that takes over two seconds.
class ProgressBar {
 public:
  explicit ProgressBar(std::string label);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `done`: 0 to 1. Cost: draws at most ten times a second.
  void Show(double done);

 private:
  std::string label_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_;
  bool terminal_;
  bool visible_ = false;
};

}  // namespace candour::cli
