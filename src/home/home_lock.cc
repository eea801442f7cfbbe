#include "home/home_lock.h"

#include <chrono>
#include <thread>

namespace candour::home {

Result<storage::LockFile> LockHome(const std::filesystem::path& state_dir) {
  constexpr auto kWait = std::chrono::milliseconds(5000);
  constexpr auto kStep = std::chrono::milliseconds(50);
  for (auto waited = std::chrono::milliseconds(0);; waited += kStep) {
    auto lock = storage::LockFile::Acquire(state_dir / "lock");
    if (lock || lock.error().code != ErrorCode::kHomeBusy || waited >= kWait) return lock;
    std::this_thread::sleep_for(kStep);
  }
}

}  // namespace candour::home
