#include "people/register_state.h"

#include <limits>

#include "crypto/random.h"

namespace candour::people {
namespace {

using storage::Sqlite;
using storage::Statement;

/// Version 2 has the same tables, and holds people who were erased.
constexpr int kFirstVersion = 1;
constexpr int kLastVersion = 2;

/// 65 bits: an id says nothing about its person and is never drawn twice.
constexpr std::size_t kPersonIdDigits = 13;

/// A transaction that looks up more keys than this reads the whole key space into memory.
constexpr int kLoadAfterLookUps = 64;

// Explained in docs/formats/register.md.
constexpr std::string_view kSchema = R"sql(
CREATE TABLE key_space(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE person(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  last_merge_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE record(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  key_space INTEGER NOT NULL REFERENCES key_space(number),
  key TEXT NOT NULL,
  person INTEGER NOT NULL REFERENCES person(number),
  UNIQUE(key_space, key)
) STRICT;
CREATE INDEX record_by_person ON record(person);
CREATE TABLE link_event(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL CHECK(kind IN (0, 1)),
  time_us INTEGER NOT NULL,
  source TEXT NOT NULL,
  kept INTEGER NOT NULL REFERENCES person(number),
  other INTEGER NOT NULL REFERENCES person(number)
) STRICT;
CREATE TABLE link_event_record(
  event INTEGER NOT NULL REFERENCES link_event(number),
  moved INTEGER NOT NULL CHECK(moved IN (0, 1)),
  record INTEGER NOT NULL REFERENCES record(number),
  PRIMARY KEY(event, moved, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_event_by_record ON link_event_record(record);
CREATE TABLE epoch(value INTEGER NOT NULL) STRICT;
INSERT INTO epoch VALUES(0);
)sql";

Status MakeSchema(Sqlite& store) {
  CANDOUR_ASSIGN(const std::int64_t version, store.SchemaVersion());
  if (version == kFirstVersion || version == kLastVersion) return {};
  if (version != 0) {
    return Fail(Error{.code = ErrorCode::kCorruption,
                      .message = "the person register has an unknown layout"}
                    .Expected(fmt::format("{} or {}", kFirstVersion, kLastVersion))
                    .Found(std::to_string(version)));
  }
  CANDOUR_ASSIGN(auto transaction, storage::Transaction::Begin(store));
  CANDOUR_TRY(store.Run(kSchema));
  CANDOUR_TRY(store.SetSchemaVersion(kFirstVersion));
  return transaction.Commit();
}

/// Steps a look-up that gives at most one number; 0 when there is none.
Result<std::int64_t> OneNumber(Statement& statement) {
  const Result<bool> found = statement.Step();
  const std::int64_t number = found && *found ? statement.Int64(0) : 0;
  statement.Reset();
  if (!found) return std::unexpected(found.error());
  return number;
}

/// Steps a look-up that gives a person; kNotFound with `what` when there is none.
Result<PersonRow> OnePerson(Statement& statement, std::string_view what) {
  const Result<bool> found = statement.Step();
  PersonRow person;
  if (found && *found) {
    person = PersonRow{.number = statement.Int64(0),
                       .id = PersonId{statement.Text(1)},
                       .erased = statement.Int64(2) < 0};
  }
  statement.Reset();
  if (!found) return std::unexpected(found.error());
  if (person.number == 0) return Fail(ErrorCode::kNotFound, std::string(what));
  return person;
}

}  // namespace

Result<std::unique_ptr<Register::State>> Register::State::Open(const std::filesystem::path& file,
                                                               storage::SqliteUse use) {
  CANDOUR_ASSIGN(Sqlite store, Sqlite::Open(file, use));
  CANDOUR_TRY(store.Run("PRAGMA cache_size=-65536"));  // an adopt touches four indexes at random
  CANDOUR_TRY(MakeSchema(store));
  CANDOUR_ASSIGN(auto find_space, store.Prepare("SELECT number FROM key_space WHERE name=?"));
  CANDOUR_ASSIGN(auto find_record,
                 store.Prepare("SELECT number FROM record WHERE key_space=? AND key=?"));
  CANDOUR_ASSIGN(auto add_record,
                 store.Prepare("INSERT INTO record(key_space,key,person) VALUES(?,?,?)"));
  CANDOUR_ASSIGN(auto add_person, store.Prepare("INSERT INTO person(id) VALUES(?)"));
  CANDOUR_ASSIGN(auto person_of_record,
                 store.Prepare("SELECT p.number, p.id, p.last_merge_us FROM record r JOIN person p "
                               "ON p.number=r.person WHERE r.number=?"));
  CANDOUR_ASSIGN(auto person_of_id,
                 store.Prepare("SELECT number, id, last_merge_us FROM person WHERE id=?"));
  CANDOUR_ASSIGN(auto records_of_person,
                 store.Prepare("SELECT number FROM record WHERE person=? ORDER BY number"));
  CANDOUR_ASSIGN(auto add_event,
                 store.Prepare("INSERT INTO link_event(kind,time_us,source,kept,other) "
                               "VALUES(?,?,?,?,?)"));
  CANDOUR_ASSIGN(auto add_event_record,
                 store.Prepare("INSERT INTO link_event_record(event,moved,record) VALUES(?,?,?)"));
  CANDOUR_ASSIGN(auto move_record, store.Prepare("UPDATE record SET person=? WHERE number=?"));
  CANDOUR_ASSIGN(auto note_merge,
                 store.Prepare("UPDATE person SET last_merge_us = (SELECT max(?3, "
                               "max(last_merge_us)) FROM person WHERE number IN (?1, ?2)) "
                               "WHERE number = ?1"));
  std::unique_ptr<State> state(
      new State{std::move(store), std::move(find_space), std::move(find_record),
                std::move(add_record), std::move(add_person), std::move(person_of_record),
                std::move(person_of_id), std::move(records_of_person), std::move(add_event),
                std::move(add_event_record), std::move(move_record), std::move(note_merge)});
  CANDOUR_TRY(state->LoadErased());
  return state;
}

Status Register::State::Begin() {
  if (transaction) return Fail(ErrorCode::kInternal, "the register is in a transaction already");
  CANDOUR_ASSIGN(auto begun, storage::Transaction::Begin(store));
  transaction.emplace(std::move(begun));
  return {};
}

Status Register::State::Commit() {
  if (!transaction) return Fail(ErrorCode::kInternal, "the register is in no transaction");
  if (changed) CANDOUR_TRY(store.Run("UPDATE epoch SET value=value+1"));
  CANDOUR_TRY(transaction->Commit());
  Forget();
  return {};
}

Status Register::State::Rollback() {
  if (!transaction) return Fail(ErrorCode::kInternal, "the register is in no transaction");
  Forget();
  return {};
}

void Register::State::Forget() {
  transaction.reset();
  changed = false;
  key_spaces.clear();
}

Result<std::int64_t> Register::State::FindKeySpace(std::string_view name) {
  CANDOUR_TRY(find_space.Bind(1, name));
  return OneNumber(find_space);
}

Result<std::int64_t> Register::State::AddKeySpace(std::string_view name) {
  CANDOUR_ASSIGN(auto add, store.Prepare("INSERT INTO key_space(name) VALUES(?)"));
  CANDOUR_TRY(add.Bind(1, name));
  CANDOUR_TRY(add.Run());
  return store.LastInsertId();
}

Result<Register::State::KeySpace*> Register::State::CachedKeySpace(std::string_view name) {
  auto found = key_spaces.find(name);
  if (found == key_spaces.end()) {
    CANDOUR_ASSIGN(const std::int64_t number, FindKeySpace(name));
    if (number == 0) return nullptr;
    found = key_spaces.emplace(std::string(name), KeySpace{.number = number}).first;
  }
  KeySpace& space = found->second;
  if (!space.loaded && transaction && ++space.look_ups > kLoadAfterLookUps) {
    CANDOUR_TRY(Load(space));
  }
  return &space;
}

Status Register::State::Load(KeySpace& space) {
  CANDOUR_ASSIGN(auto all, store.Prepare("SELECT number, key FROM record WHERE key_space=?"));
  CANDOUR_TRY(all.Bind(1, space.number));
  while (true) {
    CANDOUR_ASSIGN(const bool more, all.Step());
    if (!more) break;
    space.records.emplace(all.TextView(1), static_cast<RecordNo>(all.Int64(0)));
  }
  space.loaded = true;
  return {};
}

Result<RecordNo> Register::State::FindRecord(const Identity& identity) {
  CANDOUR_ASSIGN(KeySpace* const space, CachedKeySpace(identity.key_space));
  if (space == nullptr) return RecordNo{0};
  if (space->loaded) {
    const auto found = space->records.find(identity.key);
    return found == space->records.end() ? RecordNo{0} : found->second;
  }
  CANDOUR_TRY(find_record.Bind(1, space->number));
  CANDOUR_TRY(find_record.Bind(2, identity.key));
  CANDOUR_ASSIGN(const std::int64_t number, OneNumber(find_record));
  return static_cast<RecordNo>(number);
}

Result<RecordNo> Register::State::AddRecord(const Identity& identity) {
  CANDOUR_ASSIGN(KeySpace * space, CachedKeySpace(identity.key_space));
  if (space == nullptr) {
    CANDOUR_TRY(AddKeySpace(identity.key_space));
    CANDOUR_ASSIGN(space, CachedKeySpace(identity.key_space));
  }
  CANDOUR_ASSIGN(const PersonRow person, AddPerson());
  CANDOUR_TRY(add_record.Bind(1, space->number));
  CANDOUR_TRY(add_record.Bind(2, identity.key));
  CANDOUR_TRY(add_record.Bind(3, person.number));
  CANDOUR_TRY(add_record.Run());
  changed = true;
  const std::int64_t number = store.LastInsertId();
  if (number > std::numeric_limits<RecordNo>::max()) {
    return Fail(ErrorCode::kExhausted, "the person register has no record numbers left");
  }
  if (space->loaded) space->records.emplace(identity.key, static_cast<RecordNo>(number));
  return static_cast<RecordNo>(number);
}

Result<PersonRow> Register::State::AddPerson() {
  PersonId id{fmt::format("p-{}", crypto::RandomCrockford(kPersonIdDigits))};
  CANDOUR_TRY(add_person.Bind(1, id.text));
  CANDOUR_TRY(add_person.Run());
  return PersonRow{.number = store.LastInsertId(), .id = std::move(id)};
}

Result<PersonRow> Register::State::PersonOfRecord(RecordNo record) {
  CANDOUR_TRY(person_of_record.Bind(1, std::int64_t{record}));
  return OnePerson(person_of_record, "no such record in the person register");
}

Result<PersonRow> Register::State::PersonOfId(const PersonId& id) {
  CANDOUR_TRY(person_of_id.Bind(1, id.text));
  return OnePerson(person_of_id, "no such person in the person register");
}

Result<std::vector<RecordNo>> Register::State::RecordsOfPerson(std::int64_t person) {
  CANDOUR_TRY(records_of_person.Bind(1, person));
  std::vector<RecordNo> records;
  while (true) {
    const Result<bool> more = records_of_person.Step();
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    records.push_back(static_cast<RecordNo>(records_of_person.Int64(0)));
  }
  records_of_person.Reset();
  return records;
}

}  // namespace candour::people
