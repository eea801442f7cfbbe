#include "people/register.h"

#include "people/register_state.h"

namespace candour::people {

Register::Register(std::unique_ptr<State> state) : state_(std::move(state)) {}
Register::Register(Register&&) noexcept = default;
Register& Register::operator=(Register&&) noexcept = default;
Register::~Register() = default;

Result<Register> Register::Open(const std::filesystem::path& file, storage::SqliteUse use) {
  CANDOUR_ASSIGN(auto state, State::Open(file, use));
  return Register(std::move(state));
}

Status Register::Begin() { return state_->Begin(); }
Status Register::Commit() { return state_->Commit(); }
Status Register::Rollback() { return state_->Rollback(); }

Result<RecordNo> Register::Assign(const Identity& identity) {
  if (identity.key_space.empty() || identity.key.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "a source identity needs a key space and a key");
  }
  CANDOUR_ASSIGN(const RecordNo known, state_->FindRecord(identity));
  if (known != 0) return known;
  CANDOUR_ASSIGN(const RecordNo suppressed, state_->FindSuppressed(identity));
  if (suppressed != 0) return suppressed;
  return state_->InTransaction([&] { return state_->AddRecord(identity); });
}

Result<RecordNo> Register::Find(const Identity& identity) const {
  return state_->FindRecord(identity);
}

Result<std::vector<Record>> Register::RecordsOf(const PersonId& person) const {
  CANDOUR_ASSIGN(const PersonRow row, state_->PersonOfId(person));
  CANDOUR_ASSIGN(auto select,
                 state_->store.Prepare("SELECT r.number, s.name, r.key FROM record r JOIN "
                                       "key_space s ON s.number=r.key_space WHERE r.person=? "
                                       "ORDER BY r.number"));
  CANDOUR_TRY(select.Bind(1, row.number));
  std::vector<Record> records;
  while (true) {
    CANDOUR_ASSIGN(const bool more, select.Step());
    if (!more) break;
    records.push_back(Record{.number = static_cast<RecordNo>(select.Int64(0)),
                             .identity = {.key_space = select.Text(1), .key = select.Text(2)},
                             .person = person});
  }
  if (row.erased) return Fail(ErrorCode::kNotFound, "the person was erased");
  // A person whose records have all gone to another is an id that is no longer in use.
  if (records.empty()) {
    return Fail(ErrorCode::kNotFound, "the person has become one with another person");
  }
  return records;
}

Result<std::shared_ptr<const PersonMap>> Register::Map() const {
  auto map = std::make_shared<PersonMap>();
  auto person_of = std::make_shared<std::vector<PersonNo>>();
  const storage::Sqlite& store = state_->store;
  CANDOUR_ASSIGN(auto sizes, store.Prepare("SELECT (SELECT max(number) FROM record), "
                                           "(SELECT max(number) FROM person)"));
  CANDOUR_TRY(sizes.Step());
  person_of->resize(static_cast<std::size_t>(sizes.Int64(0)) + 1, 0);
  const auto people = static_cast<std::size_t>(sizes.Int64(1)) + 1;
  map->id_of.resize(people);
  map->records_of.resize(people);
  map->last_merge_of.resize(people);

  CANDOUR_ASSIGN(auto records,
                 store.Prepare("SELECT person, number FROM record ORDER BY person, number"));
  while (true) {
    CANDOUR_ASSIGN(const bool more, records.Step());
    if (!more) break;
    const auto person = static_cast<PersonNo>(records.Int64(0));
    const auto record = static_cast<RecordNo>(records.Int64(1));
    if (records.Int64(0) == state_->erased_person) continue;
    (*person_of)[record] = person;
    map->records_of[person].push_back(record);
  }
  CANDOUR_ASSIGN(auto ids, store.Prepare("SELECT number, id, last_merge_us FROM person"));
  while (true) {
    CANDOUR_ASSIGN(const bool more, ids.Step());
    if (!more) break;
    const auto person = static_cast<std::size_t>(ids.Int64(0));
    if (map->records_of[person].empty()) continue;
    map->id_of[person].text = ids.TextView(1);
    map->last_merge_of[person].us = ids.Int64(2);
  }
  map->person_of = std::move(person_of);
  return map;
}

Result<std::int64_t> Register::Epoch() const {
  CANDOUR_ASSIGN(auto epoch, state_->store.Prepare("SELECT value FROM epoch"));
  CANDOUR_TRY(epoch.Step());
  return epoch.Int64(0) + (state_->changed ? 1 : 0);
}

}  // namespace candour::people
