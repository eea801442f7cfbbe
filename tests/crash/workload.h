#pragma once

#include <random>

#include "attacked_log.h"
#include "trial.h"

namespace candour::crash {

/// Four batches, of one to three entries, from no byte to more than two sectors.
const std::vector<Batch>& ShortWorkload();

/// A batch of one to five entries, mostly short, some over many sectors.
Batch RandomBatch(std::mt19937_64& random);

/// Opens the log and appends the short workload until a fault ends it.
void RunShortWorkload(Trial& trial);

/// How a life may end; a seed of the survivors is drawn from `seed`.
inline constexpr std::size_t kEndings = 10;
void End(Trial& trial, std::size_t ending, std::uint64_t seed);

}  // namespace candour::crash
