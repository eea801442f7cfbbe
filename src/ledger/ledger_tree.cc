#include "ledger/ledger_tree.h"

#include "merkle/compact_range.h"
#include "merkle/hasher.h"

namespace candour::ledger {
namespace {

class LedgerTree final : public storage::JournalTree {
 public:
  void Add(std::string_view payload) override { range_.Append(merkle::LeafHash(payload)); }
  storage::TreeRoot Root() const override { return range_.Root(); }

 private:
  merkle::CompactRange range_;
};

}  // namespace

std::unique_ptr<storage::JournalTree> MakeLedgerTree() { return std::make_unique<LedgerTree>(); }

}  // namespace candour::ledger
