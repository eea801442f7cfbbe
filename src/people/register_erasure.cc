#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/hmac.h"
#include "people/register_state.h"

// Erasing people: what the register forgets, and the little that it keeps to go on refusing.

namespace candour::people {
namespace {

constexpr int kVersionWithErased = 2;

/// Whose person erased records have. No id that is drawn looks like it.
constexpr std::string_view kErasedId = "erased";

std::string SuppressedKey(const crypto::Secret& key, const Identity& identity) {
  const auto digest =
      crypto::HmacSha256(key, fmt::format("{}\n{}", identity.key_space, identity.key));
  return fmt::format("suppressed:{}", HexEncode(BytesOf(digest)));
}

/// Runs a statement with one number for its parameter.
Status RunWith(storage::Sqlite& store, std::string_view sql, std::int64_t number) {
  CANDOUR_ASSIGN(storage::Statement statement, store.Prepare(sql));
  CANDOUR_TRY(statement.Bind(1, number));
  return statement.Run();
}

constexpr std::string_view kForgetSides =
    "DELETE FROM link_event_record WHERE record IN (SELECT number FROM record WHERE person = ?1)";

/// Of an event with somebody else's records, their side is theirs and stays.
constexpr std::string_view kForgetEvents =
    "DELETE FROM link_event WHERE number NOT IN (SELECT event FROM link_event_record)";

}  // namespace

Status Register::State::LoadErased() {
  CANDOUR_ASSIGN(storage::Statement query, store.Prepare("SELECT number FROM person WHERE id = ?"));
  CANDOUR_TRY(query.Bind(1, kErasedId));
  CANDOUR_ASSIGN(const bool found, query.Step());
  erased_person = found ? query.Int64(0) : 0;
  return {};
}

Result<RecordNo> Register::State::FindSuppressed(const Identity& identity) {
  if (erased_person == 0 || !suppression_key) return RecordNo{0};
  return FindRecord(
      {.key_space = identity.key_space, .key = SuppressedKey(*suppression_key, identity)});
}

std::string Register::State::ErasedKey(const Record& record, bool suppress) const {
  if (suppress) return SuppressedKey(*suppression_key, record.identity);
  return fmt::format("erased:{}", record.number);
}

Status Register::State::EraseRecords(const PersonRow& person, const std::vector<PersonId>& ids,
                                     const std::vector<Record>& records, bool suppress) {
  if (erased_person == 0) {
    CANDOUR_ASSIGN(storage::Statement add,
                   store.Prepare("INSERT INTO person(id, last_merge_us) VALUES(?, -1)"));
    CANDOUR_TRY(add.Bind(1, kErasedId));
    CANDOUR_TRY(add.Run());
    CANDOUR_TRY(LoadErased());
  }
  CANDOUR_ASSIGN(storage::Statement mark,
                 store.Prepare("UPDATE person SET last_merge_us = -1 WHERE id = ?1"));
  for (const PersonId& id : ids) {
    CANDOUR_TRY(mark.Bind(1, id.text));
    CANDOUR_TRY(mark.Run());
  }
  CANDOUR_TRY(RunWith(store, kForgetSides, person.number));
  CANDOUR_TRY(store.Run(kForgetEvents));
  CANDOUR_ASSIGN(storage::Statement forget,
                 store.Prepare("UPDATE record SET key = ?1, person = ?2 WHERE number = ?3"));
  for (const Record& record : records) {
    CANDOUR_TRY(forget.Bind(1, ErasedKey(record, suppress)));
    CANDOUR_TRY(forget.Bind(2, erased_person));
    CANDOUR_TRY(forget.Bind(3, std::int64_t{record.number}));
    CANDOUR_TRY(forget.Run());
  }
  changed = true;
  return store.SetSchemaVersion(kVersionWithErased);
}

void Register::SuppressUnder(crypto::Secret key) { state_->suppression_key = std::move(key); }

Result<std::vector<PersonId>> Register::FormerIds(const PersonId& person) const {
  CANDOUR_ASSIGN(const PersonRow row, state_->PersonOfId(person));
  CANDOUR_ASSIGN(const std::vector<RecordNo> records, state_->RecordsOfPerson(row.number));
  CANDOUR_ASSIGN(const std::vector<LinkEvent> events, EventsOf(person));
  const auto theirs = [&](RecordNo record) { return std::ranges::binary_search(records, record); };
  std::vector<PersonId> former;
  for (const LinkEvent& event : events) {
    const bool ended_here =
        event.kind == LinkEvent::Kind::kMerge && std::ranges::all_of(event.moved, theirs);
    if (!ended_here || std::ranges::find(former, event.other) != former.end()) continue;
    CANDOUR_ASSIGN(const PersonRow other, state_->PersonOfId(event.other));
    CANDOUR_ASSIGN(const std::vector<RecordNo> left, state_->RecordsOfPerson(other.number));
    if (left.empty()) former.push_back(event.other);
  }
  return former;
}

Status Register::Erase(const PersonId& person, bool suppress) {
  if (suppress && !state_->suppression_key) {
    return Fail(ErrorCode::kInvalidArgument, "the register has no key to suppress people under");
  }
  CANDOUR_ASSIGN(const std::vector<Record> records, RecordsOf(person));
  CANDOUR_ASSIGN(const PersonRow row, state_->PersonOfId(person));
  CANDOUR_ASSIGN(std::vector<PersonId> ids, FormerIds(person));
  ids.push_back(person);
  // What is erased must not stay behind in pages that are free.
  CANDOUR_TRY(state_->store.Run("PRAGMA secure_delete = ON"));
  const Status erased =
      state_->InTransaction([&] { return state_->EraseRecords(row, ids, records, suppress); });
  CANDOUR_TRY(state_->LoadErased());  // as it is in the store, whether or not that went well
  CANDOUR_TRY(erased);
  // The write-ahead log holds the old pages until it is written back and cut.
  return state_->store.Run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace candour::people
