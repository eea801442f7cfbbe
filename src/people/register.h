#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "people/person_map.h"

namespace candour::people {

/// One source identity: a key in a key space, e.g. ("food.card", "1472").
struct Identity {
  std::string key_space;
  std::string key;
};

/// A record as the register knows it.
struct Record {
  RecordNo number = 0;
  Identity identity;
  PersonId person;
};

/// The person register: which source identities exist and which of them are the same person.
///
/// A record number is given once to each source identity and never reused. A person is a set of
/// records, so a merge or a split rewrites no data. Stored in SQLite under the home's state.
///
/// Changes happen inside `Begin` … `Commit`; without them each call is its own transaction.
/// Errors: kIo, kCorruption, and as each method says. Threads: one at a time.
/// Personal data: keys are; they stay in this store.
class Register {
 public:
  static Result<Register> Open(const std::filesystem::path& file);
  Register(Register&&) noexcept;
  Register& operator=(Register&&) noexcept;
  ~Register();

  Status Begin();
  Status Commit();
  Status Rollback();

  /// The record of an identity; a new one with a new person when it was not known.
  /// Cost: one indexed look-up, one insert when new.
  Result<RecordNo> Assign(const Identity& identity);

  /// The record of an identity, or 0 when it is not known.
  Result<RecordNo> Find(const Identity& identity) const;

  /// Makes the two records' people one, keeping the id of the person with the lower record number.
  /// Does nothing when they are one already. `source` says on whose word ("declared key", …).
  Result<PersonId> Merge(RecordNo a, RecordNo b, std::string_view source, UtcTime at);

  /// Takes `records` out of their person into a new one. Their choices go with them.
  /// Errors: kInvalidArgument when they are not all of one person, or are all of it.
  Result<PersonId> Split(const std::vector<RecordNo>& records, std::string_view source, UtcTime at);

  /// The records of one person, lowest number first. Errors: kNotFound.
  Result<std::vector<Record>> RecordsOf(const PersonId& person) const;

  /// When the person's records last became more (a merge); zero time when never. A choice made
  /// before it is weighed deny-wins across the records (consent/effective.h).
  Result<UtcTime> LastMerge(const PersonId& person) const;

  /// The snapshot for queries. Cost: linear in records; 5 M records in about a second.
  Result<std::shared_ptr<const PersonMap>> Map() const;

  /// Counts up whenever a record, merge or split changes the map.
  Result<std::int64_t> Epoch() const;

 private:
  struct State;
  explicit Register(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace candour::people
