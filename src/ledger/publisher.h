#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "ledger/log.h"

namespace candour::ledger {

/// Publishes a log's new checkpoint and tiles from time to time, and at its end.
///
/// An error ends writing to the log (Log::Publish), where callers see it. Threads: any.
class Publisher {
 public:
  /// `log` outlives it. `every`: zero publishes only at the end and by Now.
  Publisher(Log& log, std::chrono::milliseconds every);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// Publishes what was signed so far. Errors: those of Log::Publish.
  Status Now();

  /// Nothing is published while the lock is held.
  std::unique_lock<std::mutex> Pause() { return std::unique_lock(publishing_); }

 private:
  void Run();

  Log& log_;
  const std::chrono::milliseconds every_;
  std::mutex publishing_;
  std::mutex mutex_;  ///< of ending_
  std::condition_variable end_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace candour::ledger
