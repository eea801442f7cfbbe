#include "ledger/standing.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/restored_entry.h"

namespace candour::ledger {
namespace {

bool Knows(const std::vector<LogLife>& lives, const LifeStart& life) {
  return std::ranges::find(lives, life.origin, &LogLife::origin) != lives.end();
}

/// The place of the last life that both know.
std::size_t LastKnown(const LogExtent& extent, const std::vector<LogLife>& lives) {
  for (std::size_t i = lives.size(); i-- > 1;) {
    const auto& known = extent.lives;
    if (std::ranges::find(known, lives[i].origin, &LifeStart::origin) != known.end()) return i;
  }
  return 0;
}

/// How many entries belong to lives that the store knows. A restore that was cut off leaves a
/// `restored` entry behind that was never signed.
std::uint64_t KnownEntries(const LogExtent& extent, const std::vector<LogLife>& lives) {
  std::uint64_t size = extent.size;
  for (const LifeStart& life : extent.lives) {
    if (!Knows(lives, life)) size = std::min(size, life.index);
  }
  return size;
}

}  // namespace

Result<LogExtent> ExtentOf(LogName name, const std::string& first_origin,
                           const storage::Journal& journal) {
  LogExtent extent{.name = name,
                   .lives = {{.origin = first_origin}},
                   .size = journal.size(),
                   .root = journal.root()};
  CANDOUR_ASSIGN(const std::vector<LifeStart> later, LaterLives(journal));
  extent.lives.insert(extent.lives.end(), later.begin(), later.end());
  return extent;
}

Result<LogStanding> StandingOf(LogExtent extent, const CheckpointStore& checkpoints) {
  LogStanding found{.extent = std::move(extent)};
  CANDOUR_ASSIGN(found.lives, checkpoints.LivesOf(found.extent.lives.front().origin));
  CANDOUR_ASSIGN(found.last, checkpoints.Find(found.lives.back().origin));
  if (!found.last) {
    found.kept = found.extent.size;
    found.standing = Standing::kUnsigned;
    return found;
  }
  found.kept = KnownEntries(found.extent, found.lives);
  const std::size_t known = LastKnown(found.extent, found.lives);
  for (std::size_t i = known; i + 1 < found.lives.size(); ++i) {
    found.kept = std::min(found.kept, found.lives[i].kept);
  }
  const tlog::Checkpoint& last = found.last->checkpoint;
  if (known + 1 < found.lives.size() || found.kept < last.size) {
    found.standing = Standing::kBehind;
  } else if (found.lives[known].origin != found.extent.lives.back().origin) {
    // It went on in a life that the store never heard of: the store is an old copy.
    found.standing = Standing::kUnsigned;
  } else if (found.kept == last.size && found.extent.root != last.root) {
    return Fail(Error{.code = ErrorCode::kLedgerForked,
                      .message = fmt::format(
                          "The ledger's entries are not those that were signed: {}.", last.origin)}
                    .FixBy("the operator")
                    .Next("use a copy or a backup of the home that was signed"));
  }
  return found;
}

}  // namespace candour::ledger
