#include "ledger/ledger_tree.h"

#include <cstring>

#include "base/bytes.h"
#include "merkle/compact_range.h"
#include "merkle/hasher.h"

namespace candour::ledger {
namespace {

class LedgerTree final : public storage::JournalTree {
 public:
  void Add(std::string_view payload) override { range_.Append(merkle::LeafHash(payload)); }
  storage::TreeRoot Root() const override { return range_.Root(); }

  std::string Save() const override {
    std::string bytes(sizeof(std::uint64_t), '\0');
    PutLittleEndian(range_.size(), bytes.data());
    for (const crypto::Digest& subtree : range_.subtrees()) bytes += BytesOf(subtree);
    return bytes;
  }

  Status Restore(std::string_view bytes) override {
    constexpr std::size_t kHead = sizeof(std::uint64_t);
    constexpr std::size_t kDigest = sizeof(crypto::Digest);
    if (bytes.size() < kHead || (bytes.size() - kHead) % kDigest != 0) {
      return Fail(ErrorCode::kCorruption, "The saved state of a tree is not one.");
    }
    std::vector<crypto::Digest> subtrees((bytes.size() - kHead) / kDigest);
    for (std::size_t i = 0; i < subtrees.size(); ++i) {
      std::memcpy(subtrees[i].data(), bytes.data() + kHead + i * kDigest, kDigest);
    }
    auto range = merkle::CompactRange::Restore(GetLittleEndian<std::uint64_t>(bytes.data()),
                                               std::move(subtrees));
    if (!range) return Fail(ErrorCode::kCorruption, "The saved state of a tree is not one.");
    range_ = *std::move(range);
    return {};
  }

 private:
  merkle::CompactRange range_;
};

}  // namespace

std::unique_ptr<storage::JournalTree> MakeLedgerTree() { return std::make_unique<LedgerTree>(); }

}  // namespace candour::ledger
