#include "ledger/silence.h"

#include <chrono>

namespace candour::ledger {

SilenceState StateOf(const Silence& silence, std::span<const SilenceDecision> decisions,
                     UtcTime now) {
  SilenceState state{.silent = true, .until = silence.until};
  for (const SilenceDecision& decision : decisions) {
    state.silent = decision.until.has_value();
    if (decision.until) state.until = *decision.until;
  }
  if (!state.silent || now < state.until) return state;
  state.silent = silence.review;
  state.overdue = silence.review;
  return state;
}

UtcTime LatestSilence(UtcTime now) {
  constexpr std::chrono::microseconds kMost = std::chrono::days(kMostSilentDays);
  return UtcTime{now.us + kMost.count()};
}

}  // namespace candour::ledger
