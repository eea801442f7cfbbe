#include "workload.h"

namespace candour::crash {

const std::vector<Batch>& ShortWorkload() {
  static const std::vector<Batch> batches = {
      {"alpha"}, {"beta", "", std::string(600, 'g')}, {"delta"}, {std::string(1300, 'e'), "zeta"}};
  return batches;
}

Batch RandomBatch(std::mt19937_64& random) {
  Batch batch(1 + random() % 5);
  for (std::string& entry : batch) {
    const std::uint64_t kind = random() % 16;
    entry.resize(kind == 0 ? random() % 6'000 : kind < 4 ? random() % 800 : random() % 60);
    for (char& byte : entry) byte = static_cast<char>(random());
  }
  return batch;
}

void RunShortWorkload(Trial& trial) {
  if (!trial.Open()) return;
  for (const Batch& batch : ShortWorkload()) {
    if (!trial.Append(batch)) return;
  }
}

void End(Trial& trial, std::size_t ending, std::uint64_t seed) {
  constexpr std::size_t kAll = 1 << 30;
  constexpr storage::Survivors kFixed[] = {{},
                                           {.kept = kAll},
                                           {.kept = 9},
                                           {.zeroed = 30, .kept = kAll},
                                           {.names = true},
                                           {.kept = kAll, .names = true}};
  if (ending == 0) return trial.Kill();
  if (ending <= std::size(kFixed)) return trial.PowerCycle(kFixed[ending - 1]);
  trial.PowerCycle({.seed = seed * kEndings + ending});
}

}  // namespace candour::crash
