#include "ledger/publisher.h"

namespace candour::ledger {

Publisher::Publisher(Log& log, std::chrono::milliseconds every) : log_(log), every_(every) {
  if (every_.count() > 0) thread_ = std::thread([this] { Run(); });
}

Publisher::~Publisher() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  end_.notify_one();
  if (thread_.joinable()) thread_.join();
  // The next start publishes what could not be.
  if (log_.CheckWritable()) static_cast<void>(Now());
}

Status Publisher::Now() {
  const std::lock_guard lock(publishing_);
  return log_.Publish();
}

void Publisher::Run() {
  std::unique_lock lock(mutex_);
  while (!end_.wait_for(lock, every_, [this] { return ending_; })) {
    lock.unlock();
    const bool done = Now().has_value();
    lock.lock();
    if (!done) return;
  }
}

}  // namespace candour::ledger
