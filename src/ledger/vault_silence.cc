#include <fmt/format.h>

#include "ledger/vault.h"
#include "ledger/vault_rows.h"

namespace candour::ledger {
namespace {

using storage::Statement;

constexpr std::string_view kDecisionColumns =
    "SELECT entry, started, time_us, until_us, sealed FROM silence_decision";

Result<SilenceDecision> DecisionAt(const Statement& row, const VaultSeal& seal) {
  SilenceDecision decision{.entry = static_cast<std::uint64_t>(row.Int64(0)),
                           .started = static_cast<std::uint64_t>(row.Int64(1)),
                           .time = UtcTime{row.Int64(2)}};
  if (!row.IsNull(3)) decision.until = UtcTime{row.Int64(3)};
  CANDOUR_TRY(OpenDecision(row, 4, seal, decision));
  return decision;
}

Result<std::vector<SilenceDecision>> AllOf(Statement query, const VaultSeal& seal) {
  std::vector<SilenceDecision> decisions;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return decisions;
    CANDOUR_ASSIGN(decisions.emplace_back(), DecisionAt(query, seal));
  }
}

Result<std::vector<SilenceDecision>> DecisionsOn(const storage::Sqlite& store,
                                                 const VaultSeal& seal, std::uint64_t started) {
  CANDOUR_ASSIGN(Statement query, store.Prepare(fmt::format("{} WHERE started = ?1 ORDER BY entry",
                                                            kDecisionColumns)));
  CANDOUR_TRY(query.Bind(1, static_cast<std::int64_t>(started)));
  return AllOf(std::move(query), seal);
}

}  // namespace

Status Vault::InsertSilence(const VaultAccess& access) {
  CANDOUR_ASSIGN(Statement insert, store_.Prepare("INSERT INTO silence VALUES (?1, ?2)"));
  CANDOUR_TRY(insert.Bind(1, static_cast<std::int64_t>(access.detail.started)));
  CANDOUR_TRY(BindSilence(insert, 2, seal_, access));
  return insert.Run();
}

Result<bool> Vault::IsSilent(std::uint64_t started) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare("SELECT 1 FROM silence WHERE started = ?1"));
  CANDOUR_TRY(query.Bind(1, static_cast<std::int64_t>(started)));
  return query.Step();
}

Status Vault::CheckDecision(const SilenceDecision& decision) const {
  CANDOUR_ASSIGN(const VaultAccess access, FindAccess(decision.started));
  if (!access.detail.silence) {
    return Fail(ErrorCode::kNotFound, "There is no silent access of that number.");
  }
  CANDOUR_ASSIGN(const std::vector<SilenceDecision> before,
                 DecisionsOn(store_, seal_, decision.started));
  if (StateOf(*access.detail.silence, before, decision.time).silent) return {};
  return Fail(ErrorCode::kConflict, "The access is not silent any more.");
}

Status Vault::InsertDecision(const SilenceDecision& decision) {
  CANDOUR_ASSIGN(Statement insert, store_.Prepare("INSERT INTO silence_decision "
                                                  "VALUES (?1, ?2, ?3, ?4, ?5)"));
  CANDOUR_TRY(insert.Bind(1, static_cast<std::int64_t>(decision.entry)));
  CANDOUR_TRY(insert.Bind(2, static_cast<std::int64_t>(decision.started)));
  CANDOUR_TRY(insert.Bind(3, decision.time.us));
  if (decision.until) CANDOUR_TRY(insert.Bind(4, decision.until->us));
  CANDOUR_TRY(BindDecision(insert, 5, seal_, decision));
  return insert.Run();
}

Result<std::vector<SilenceDecision>> Vault::Decisions() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("{} ORDER BY entry", kDecisionColumns)));
  return AllOf(std::move(query), seal_);
}

Result<SilenceDecision> Vault::FindDecision(std::uint64_t entry) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("{} WHERE entry = ?1", kDecisionColumns)));
  CANDOUR_TRY(query.Bind(1, static_cast<std::int64_t>(entry)));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return Fail(ErrorCode::kNotFound, "There is no decision of that number.");
  return DecisionAt(query, seal_);
}

}  // namespace candour::ledger
