// The SQL functions that carry consent, people and keys into the engine.

#include <cstring>
#include <span>

#include "base/check.h"
#include "engine/database_state.h"

namespace candour::engine {
namespace {

template <class T>
const T& ExtraInfo(duckdb_function_info info) {
  return *static_cast<T*>(duckdb_scalar_function_get_extra_info(info));
}

template <class T>
void DeleteExtra(void* extra) {
  delete static_cast<T*>(extra);
}

bool IsValid(std::uint64_t* validity, idx_t row) {
  return validity == nullptr || duckdb_validity_row_is_valid(validity, row);
}

void SetNull(duckdb_vector output, idx_t row) {
  duckdb_vector_ensure_validity_writable(output);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(output), row);
}

struct ScalarSpec {
  std::string_view name;
  duckdb_type argument;
  duckdb_type result;
  duckdb_scalar_function_t body;
};

template <class Extra>
Status RegisterScalar(duckdb_connection connection, const ScalarSpec& spec, Extra extra) {
  const OwnedScalarFunction function(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(function.get(), std::string(spec.name).c_str());
  const OwnedType argument(duckdb_create_logical_type(spec.argument));
  const OwnedType result(duckdb_create_logical_type(spec.result));
  duckdb_scalar_function_add_parameter(function.get(), argument.get());
  duckdb_scalar_function_set_return_type(function.get(), result.get());
  duckdb_scalar_function_set_special_handling(function.get());
  duckdb_scalar_function_set_extra_info(function.get(), new Extra(std::move(extra)),
                                        DeleteExtra<Extra>);
  duckdb_scalar_function_set_function(function.get(), spec.body);
  if (duckdb_register_scalar_function(connection, function.get()) == DuckDBError) {
    return Fail(ErrorCode::kInternal, "a function could not be given to the SQL engine");
  }
  return {};
}

using SetPointer = std::shared_ptr<const Bitmap>;
using PersonPointer = std::shared_ptr<const std::vector<PersonNo>>;
using TextFunction = std::function<std::string(RecordNo)>;
using FindFunction = std::function<Result<RecordNo>(std::string_view)>;

/// The records of a chunk's first column.
struct Records {
  explicit Records(duckdb_data_chunk input)
      : count(duckdb_data_chunk_get_size(input)),
        numbers(
            static_cast<RecordNo*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 0)))),
        validity(duckdb_vector_get_validity(duckdb_data_chunk_get_vector(input, 0))) {}
  idx_t count;
  const RecordNo* numbers;
  std::uint64_t* validity;
};

void Membership(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const Bitmap& set = *ExtraInfo<SetPointer>(info);
  const Records records(input);
  auto* out = static_cast<std::uint8_t*>(duckdb_vector_get_data(output));
  const std::span<const std::uint64_t> words = set.words();
  // Without a branch per row: a number beyond the set reads the first word and is masked out.
  const std::uint64_t size = set.size();
  const std::uint64_t none = 0;
  const std::uint64_t* data = words.empty() ? &none : words.data();
  for (idx_t i = 0; i < records.count; ++i) {
    const RecordNo record = records.numbers[i];
    const std::uint64_t within = record < size ? 1 : 0;
    out[i] = static_cast<std::uint8_t>((data[record / 64 * within] >> (record % 64)) & within);
  }
  if (records.validity == nullptr) return;
  for (idx_t i = 0; i < records.count; ++i) {
    if (!IsValid(records.validity, i)) out[i] = 0;
  }
}

void RecordText(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const TextFunction& text_of = ExtraInfo<TextFunction>(info);
  const Records records(input);
  for (idx_t i = 0; i < records.count; ++i) {
    if (!IsValid(records.validity, i)) {
      SetNull(output, i);
      continue;
    }
    const std::string text = text_of(records.numbers[i]);
    duckdb_vector_assign_string_element_len(output, i, text.data(), text.size());
  }
}

void PersonOf(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const std::vector<PersonNo>& person_of = *ExtraInfo<PersonPointer>(info);
  const Records records(input);
  auto* out = static_cast<PersonNo*>(duckdb_vector_get_data(output));
  for (idx_t i = 0; i < records.count; ++i) {
    const RecordNo record = records.numbers[i];
    const bool known = IsValid(records.validity, i) && record < person_of.size();
    out[i] = known ? person_of[record] : 0;
    if (out[i] == 0) SetNull(output, i);
  }
}

void KeyLookup(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const FindFunction& find = ExtraInfo<FindFunction>(info);
  const idx_t count = duckdb_data_chunk_get_size(input);
  const duckdb_vector keys = duckdb_data_chunk_get_vector(input, 0);
  auto* strings = static_cast<duckdb_string_t*>(duckdb_vector_get_data(keys));
  std::uint64_t* validity = duckdb_vector_get_validity(keys);
  auto* out = static_cast<RecordNo*>(duckdb_vector_get_data(output));
  for (idx_t i = 0; i < count; ++i) {
    if (!IsValid(validity, i)) {
      SetNull(output, i);
      continue;
    }
    const auto record =
        find({duckdb_string_t_data(&strings[i]), duckdb_string_t_length(strings[i])});
    if (!record) {
      duckdb_scalar_function_set_error(info, record.error().message.c_str());
      return;
    }
    out[i] = *record;
    if (*record == 0) SetNull(output, i);
  }
}

/// What the people aggregate needs to know.
struct PeopleExtra {
  PersonPointer person_of;
  int limit;
};

/// Its state: how many different people were seen, and which, up to the limit.
struct PeopleState {
  std::uint32_t count;
  PersonNo people[1];  // `limit` of them; the engine allots the space by PeopleStateSize
};

const PeopleExtra& PeopleInfo(duckdb_function_info info) {
  return *static_cast<PeopleExtra*>(duckdb_aggregate_function_get_extra_info(info));
}

PeopleState& StateAt(duckdb_aggregate_state state) {
  return *reinterpret_cast<PeopleState*>(state);
}

idx_t PeopleStateSize(duckdb_function_info info) {
  return (1 + static_cast<idx_t>(PeopleInfo(info).limit)) * sizeof(std::uint32_t);
}

void PeopleInit(duckdb_function_info, duckdb_aggregate_state state) { StateAt(state).count = 0; }

void AddPerson(PeopleState& state, PersonNo person) {
  PersonNo* people = state.people;
  for (std::uint32_t i = 0; i < state.count; ++i) {
    if (people[i] == person) return;
  }
  people[state.count++] = person;
}

void PeopleUpdate(duckdb_function_info info, duckdb_data_chunk input,
                  duckdb_aggregate_state* states) {
  const PeopleExtra& extra = PeopleInfo(info);
  const std::vector<PersonNo>& person_of = *extra.person_of;
  const auto limit = static_cast<std::uint32_t>(extra.limit);
  const Records records(input);
  const duckdb_vector counts = duckdb_data_chunk_get_vector(input, 1);
  const bool* counted = static_cast<bool*>(duckdb_vector_get_data(counts));
  std::uint64_t* counted_validity = duckdb_vector_get_validity(counts);
  for (idx_t i = 0; i < records.count; ++i) {
    PeopleState& state = StateAt(states[i]);
    // Once a group has its fill, which is soon, nothing else is looked at.
    if (state.count >= limit) continue;
    if (!counted[i] || !IsValid(counted_validity, i) || !IsValid(records.validity, i)) continue;
    const RecordNo record = records.numbers[i];
    const PersonNo person = record < person_of.size() ? person_of[record] : 0;
    if (person != 0) AddPerson(state, person);
  }
}

void PeopleCombine(duckdb_function_info info, duckdb_aggregate_state* source,
                   duckdb_aggregate_state* target, idx_t count) {
  const auto limit = static_cast<std::uint32_t>(PeopleInfo(info).limit);
  for (idx_t i = 0; i < count; ++i) {
    const PeopleState& from = StateAt(source[i]);
    PeopleState& to = StateAt(target[i]);
    const PersonNo* people = from.people;
    for (std::uint32_t p = 0; p < from.count && to.count < limit; ++p) AddPerson(to, people[p]);
  }
}

void PeopleFinalize(duckdb_function_info, duckdb_aggregate_state* source, duckdb_vector result,
                    idx_t count, idx_t offset) {
  const idx_t start = duckdb_list_vector_get_size(result);
  idx_t total = start;
  for (idx_t i = 0; i < count; ++i) total += StateAt(source[i]).count;
  duckdb_list_vector_reserve(result, total);
  auto* lists = static_cast<duckdb_list_entry*>(duckdb_vector_get_data(result));
  auto* child =
      static_cast<PersonNo*>(duckdb_vector_get_data(duckdb_list_vector_get_child(result)));
  idx_t at = start;
  for (idx_t i = 0; i < count; ++i) {
    const PeopleState& state = StateAt(source[i]);
    lists[offset + i] = {at, state.count};
    std::memcpy(child + at, state.people, state.count * sizeof(PersonNo));
    at += state.count;
  }
  duckdb_list_vector_set_size(result, total);
}

}  // namespace

Status Database::AddMembership(std::string_view name, std::shared_ptr<const Bitmap> set) {
  return RegisterScalar(state_->connection.get(),
                        {name, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BOOLEAN, Membership},
                        SetPointer(std::move(set)));
}

Status Database::AddRecordText(std::string_view name, std::function<std::string(RecordNo)> text) {
  return RegisterScalar(state_->connection.get(),
                        {name, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_VARCHAR, RecordText},
                        TextFunction(std::move(text)));
}

Status Database::AddPersonOf(std::string_view name,
                             std::shared_ptr<const std::vector<PersonNo>> person_of) {
  return RegisterScalar(state_->connection.get(),
                        {name, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_UINTEGER, PersonOf},
                        PersonPointer(std::move(person_of)));
}

Status Database::AddKeyLookup(std::string_view name,
                              std::function<Result<RecordNo>(std::string_view)> find) {
  return RegisterScalar(state_->connection.get(),
                        {name, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_UINTEGER, KeyLookup},
                        FindFunction(std::move(find)));
}

Status Database::AddPeople(std::string_view name,
                           std::shared_ptr<const std::vector<PersonNo>> person_of, int limit) {
  CANDOUR_REQUIRE(limit >= 1 && limit <= 100);
  const OwnedAggregateFunction function(duckdb_create_aggregate_function());
  duckdb_aggregate_function_set_name(function.get(), std::string(name).c_str());
  const OwnedType record(duckdb_create_logical_type(DUCKDB_TYPE_UINTEGER));
  const OwnedType counts(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  const OwnedType person(duckdb_create_logical_type(DUCKDB_TYPE_UINTEGER));
  const OwnedType people(duckdb_create_list_type(person.get()));
  duckdb_aggregate_function_add_parameter(function.get(), record.get());
  duckdb_aggregate_function_add_parameter(function.get(), counts.get());
  duckdb_aggregate_function_set_return_type(function.get(), people.get());
  duckdb_aggregate_function_set_special_handling(function.get());
  duckdb_aggregate_function_set_extra_info(
      function.get(), new PeopleExtra{std::move(person_of), limit}, DeleteExtra<PeopleExtra>);
  duckdb_aggregate_function_set_functions(function.get(), PeopleStateSize, PeopleInit, PeopleUpdate,
                                          PeopleCombine, PeopleFinalize);
  if (duckdb_register_aggregate_function(state_->connection.get(), function.get()) == DuckDBError) {
    return Fail(ErrorCode::kInternal, "a function could not be given to the SQL engine");
  }
  return {};
}

}  // namespace candour::engine
