#pragma once

#include <functional>
#include <thread>

#include "engine/database.h"

namespace candour::engine {

/// Tells `show` how far the running statement is, some ten times a second, for as long as it lives.
///
/// `show` is called from a thread of its own, with a fraction from 0 to 1 and only while it is
/// known; never after the destructor. `database` outlives the watch.
class ProgressWatch {
 public:
  ProgressWatch(const Database& database, std::function<void(double)> show);

 private:
  std::jthread thread_;
};

}  // namespace candour::engine
