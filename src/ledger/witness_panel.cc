#include "ledger/witness_panel.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <future>

#include "merkle/consistency_proof.h"
#include "tlog/checkpoint.h"

namespace candour::ledger {
namespace {

// A witness that is down is asked again as soon as there is something new to cosign, else so often.
constexpr std::chrono::seconds kAskAgainAfter(10);

}  // namespace

std::optional<Error> WitnessStanding::Problem() const {
  std::vector<std::string> missing;
  for (const WitnessAnswer& answer : answers) {
    if (!answer.error) continue;
    if (answer.error->code == ErrorCode::kWitnessHistory) {
      Error loud = *answer.error;
      loud.found = answer.name;
      return loud;
    }
    missing.push_back(fmt::format("{} ({})", answer.name, InfoOf(answer.error->code).name));
  }
  if (enough || answers.empty()) return std::nullopt;
  return Error{.code = ErrorCode::kWitnessQuorum,
               .message = "Too few witnesses have cosigned the newest checkpoint."}
      .Found(fmt::format("missing: {}", fmt::join(missing, ", ")))
      .FixBy("the operator, or those who run the witnesses")
      .Next("candour ledger publish");
}

WitnessPanel::WitnessPanel(std::shared_ptr<const Witnesses> witnesses, tlog::VerifierKey key)
    : witnesses_(std::move(witnesses)), key_(std::move(key)) {}

WitnessAnswer WitnessPanel::Ask(const tlog::Policy::Witness& witness, const SignedNote& note,
                                const merkle::NodeSource& tree, std::string& line) {
  WitnessAnswer answer{.name = witness.name};
  if (witnesses_->transport == nullptr || witness.url.empty()) {
    answer.error = Error{.code = ErrorCode::kUnavailable,
                         .message = "There is no way to reach the witness from here."};
    return answer;
  }
  std::uint64_t known = 0;
  {
    const std::lock_guard lock(mutex_);
    known = std::min(known_sizes_[witness.name], note.checkpoint.size);
  }
  const auto given =
      tlog::RequestCosignature(*witnesses_->transport, {.url = witness.url, .key = witness.key},
                               note.note, known, [&](std::uint64_t size) {
                                 return merkle::ProveConsistency(tree, size, note.checkpoint.size);
                               });
  if (!given) {
    answer.error = given.error();
    return answer;
  }
  line = given->line;
  const std::lock_guard lock(mutex_);
  known_sizes_[witness.name] = note.checkpoint.size;
  return answer;
}

bool WitnessPanel::IsEnough(const std::string& note) const {
  std::vector<tlog::VerifierKey> keys;
  for (const auto& witness : witnesses_->policy.witnesses()) keys.push_back(witness.key);
  return tlog::OpenCheckpoint(note, {.origin = key_.name(),
                                     .log_keys = {key_},
                                     .witnesses = std::move(keys),
                                     .quorum = witnesses_->policy.quorum()})
      .has_value();
}

std::optional<std::string> WitnessPanel::Cosign(const SignedNote& note,
                                                const merkle::NodeSource& tree) {
  {
    const std::lock_guard lock(mutex_);
    const bool asked = !standing_.answers.empty() && !standing_.enough &&
                       standing_.asked_size == note.checkpoint.size;
    if (asked && std::chrono::steady_clock::now() - asked_at_ < kAskAgainAfter) return std::nullopt;
  }
  const auto& panel = witnesses_->policy.witnesses();
  std::vector<std::string> lines(panel.size());
  std::vector<std::future<WitnessAnswer>> asked;
  for (std::size_t i = 0; i < panel.size(); ++i) {
    asked.push_back(
        std::async(std::launch::async, [&, i] { return Ask(panel[i], note, tree, lines[i]); }));
  }
  WitnessStanding standing{.asked_size = note.checkpoint.size};
  for (auto& answer : asked) standing.answers.push_back(answer.get());
  std::string cosigned = note.note;
  for (const std::string& line : lines) cosigned += line;
  standing.enough = IsEnough(cosigned);
  const bool enough = standing.enough;
  const std::lock_guard lock(mutex_);
  standing_ = std::move(standing);
  asked_at_ = std::chrono::steady_clock::now();
  return enough ? std::optional(std::move(cosigned)) : std::nullopt;
}

WitnessStanding WitnessPanel::standing() const {
  const std::lock_guard lock(mutex_);
  return standing_;
}

}  // namespace candour::ledger
