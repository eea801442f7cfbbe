#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/time.h"

namespace candour::ledger {

/// That people are not told of an access yet: fixed when it began, committed to in its entry.
struct Silence {
  std::string ground;  ///< crime, serious-harm or safeguarding; empty when it was lost
  UtcTime until;
  bool review = true;  ///< then it stays silent until a reviewer decides, else people see it
  bool operator==(const Silence&) const = default;
};

/// No silence is fixed or extended for longer than this, counted from when that is done.
inline constexpr std::int64_t kMostSilentDays = 731;

/// What a reviewer decided about a silent access: an entry with its private half.
struct SilenceDecision {
  std::uint64_t entry = 0;    ///< index of the entry
  std::uint64_t started = 0;  ///< the access
  UtcTime time;
  std::optional<UtcTime> until;  ///< silent until then; none: people see it from now on
  std::string principal;
  std::string os_user;
  std::string reason;
  std::string actor_blinding;  ///< empty when the private half was lost
  std::string reason_blinding;
};

/// Where the silence of an access stands at a moment.
struct SilenceState {
  bool silent = false;   ///< people are not told
  UtcTime until;         ///< as it was fixed or extended last
  bool overdue = false;  ///< silent only because nobody has decided
};

/// `decisions`: all on this access, oldest first. Threads: any; pure.
SilenceState StateOf(const Silence& silence, std::span<const SilenceDecision> decisions,
                     UtcTime now);

/// The latest moment to which a silence may reach that is fixed or extended at `now`.
UtcTime LatestSilence(UtcTime now);

}  // namespace candour::ledger
