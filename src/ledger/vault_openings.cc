#include "ledger/vault.h"
#include "ledger/vault_rows.h"

namespace candour::ledger {

namespace {

using storage::Statement;

std::int64_t Signed(std::uint64_t index) { return static_cast<std::int64_t>(index); }

}  // namespace

Status Vault::InsertEmergency(std::uint64_t entry, const std::optional<Emergency>& emergency) {
  if (!emergency) return {};
  CANDOUR_ASSIGN(Statement insert, store_.Prepare("INSERT INTO emergency VALUES (?1, ?2, ?3, ?4)"));
  CANDOUR_TRY(insert.Bind(1, Signed(entry)));
  CANDOUR_TRY(insert.Bind(2, emergency->at.us));
  CANDOUR_TRY(insert.Bind(3, Signed(emergency->grant)));
  CANDOUR_TRY(insert.Bind(4, Signed(emergency->record)));
  return insert.Run();
}

Status Vault::InsertOpenings(const OpeningsHalf& half) {
  CANDOUR_ASSIGN(Statement insert, store_.Prepare("INSERT INTO opening VALUES (?1, ?2, ?3)"));
  for (const Opening& opening : half.openings) {
    CANDOUR_TRY(insert.Bind(1, Signed(half.entry)));
    CANDOUR_TRY(insert.Bind(2, opening.path));
    CANDOUR_TRY(BindOpening(insert, 3, seal_, half.entry, opening));
    CANDOUR_TRY(insert.Run());
  }
  return {};
}

Result<std::vector<Opening>> Vault::OpeningsOf(std::uint64_t entry) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare("SELECT path, sealed FROM opening "
                                                  "WHERE entry = ?1 ORDER BY path"));
  CANDOUR_TRY(query.Bind(1, Signed(entry)));
  std::vector<Opening> openings;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return openings;
    Opening& opening = openings.emplace_back(Opening{.path = query.Text(0)});
    CANDOUR_TRY(OpenOpening(query, 1, seal_, entry, opening));
  }
}

}  // namespace candour::ledger
