#include "ledger/vault_rows.h"

#include <fmt/format.h>

namespace candour::ledger {
namespace {

using storage::Statement;

VaultPlace PlaceOf(std::string_view table, std::uint64_t number) {
  return {.table = table, .row = std::to_string(number)};
}

VaultPlace PlaceOf(std::uint64_t entry, const Opening& opening) {
  return {.table = "opening", .row = fmt::format("{}{}", entry, opening.path)};
}

/// Opens a value and has `read` take its fields; nothing happens where it is null.
template <class Read>
Status OpenInto(const Statement& row, int column, const VaultSeal& seal, const VaultPlace& place,
                Read read) {
  if (row.IsNull(column)) return {};
  CANDOUR_ASSIGN(OpenedFields fields, seal.Open(place, row.Blob(column)));
  read(fields);
  return fields.whole() ? Status() : seal.Damaged(place);
}

}  // namespace

Status BindAccess(Statement& statement, int index, const VaultSeal& seal,
                  const VaultAccess& access) {
  const AccessDetail& detail = access.detail;
  const AccessBlindings& blindings = access.blindings;
  if (blindings.actor.empty()) return statement.BindNull(index);
  PrivateFields fields;
  fields.Add(detail.principal).Add(detail.os_user).Add(detail.statement);
  fields.Add(detail.available_people);
  fields.Add(blindings.actor).Add(blindings.statement).Add(blindings.counts);
  return statement.BindBlob(index, seal.Seal(PlaceOf("access", detail.started), fields));
}

Status OpenAccess(const Statement& row, int column, const VaultSeal& seal, VaultAccess& access) {
  AccessDetail& detail = access.detail;
  return OpenInto(row, column, seal, PlaceOf("access", detail.started), [&](OpenedFields& fields) {
    detail.principal = fields.Text();
    detail.os_user = fields.Text();
    detail.statement = fields.Text();
    detail.available_people = fields.Number();
    access.blindings.actor = fields.Text();
    access.blindings.statement = fields.Text();
    access.blindings.counts = fields.Text();
  });
}

Status BindOutcome(Statement& statement, int index, const VaultSeal& seal, const Outcome& outcome) {
  if (outcome.blinding.empty()) return statement.BindNull(index);
  PrivateFields fields;
  fields.Add(outcome.rows).Add(outcome.blinding);
  return statement.BindBlob(index, seal.Seal(PlaceOf("outcome", outcome.started), fields));
}

Status OpenOutcome(const Statement& row, int column, const VaultSeal& seal, Outcome& outcome) {
  return OpenInto(row, column, seal, PlaceOf("outcome", outcome.started),
                  [&](OpenedFields& fields) {
                    outcome.rows = fields.Number();
                    outcome.blinding = fields.Text();
                  });
}

Status BindSilence(Statement& statement, int index, const VaultSeal& seal,
                   const VaultAccess& access) {
  if (access.blindings.silence.empty()) return statement.BindNull(index);
  const Silence& silence = *access.detail.silence;
  PrivateFields fields;
  fields.Add(silence.ground).Add(silence.until.us).Add(std::int64_t{silence.review});
  fields.Add(access.blindings.silence);
  return statement.BindBlob(index, seal.Seal(PlaceOf("silence", access.detail.started), fields));
}

Status OpenSilence(const Statement& row, int column, const VaultSeal& seal, VaultAccess& access) {
  // What was lost keeps people from being told until somebody has looked at it.
  Silence& silence = access.detail.silence.emplace(Silence{.review = true});
  return OpenInto(row, column, seal, PlaceOf("silence", access.detail.started),
                  [&](OpenedFields& fields) {
                    silence.ground = fields.Text();
                    silence.until = UtcTime{fields.Number()};
                    silence.review = fields.Number() != 0;
                    access.blindings.silence = fields.Text();
                  });
}

Status BindDecision(Statement& statement, int index, const VaultSeal& seal,
                    const SilenceDecision& decision) {
  if (decision.actor_blinding.empty()) return statement.BindNull(index);
  PrivateFields fields;
  fields.Add(decision.principal).Add(decision.os_user).Add(decision.reason);
  fields.Add(decision.actor_blinding).Add(decision.reason_blinding);
  return statement.BindBlob(index, seal.Seal(PlaceOf("silence_decision", decision.entry), fields));
}

Status OpenDecision(const Statement& row, int column, const VaultSeal& seal,
                    SilenceDecision& decision) {
  return OpenInto(row, column, seal, PlaceOf("silence_decision", decision.entry),
                  [&](OpenedFields& fields) {
                    decision.principal = fields.Text();
                    decision.os_user = fields.Text();
                    decision.reason = fields.Text();
                    decision.actor_blinding = fields.Text();
                    decision.reason_blinding = fields.Text();
                  });
}

Status BindOpening(Statement& statement, int index, const VaultSeal& seal, std::uint64_t entry,
                   const Opening& opening) {
  PrivateFields fields;
  fields.Add(opening.name).Add(opening.blinding).Add(opening.value);
  return statement.BindBlob(index, seal.Seal(PlaceOf(entry, opening), fields));
}

Status OpenOpening(const Statement& row, int column, const VaultSeal& seal, std::uint64_t entry,
                   Opening& opening) {
  return OpenInto(row, column, seal, PlaceOf(entry, opening), [&](OpenedFields& fields) {
    opening.name = fields.Text();
    opening.blinding = fields.Text();
    opening.value = fields.Text();
  });
}

Status BindChoice(Statement& statement, int index, const VaultSeal& seal,
                  const ChoiceHalf& choice) {
  if (choice.blinding.empty()) {
    CANDOUR_TRY(statement.BindNull(index));
    return statement.BindNull(index + 1);
  }
  PrivateFields fields;
  fields.Add(choice.person).Add(choice.value).Add(choice.blinding);
  CANDOUR_TRY(statement.BindBlob(index, seal.LookUp(choice.person)));
  return statement.BindBlob(index + 1, seal.Seal(PlaceOf("choice", choice.number), fields));
}

Status OpenChoice(const Statement& row, int column, const VaultSeal& seal, ChoiceHalf& choice) {
  const VaultPlace place = PlaceOf("choice", choice.number);
  const Status opened = OpenInto(row, column + 1, seal, place, [&](OpenedFields& fields) {
    choice.person = fields.Text();
    choice.value = fields.Text();
    choice.blinding = fields.Text();
  });
  CANDOUR_TRY(opened);
  // Else a choice could be shown to one who did not make it, or hidden from who did.
  const std::string look_up = choice.blinding.empty() ? "" : seal.LookUp(choice.person);
  return row.Blob(column) == look_up ? Status() : seal.Damaged(place);
}

}  // namespace candour::ledger
