#include <algorithm>

#include "base/bytes.h"
#include "ledger/vault.h"

namespace candour::ledger {

using storage::Statement;

Status Vault::InsertTree(const SetTreeHalf& tree) {
  CANDOUR_ASSIGN(const std::int64_t set, NumberOf(tree.set));
  CANDOUR_ASSIGN(Statement insert, store_.Prepare("INSERT INTO set_tree VALUES (?1, ?2, ?3, ?4)"));
  CANDOUR_TRY(insert.Bind(1, static_cast<std::int64_t>(tree.entry)));
  CANDOUR_TRY(insert.Bind(2, set));
  CANDOUR_TRY(insert.BindBlob(3, BytesOf(tree.root)));
  CANDOUR_TRY(insert.Bind(4, static_cast<std::int64_t>(tree.height)));
  return insert.Run();
}

Result<std::optional<SetTreeHalf>> Vault::TreeOf(const SetId& set) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT t.entry, t.root, t.height FROM set_tree t "
                                 "JOIN people_set s ON s.number = t.people_set WHERE s.hex = ?1"));
  CANDOUR_TRY(query.Bind(1, set.hex));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return std::nullopt;
  SetTreeHalf tree{.entry = static_cast<std::uint64_t>(query.Int64(0)),
                   .set = set,
                   .height = static_cast<int>(query.Int64(2))};
  const std::string root = query.Blob(1);
  if (root.size() != tree.root.size()) {
    return Fail(ErrorCode::kCorruption, "The vault holds a tree that is none.");
  }
  std::ranges::copy(root, tree.root.begin());
  return tree;
}

Result<std::vector<SetId>> Vault::SetsWithoutTree() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT hex FROM people_set WHERE number NOT IN "
                                 "(SELECT people_set FROM set_tree) ORDER BY number"));
  std::vector<SetId> sets;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return sets;
    sets.push_back(SetId{query.Text(0)});
  }
}

}  // namespace candour::ledger
