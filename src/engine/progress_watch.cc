#include "engine/progress_watch.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace candour::engine {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(100);

void Watch(const std::stop_token& stop, const Database& database,
           const std::function<void(double)>& show) {
  std::mutex mutex;
  std::condition_variable_any ends;
  std::unique_lock lock(mutex);
  // Waiting on the token and not only sleeping: a short statement must not wait for the watch.
  while (!ends.wait_for(lock, stop, kBetweenLooks, [&stop] { return stop.stop_requested(); })) {
    const double done = database.Progress();
    if (done >= 0 && !stop.stop_requested()) show(done);
  }
}

}  // namespace

ProgressWatch::ProgressWatch(const Database& database, std::function<void(double)> show)
    : thread_([&database, show = std::move(show)](const std::stop_token& stop) {
        Watch(stop, database, show);
      }) {}

}  // namespace candour::engine
