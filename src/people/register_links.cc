#include "people/register_state.h"

// Merges and splits: which records are the same person, and how they came to be.

namespace candour::people {
namespace {

using storage::Sqlite;

/// Works out again when the person was last merged: the latest merge of which both sides still have
/// a record with this person.
Status UpdateLastMerge(Sqlite& store, std::int64_t person) {
  CANDOUR_ASSIGN(auto update, store.Prepare(R"sql(
      UPDATE person SET last_merge_us = coalesce((
        SELECT max(time_us) FROM (
          SELECT e.time_us
          FROM record r
          JOIN link_event_record er ON er.record = r.number
          JOIN link_event e ON e.number = er.event AND e.kind = 0
          WHERE r.person = ?1
          GROUP BY e.number
          HAVING count(DISTINCT er.moved) = 2)), 0)
      WHERE number = ?1)sql"));
  CANDOUR_TRY(update.Bind(1, person));
  return update.Run();
}

Result<Sides> LoadSides(const Sqlite& store, std::int64_t event) {
  CANDOUR_ASSIGN(auto select, store.Prepare("SELECT moved, record FROM link_event_record "
                                            "WHERE event=? ORDER BY moved, record"));
  CANDOUR_TRY(select.Bind(1, event));
  Sides sides;
  while (true) {
    CANDOUR_ASSIGN(const bool more, select.Step());
    if (!more) return sides;
    auto& side = select.Int64(0) != 0 ? sides.moved : sides.stayed;
    side.push_back(static_cast<RecordNo>(select.Int64(1)));
  }
}

/// Parts `all` into what stays and the wanted records. Errors: kInvalidArgument, as Split says.
Result<Sides> PartRecords(const std::vector<RecordNo>& all, std::vector<RecordNo> wanted) {
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  Sides sides;
  std::ranges::set_difference(all, wanted, std::back_inserter(sides.stayed));
  if (sides.stayed.size() + wanted.size() != all.size()) {
    return Fail(ErrorCode::kInvalidArgument, "the records to split off are not all of one person");
  }
  if (sides.stayed.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "a split must leave the person at least one record");
  }
  sides.moved = std::move(wanted);
  return sides;
}

}  // namespace

Status Register::State::MoveRecords(const std::vector<RecordNo>& records, std::int64_t person) {
  for (const RecordNo record : records) {
    CANDOUR_TRY(move_record.Bind(1, person));
    CANDOUR_TRY(move_record.Bind(2, std::int64_t{record}));
    CANDOUR_TRY(move_record.Run());
  }
  return {};
}

Status Register::State::AddEventSide(std::int64_t event, bool moved,
                                     const std::vector<RecordNo>& records) {
  for (const RecordNo record : records) {
    CANDOUR_TRY(add_event_record.Bind(1, event));
    CANDOUR_TRY(add_event_record.Bind(2, std::int64_t{moved}));
    CANDOUR_TRY(add_event_record.Bind(3, std::int64_t{record}));
    CANDOUR_TRY(add_event_record.Run());
  }
  return {};
}

Status Register::State::AddEvent(LinkEvent::Kind kind, UtcTime at, std::string_view source,
                                 const PersonRow& kept, const PersonRow& other,
                                 const Sides& sides) {
  CANDOUR_TRY(add_event.Bind(1, std::int64_t{kind == LinkEvent::Kind::kSplit}));
  CANDOUR_TRY(add_event.Bind(2, at.us));
  CANDOUR_TRY(add_event.Bind(3, source));
  CANDOUR_TRY(add_event.Bind(4, kept.number));
  CANDOUR_TRY(add_event.Bind(5, other.number));
  CANDOUR_TRY(add_event.Run());
  const std::int64_t event = store.LastInsertId();
  CANDOUR_TRY(AddEventSide(event, false, sides.stayed));
  return AddEventSide(event, true, sides.moved);
}

Status Register::State::NoteMerge(std::int64_t kept, std::int64_t ended, UtcTime at) {
  CANDOUR_TRY(note_merge.Bind(1, kept));
  CANDOUR_TRY(note_merge.Bind(2, ended));
  CANDOUR_TRY(note_merge.Bind(3, at.us));
  return note_merge.Run();
}

Result<PersonId> Register::Merge(RecordNo a, RecordNo b, std::string_view source, UtcTime at) {
  CANDOUR_ASSIGN(PersonRow kept, state_->PersonOfRecord(a));
  CANDOUR_ASSIGN(PersonRow ended, state_->PersonOfRecord(b));
  if (kept.number == ended.number || ended.erased) return kept.id;
  if (kept.erased) return ended.id;
  Sides sides;
  CANDOUR_ASSIGN(sides.stayed, state_->RecordsOfPerson(kept.number));
  CANDOUR_ASSIGN(sides.moved, state_->RecordsOfPerson(ended.number));
  if (sides.moved.front() < sides.stayed.front()) {
    std::swap(kept, ended);
    std::swap(sides.stayed, sides.moved);
  }
  return state_->InTransaction([&]() -> Result<PersonId> {
    CANDOUR_TRY(state_->AddEvent(LinkEvent::Kind::kMerge, at, source, kept, ended, sides));
    CANDOUR_TRY(state_->MoveRecords(sides.moved, kept.number));
    CANDOUR_TRY(state_->NoteMerge(kept.number, ended.number, at));
    state_->changed = true;
    return kept.id;
  });
}

Result<PersonId> Register::Split(const std::vector<RecordNo>& records, std::string_view source,
                                 UtcTime at) {
  if (records.empty()) return Fail(ErrorCode::kInvalidArgument, "a split needs records to take");
  CANDOUR_ASSIGN(const PersonRow kept, state_->PersonOfRecord(records.front()));
  if (kept.erased) return Fail(ErrorCode::kNotFound, "the person was erased");
  CANDOUR_ASSIGN(const auto all, state_->RecordsOfPerson(kept.number));
  CANDOUR_ASSIGN(const Sides sides, PartRecords(all, records));
  return state_->InTransaction([&]() -> Result<PersonId> {
    Sqlite& store = state_->store;
    CANDOUR_ASSIGN(const PersonRow begun, state_->AddPerson());
    CANDOUR_TRY(state_->AddEvent(LinkEvent::Kind::kSplit, at, source, kept, begun, sides));
    CANDOUR_TRY(state_->MoveRecords(sides.moved, begun.number));
    CANDOUR_TRY(UpdateLastMerge(store, kept.number));
    CANDOUR_TRY(UpdateLastMerge(store, begun.number));
    state_->changed = true;
    return begun.id;
  });
}

Result<std::vector<LinkEvent>> Register::EventsOf(const PersonId& person) const {
  CANDOUR_ASSIGN(const PersonRow row, state_->PersonOfId(person));
  CANDOUR_ASSIGN(auto select, state_->store.Prepare(R"sql(
      SELECT e.number, e.kind, e.time_us, e.source, k.id, o.id
      FROM link_event e JOIN person k ON k.number = e.kept JOIN person o ON o.number = e.other
      WHERE e.kept = ?1 OR e.other = ?1 OR e.number IN (
        SELECT er.event FROM link_event_record er JOIN record r ON r.number = er.record
        WHERE r.person = ?1)
      ORDER BY e.number)sql"));
  CANDOUR_TRY(select.Bind(1, row.number));
  std::vector<LinkEvent> events;
  while (true) {
    CANDOUR_ASSIGN(const bool more, select.Step());
    if (!more) return events;
    CANDOUR_ASSIGN(Sides sides, LoadSides(state_->store, select.Int64(0)));
    events.push_back(
        LinkEvent{.kind = select.Int64(1) == 0 ? LinkEvent::Kind::kMerge : LinkEvent::Kind::kSplit,
                  .time = UtcTime{select.Int64(2)},
                  .source = select.Text(3),
                  .kept = PersonId{select.Text(4)},
                  .other = PersonId{select.Text(5)},
                  .stayed = std::move(sides.stayed),
                  .moved = std::move(sides.moved)});
  }
}

Result<UtcTime> Register::LastMerge(const PersonId& person) const {
  CANDOUR_TRY(state_->PersonOfId(person));
  CANDOUR_ASSIGN(auto select, state_->store.Prepare("SELECT last_merge_us FROM person WHERE id=?"));
  CANDOUR_TRY(select.Bind(1, person.text));
  CANDOUR_TRY(select.Step());
  return UtcTime{select.Int64(0)};
}

}  // namespace candour::people
