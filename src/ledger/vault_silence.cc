#include <fmt/format.h>

#include "ledger/vault.h"

namespace candour::ledger {
namespace {

using storage::Statement;

constexpr std::string_view kDecisionColumns =
    "SELECT entry, started, time_us, until_us, principal, os_user, reason, actor_blinding, "
    "reason_blinding FROM silence_decision";

SilenceDecision DecisionAt(const Statement& row) {
  SilenceDecision decision{.entry = static_cast<std::uint64_t>(row.Int64(0)),
                           .started = static_cast<std::uint64_t>(row.Int64(1)),
                           .time = UtcTime{row.Int64(2)}};
  if (!row.IsNull(3)) decision.until = UtcTime{row.Int64(3)};
  decision.principal = row.Text(4);
  decision.os_user = row.Text(5);
  decision.reason = row.Text(6);
  decision.actor_blinding = row.Blob(7);
  decision.reason_blinding = row.Blob(8);
  return decision;
}

Result<std::vector<SilenceDecision>> AllOf(Statement query) {
  std::vector<SilenceDecision> decisions;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return decisions;
    decisions.push_back(DecisionAt(query));
  }
}

Result<std::vector<SilenceDecision>> DecisionsOn(const storage::Sqlite& store,
                                                 std::uint64_t started) {
  CANDOUR_ASSIGN(Statement query, store.Prepare(fmt::format("{} WHERE started = ?1 ORDER BY entry",
                                                            kDecisionColumns)));
  CANDOUR_TRY(query.Bind(1, static_cast<std::int64_t>(started)));
  return AllOf(std::move(query));
}

}  // namespace

Status Vault::InsertSilence(const VaultAccess& access) {
  CANDOUR_ASSIGN(Statement insert,
                 store_.Prepare("INSERT INTO silence VALUES (?1, ?2, ?3, ?4, ?5)"));
  CANDOUR_TRY(insert.Bind(1, static_cast<std::int64_t>(access.detail.started)));
  if (!access.blindings.silence.empty()) {  // else its private half stays null
    const Silence& silence = *access.detail.silence;
    CANDOUR_TRY(insert.Bind(2, silence.ground));
    CANDOUR_TRY(insert.Bind(3, silence.until.us));
    CANDOUR_TRY(insert.Bind(4, std::int64_t{silence.review}));
    CANDOUR_TRY(insert.BindBlob(5, access.blindings.silence));
  }
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
  CANDOUR_ASSIGN(const std::vector<SilenceDecision> before, DecisionsOn(store_, decision.started));
  if (StateOf(*access.detail.silence, before, decision.time).silent) return {};
  return Fail(ErrorCode::kConflict, "The access is not silent any more.");
}

Status Vault::InsertDecision(const SilenceDecision& decision) {
  CANDOUR_ASSIGN(Statement insert, store_.Prepare("INSERT INTO silence_decision "
                                                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
  CANDOUR_TRY(insert.Bind(1, static_cast<std::int64_t>(decision.entry)));
  CANDOUR_TRY(insert.Bind(2, static_cast<std::int64_t>(decision.started)));
  CANDOUR_TRY(insert.Bind(3, decision.time.us));
  if (decision.until) CANDOUR_TRY(insert.Bind(4, decision.until->us));
  if (!decision.actor_blinding.empty()) {  // else its private half stays null
    CANDOUR_TRY(insert.Bind(5, decision.principal));
    CANDOUR_TRY(insert.Bind(6, decision.os_user));
    CANDOUR_TRY(insert.Bind(7, decision.reason));
    CANDOUR_TRY(insert.BindBlob(8, decision.actor_blinding));
    CANDOUR_TRY(insert.BindBlob(9, decision.reason_blinding));
  }
  return insert.Run();
}

Result<std::vector<SilenceDecision>> Vault::Decisions() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("{} ORDER BY entry", kDecisionColumns)));
  return AllOf(std::move(query));
}

Result<SilenceDecision> Vault::FindDecision(std::uint64_t entry) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("{} WHERE entry = ?1", kDecisionColumns)));
  CANDOUR_TRY(query.Bind(1, static_cast<std::int64_t>(entry)));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return Fail(ErrorCode::kNotFound, "There is no decision of that number.");
  return DecisionAt(query);
}

}  // namespace candour::ledger
