#include "ledger/set_tree.h"

#include <algorithm>
#include <bit>

#include "base/bytes.h"
#include "base/check.h"
#include "crypto/hmac.h"
#include "merkle/compact_range.h"
#include "merkle/hasher.h"
#include "merkle/node_source.h"

namespace candour::ledger {
namespace {

constexpr int kInnerLevel = 8;
constexpr std::size_t kEnds = 2;  // the leaves of zeros and of ones
constexpr int kMaxHeight = 40;

MemberLeaf Filled(std::uint8_t byte) {
  MemberLeaf leaf;
  leaf.fill(byte);
  return leaf;
}

MemberLeaf PadLeaf(const crypto::Secret& pad_key, const SetId& set, std::uint64_t number) {
  std::string message = "candour/set-pad/v1\n" + set.hex;
  message.resize(message.size() + sizeof(number));
  PutLittleEndian(number, message.data() + message.size() - sizeof(number));
  return crypto::HmacSha256(pad_key, message);
}

std::unexpected<Error> NotProved() {
  return Fail(ErrorCode::kProofInvalid,
              "The proof does not show whether the records were in the set.");
}

}  // namespace

MemberLeaf LeafOf(const crypto::Secret& member_key, const SetId& set) {
  return crypto::HmacSha256(member_key, "candour/member/v1\n" + set.hex);
}

/// Lower nodes are hashed again when they are asked for; they would double the memory.
class SetTree::Nodes final : public merkle::NodeSource {
 public:
  explicit Nodes(const SetTree& tree) : tree_(tree) {}

  Result<crypto::Digest> Node(int level, std::uint64_t index) const override {
    merkle::CompactRange range;
    const std::size_t count = std::size_t{1} << (level < kInnerLevel ? level : level - kInnerLevel);
    for (std::size_t i = index * count; i < (index + 1) * count; ++i) {
      range.Append(level < kInnerLevel ? merkle::LeafHash(BytesOf(tree_.leaves_[i]))
                                       : tree_.inner_[i]);
    }
    return range.Root();
  }

 private:
  const SetTree& tree_;
};

SetTree::SetTree(std::vector<MemberLeaf> members, const crypto::Secret& pad_key, const SetId& set)
    : leaves_(std::move(members)) {
  const std::size_t size = std::bit_ceil(leaves_.size() + kEnds);
  leaves_.reserve(size);
  leaves_.push_back(Filled(0x00));
  leaves_.push_back(Filled(0xFF));
  for (std::uint64_t i = 0; leaves_.size() < size; ++i) {
    leaves_.push_back(PadLeaf(pad_key, set, i));
  }
  std::ranges::sort(leaves_);
  height_ = std::countr_zero(size);
  merkle::CompactRange whole;
  merkle::CompactRange part;
  for (const MemberLeaf& leaf : leaves_) {
    const crypto::Digest hash = merkle::LeafHash(BytesOf(leaf));
    whole.Append(hash);
    part.Append(hash);
    if (part.size() < std::size_t{1} << kInnerLevel) continue;
    inner_.push_back(part.Root());
    part = {};
  }
  root_ = whole.Root();
}

Result<PlacedLeaf> SetTree::Place(std::uint64_t index) const {
  PlacedLeaf placed{.index = index, .leaf = leaves_[index]};
  CANDOUR_ASSIGN(placed.proof, merkle::ProveInclusion(Nodes(*this), index, leaves_.size()));
  return placed;
}

Result<MembershipProof> SetTree::Prove(const MemberLeaf& leaf) const {
  const auto at = std::ranges::lower_bound(leaves_, leaf);
  CANDOUR_REQUIRE(at != leaves_.end());
  const auto index = static_cast<std::uint64_t>(at - leaves_.begin());
  MembershipProof proof{.member = *at == leaf};
  if (!proof.member) {
    CANDOUR_ASSIGN(proof.leaves.emplace_back(), Place(index - 1));
  }
  CANDOUR_ASSIGN(proof.leaves.emplace_back(), Place(index));
  return proof;
}

Status CheckMembership(const MembershipProof& proof, const MemberLeaf& leaf, int height,
                       const crypto::Digest& root) {
  if (height < 1 || height > kMaxHeight) return NotProved();
  if (proof.leaves.size() != (proof.member ? 1 : 2)) return NotProved();
  for (const PlacedLeaf& placed : proof.leaves) {
    CANDOUR_TRY(merkle::VerifyInclusion(placed.index, std::uint64_t{1} << height,
                                        merkle::LeafHash(BytesOf(placed.leaf)), placed.proof,
                                        root));
  }
  const PlacedLeaf& first = proof.leaves.front();
  const PlacedLeaf& last = proof.leaves.back();
  if (proof.member) return first.leaf == leaf ? Status() : NotProved();
  const bool between = first.index + 1 == last.index && first.leaf < leaf && leaf < last.leaf;
  return between ? Status() : NotProved();
}

}  // namespace candour::ledger
