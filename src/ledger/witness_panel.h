#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/checkpoint_store.h"
#include "merkle/node_source.h"
#include "tlog/policy.h"
#include "tlog/verifier_key.h"
#include "tlog/witness_client.h"

namespace candour::ledger {

/// Who must have cosigned a ledger's checkpoints before they are published.
struct Witnesses {
  tlog::Policy policy;
  std::shared_ptr<tlog::WitnessTransport> transport;  ///< none: nobody can be reached
};

/// What one witness answered when it was asked last.
struct WitnessAnswer {
  std::string name;            ///< as the quorum file has it
  std::optional<Error> error;  ///< none: it cosigned
};

/// Where a log stands with its witnesses.
struct WitnessStanding {
  std::uint64_t asked_size = 0;  ///< of the checkpoint that they were asked about last
  bool enough = false;
  std::vector<WitnessAnswer> answers;

  /// What to tell people: nothing while enough have cosigned and nobody saw another history, else
  /// kWitnessHistory or kWitnessQuorum, naming who is missing.
  std::optional<Error> Problem() const;
};

/// Asks the witnesses of one log, all at the same time. Threads: one asks, any see the standing.
class WitnessPanel {
 public:
  /// `key`: of the log. `witnesses` is not null.
  WitnessPanel(std::shared_ptr<const Witnesses> witnesses, tlog::VerifierKey key);

  /// The note with all cosignatures that were given, or nothing when there are too few. When too
  /// few answered about a checkpoint a moment ago, they are not asked about it again so soon.
  /// Cost: the slowest witness, bounded by the transport.
  std::optional<std::string> Cosign(const SignedNote& note, const merkle::NodeSource& tree);

  /// The log's key was changed. Threads: the one that asks.
  void FollowKey(tlog::VerifierKey key) { key_ = std::move(key); }

  WitnessStanding standing() const;

 private:
  WitnessAnswer Ask(const tlog::Policy::Witness& witness, const SignedNote& note,
                    const merkle::NodeSource& tree, std::string& line);
  bool IsEnough(const std::string& note) const;

  std::shared_ptr<const Witnesses> witnesses_;
  tlog::VerifierKey key_;
  mutable std::mutex mutex_;  ///< of all that follows
  WitnessStanding standing_;
  std::chrono::steady_clock::time_point asked_at_;
  std::map<std::string, std::uint64_t> known_sizes_;  ///< by witness, that it cosigned last
};

}  // namespace candour::ledger
