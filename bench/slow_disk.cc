#include "slow_disk.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace candour::bench {
namespace {

std::atomic<std::chrono::microseconds> extra_us{};

int SyncSlowly(long call, int file) {
  const auto done = static_cast<int>(::syscall(call, file));
  if (const auto extra = extra_us.load(); extra.count() > 0) std::this_thread::sleep_for(extra);
  return done;
}

}  // namespace

void SlowSyncsBy(std::chrono::microseconds extra) { extra_us = extra; }

}  // namespace candour::bench

// The program's own functions are found before those of the C library, by SQLite's library too.
extern "C" int fsync(int file) { return candour::bench::SyncSlowly(SYS_fsync, file); }
extern "C" int fdatasync(int file) { return candour::bench::SyncSlowly(SYS_fdatasync, file); }
