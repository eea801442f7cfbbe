#include "ledger/set_prover.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

namespace candour::ledger {
namespace {

/// So that a question that people wait for seldom waits for a proof that nobody waits for.
void YieldToOthers() {
  constexpr int kNiceness = 10;
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness));
}

}  // namespace

SetProver::~SetProver() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SetProver::Want(const SetId& set) {
  if (set.hex.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (!known_.insert(set.hex).second) return;
    queue_.push_back(set);
    if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  }
  changed_.notify_all();
}

Status SetProver::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return queue_.empty() && !working_; });
  return last_;
}

void SetProver::Run() {
  YieldToOthers();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const SetId set = queue_.front();
    queue_.pop_front();
    working_ = true;
    lock.unlock();
    Status done = Record(set);
    lock.lock();
    working_ = false;
    // What could not be made is tried again when the ledger is opened.
    if (!done) last_ = std::move(done);
    changed_.notify_all();
  }
}

Status SetProver::Record(const SetId& set) {
  CANDOUR_ASSIGN(const std::optional<SetTreeHalf> there, parts_.vault.TreeOf(set));
  if (there) return {};
  CANDOUR_ASSIGN(const SetTree tree, Build(set));
  SetTreeHalf half{.set = set, .root = tree.root(), .height = tree.height()};
  CANDOUR_ASSIGN(std::string entry, EncodeSetTree(parts_.clock.Now(), half));
  CANDOUR_TRY(parts_.sequencer.Append({EntryType::kSetTree, std::move(entry), std::move(half)}));
  return {};
}

Result<SetTree> SetProver::Build(const SetId& set) {
  CANDOUR_ASSIGN(const KeptSet kept, parts_.sets.LoadKept(set));
  std::vector<std::uint32_t> records;
  records.reserve(kept.records.Count());
  kept.records.ForEach(
      [&](std::size_t record) { records.push_back(static_cast<std::uint32_t>(record)); });
  std::vector<MemberLeaf> leaves = kept.orphans;
  leaves.reserve(leaves.size() + records.size());
  CANDOUR_TRY(parts_.keys.Each(records, [&](std::uint32_t, const crypto::Secret& key) {
    leaves.push_back(LeafOf(key, set));
  }));
  return SetTree(std::move(leaves), parts_.pad_key, set);
}

Status SetProver::Check(const SetTreeHalf& said) {
  CANDOUR_ASSIGN(const SetTree tree, Build(said.set));
  if (tree.root() == said.root && tree.height() == said.height) return {};
  return Fail(Error{.code = ErrorCode::kLedgerCorrupt,
                    .message = "A stored set of people does not give the tree that was recorded."}
                  .Found(fmt::format("the set of entry {}", said.entry))
                  .FixBy("the operator, from a backup"));
}

Result<Membership> SetProver::Prove(const SetId& set, std::uint32_t record) {
  CANDOUR_ASSIGN(std::vector<Membership> one, ProveAll(set, {&record, 1}));
  return std::move(one.front());
}

Result<std::vector<Membership>> SetProver::ProveAll(const SetId& set,
                                                    std::span<const std::uint32_t> records) {
  CANDOUR_ASSIGN(const std::optional<SetTreeHalf> tree, parts_.vault.TreeOf(set));
  if (!tree) return Fail(ErrorCode::kNotFound, "The set has no tree yet.");
  std::vector<Membership> memberships;
  std::vector<MemberLeaf> leaves;
  CANDOUR_TRY(parts_.keys.Each(records, [&](std::uint32_t, const crypto::Secret& key) {
    memberships.push_back({.tree = *tree, .member_key = std::string(key.Reveal()), .proof = {}});
    leaves.push_back(LeafOf(key, set));
  }));
  if (leaves.size() != records.size()) {
    return Fail(ErrorCode::kNotFound, "The record's key was destroyed.");
  }
  CANDOUR_ASSIGN(const SetTree built, Build(set));
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    CANDOUR_ASSIGN(memberships[i].proof, built.Prove(leaves[i]));
  }
  return memberships;
}

Result<std::vector<std::string>> SetProver::KeysOf(std::span<const std::uint32_t> records) {
  std::vector<std::string> keys;
  CANDOUR_TRY(parts_.keys.Each(
      records, [&](std::uint32_t, const crypto::Secret& key) { keys.emplace_back(key.Reveal()); }));
  return keys;
}

}  // namespace candour::ledger
