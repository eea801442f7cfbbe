#include <fmt/format.h>

#include "ledger/vault.h"
#include "ledger/vault_rows.h"

namespace candour::ledger {
namespace {

using storage::Statement;

/// The columns that AccessAt reads, in its order.
constexpr std::string_view kAccessColumns = R"sql(
  a.available, a.started, a.time_us, a.use, a.purpose, a.recipient, a.output, a.datasets, a.sealed,
  s.hex, r.hex, o.finished, o.outcome, o.sealed, z.started, z.sealed, e.at_us, e.grant_entry,
  e.record
  FROM access a LEFT JOIN people_set s ON s.number = a.available
  LEFT JOIN outcome o ON o.started = a.started LEFT JOIN people_set r ON r.number = o.released
  LEFT JOIN silence z ON z.started = a.started
  LEFT JOIN emergency e ON e.entry = a.started
)sql";

/// The emergency in three columns from `first` on.
std::optional<Emergency> EmergencyAt(const Statement& row, int first) {
  if (row.IsNull(first)) return std::nullopt;
  return Emergency{.at = UtcTime{row.Int64(first)},
                   .grant = static_cast<std::uint64_t>(row.Int64(first + 1)),
                   .record = static_cast<std::uint64_t>(row.Int64(first + 2))};
}

Status BindText(Statement& statement, int first, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) CANDOUR_TRY(statement.Bind(first++, text));
  return {};
}

std::int64_t Signed(std::uint64_t index) { return static_cast<std::int64_t>(index); }

}  // namespace

Status Vault::InsertAccess(const VaultAccess& access) {
  const AccessDetail& detail = access.detail;
  CANDOUR_ASSIGN(const std::int64_t available, NumberOf(detail.available));
  CANDOUR_ASSIGN(Statement insert, store_.Prepare(R"sql(
    INSERT INTO access (started, time_us, available, use, purpose, recipient, output, datasets,
      sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
  )sql"));
  CANDOUR_TRY(insert.Bind(1, Signed(detail.started)));
  CANDOUR_TRY(insert.Bind(2, detail.time.us));
  CANDOUR_TRY(insert.Bind(3, available));
  CANDOUR_TRY(BindText(
      insert, 4, {detail.use, detail.purpose, detail.recipient, detail.output, detail.datasets}));
  CANDOUR_TRY(BindAccess(insert, 9, seal_, access));
  CANDOUR_TRY(insert.Run());
  CANDOUR_TRY(InsertEmergency(detail.started, detail.emergency));
  return detail.silence ? InsertSilence(access) : Status();
}

Status Vault::InsertOutcome(const Outcome& outcome) {
  CANDOUR_ASSIGN(const std::int64_t released, NumberOf(outcome.released.value_or(SetId{})));
  CANDOUR_ASSIGN(Statement insert, store_.Prepare(R"sql(
    INSERT INTO outcome (started, finished, time_us, released, outcome, sealed)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)
  )sql"));
  CANDOUR_TRY(insert.Bind(1, Signed(outcome.started)));
  CANDOUR_TRY(insert.Bind(2, Signed(outcome.finished)));
  CANDOUR_TRY(insert.Bind(3, outcome.time.us));
  CANDOUR_TRY(insert.Bind(4, released));
  CANDOUR_TRY(insert.Bind(5, outcome.outcome));
  CANDOUR_TRY(BindOutcome(insert, 6, seal_, outcome));
  CANDOUR_TRY(insert.Run());
  return InsertEmergency(outcome.finished, outcome.emergency);
}

Status Vault::CheckOutcome(const Outcome& outcome) {
  CANDOUR_ASSIGN(Statement query, store_.Prepare(R"sql(
    SELECT o.started IS NULL FROM access a LEFT JOIN outcome o ON o.started = a.started
    WHERE a.started = ?1
  )sql"));
  CANDOUR_TRY(query.Bind(1, Signed(outcome.started)));
  CANDOUR_ASSIGN(const bool known, query.Step());
  if (!known) return Fail(ErrorCode::kNotFound, "There is no access of that number.");
  if (query.Int64(0) != 0) return {};
  return Fail(ErrorCode::kConflict, "The access has an outcome already.");
}

Result<std::vector<Vault::NumberedSet>> Vault::AvailableSets() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT number, hex FROM people_set WHERE number IN "
                                 "(SELECT DISTINCT available FROM access)"));
  std::vector<NumberedSet> sets;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return sets;
    sets.push_back({query.Int64(0), SetId{query.Text(1)}});
  }
}

Result<VaultAccess> Vault::AccessAt(const Statement& row) const {
  VaultAccess access;
  AccessDetail& detail = access.detail;
  detail.started = static_cast<std::uint64_t>(row.Int64(1));
  detail.time = UtcTime{row.Int64(2)};
  detail.use = row.Text(3);
  detail.purpose = row.Text(4);
  detail.recipient = row.Text(5);
  detail.output = row.Text(6);
  detail.datasets = row.Text(7);
  CANDOUR_TRY(OpenAccess(row, 8, seal_, access));
  detail.available.hex = row.Text(9);
  if (!row.IsNull(10)) detail.released = SetId{row.Text(10)};
  detail.finished = static_cast<std::uint64_t>(row.Int64(11));
  detail.outcome = row.Text(12);
  Outcome outcome{.started = detail.started};
  CANDOUR_TRY(OpenOutcome(row, 13, seal_, outcome));
  detail.rows = outcome.rows;
  if (!row.IsNull(14)) CANDOUR_TRY(OpenSilence(row, 15, seal_, access));
  detail.emergency = EmergencyAt(row, 16);
  return access;
}

Result<std::vector<AccessDetail>> Vault::Accesses(const std::function<bool(std::int64_t)>& wanted,
                                                  std::uint64_t limit) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("SELECT {} ORDER BY a.started DESC", kAccessColumns)));
  std::vector<AccessDetail> accesses;
  while (accesses.size() < limit) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) break;
    if (!wanted(query.Int64(0))) continue;
    CANDOUR_ASSIGN(VaultAccess access, AccessAt(query));
    accesses.push_back(std::move(access.detail));
  }
  return accesses;
}

Result<std::vector<AccessDetail>> Vault::SilentAccesses() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("SELECT {} WHERE a.started IN (SELECT started FROM "
                                             "silence) ORDER BY a.started DESC",
                                             kAccessColumns)));
  std::vector<AccessDetail> accesses;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return accesses;
    CANDOUR_ASSIGN(VaultAccess access, AccessAt(query));
    accesses.push_back(std::move(access.detail));
  }
}

Result<VaultAccess> Vault::FindAccess(std::uint64_t started) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("SELECT {} WHERE a.started = ?1", kAccessColumns)));
  CANDOUR_TRY(query.Bind(1, Signed(started)));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return Fail(ErrorCode::kNotFound, "There is no access of that number.");
  return AccessAt(query);
}

Result<Outcome> Vault::FindOutcome(std::uint64_t finished) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare(R"sql(
    SELECT o.started, o.time_us, r.hex, o.sealed, o.outcome, e.at_us, e.grant_entry, e.record
    FROM outcome o LEFT JOIN people_set r ON r.number = o.released
    LEFT JOIN emergency e ON e.entry = o.finished WHERE o.finished = ?1
  )sql"));
  CANDOUR_TRY(query.Bind(1, Signed(finished)));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return Fail(ErrorCode::kNotFound, "There is no finished access of that number.");
  Outcome outcome;
  outcome.finished = finished;
  outcome.started = static_cast<std::uint64_t>(query.Int64(0));
  outcome.time = UtcTime{query.Int64(1)};
  if (!query.IsNull(2)) outcome.released = SetId{query.Text(2)};
  outcome.outcome = query.Text(4);
  outcome.emergency = EmergencyAt(query, 5);
  CANDOUR_TRY(OpenOutcome(query, 3, seal_, outcome));
  return outcome;
}

}  // namespace candour::ledger
