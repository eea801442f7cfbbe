#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "ledger/member_keys.h"
#include "ledger/sequencer.h"
#include "ledger/set_store.h"
#include "ledger/set_tree.h"
#include "ledger/vault.h"

namespace candour::ledger {

/// What a set prover works on; all of it outlives the prover.
struct ProverParts {
  SetStore& sets;
  MemberKeys& keys;
  Vault& vault;
  Sequencer& sequencer;
  const Clock& clock;
  crypto::Secret pad_key;
};

/// A person's proof that their record was in a set, or was not.
struct Membership {
  SetTreeHalf tree;
  std::string member_key;  ///< bytes; who has it can check the leaf
  MembershipProof proof;
};

/// Makes, behind the accesses that refer to a set, the tree over its members, and records its root
/// in an entry of its own: once for each distinct set. From then on each person can prove that they
/// were in it, or were not, and nobody can show another set under that id.
///
/// Threads: any. The thread that does the work yields to every other.
class SetProver {
 public:
  explicit SetProver(ProverParts parts) : parts_(std::move(parts)) {}

  /// Ends after the sets that wait have their trees.
  ~SetProver();
  SetProver(const SetProver&) = delete;
  SetProver& operator=(const SetProver&) = delete;

  /// Puts a set in the queue; nothing happens when it has a tree, or waits for one.
  void Want(const SetId& set);

  /// Waits until no set waits. Errors: of the last tree that could not be made or recorded.
  Status Wait();

  /// The set's tree, made again from what is kept. Cost: 2 microseconds a member.
  Result<SetTree> Build(const SetId& set);

  /// That the bitmap that is kept of a set gives the tree that its entry says, for auditors.
  /// Errors: kLedgerCorrupt, of Build. Cost: of Build.
  Status Check(const SetTreeHalf& said);

  /// Errors: kNotFound (the set has no tree yet, or the record's key was destroyed), of Build.
  Result<Membership> Prove(const SetId& set, std::uint32_t record);

  /// One proof for each of the records, which rise. Errors and cost: of Prove, once.
  Result<std::vector<Membership>> ProveAll(const SetId& set,
                                           std::span<const std::uint32_t> records);

  /// The keys of these records, which rise; none for those that were destroyed.
  Result<std::vector<std::string>> KeysOf(std::span<const std::uint32_t> records);

 private:
  void Run();
  Status Record(const SetId& set);

  ProverParts parts_;
  std::mutex mutex_;  ///< of all that follows
  std::condition_variable changed_;
  std::deque<SetId> queue_;
  std::set<std::string> known_;  ///< ids that have a tree or wait for one
  bool working_ = false;
  bool ending_ = false;
  Status last_;
  std::thread thread_;
};

}  // namespace candour::ledger
