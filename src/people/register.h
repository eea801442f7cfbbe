#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/secret.h"
#include "people/person_map.h"
#include "storage/sqlite.h"

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

/// A merge or a split, as it was when it happened.
struct LinkEvent {
  enum class Kind { kMerge, kSplit } kind = Kind::kMerge;
  UtcTime time;
  std::string source;            ///< on whose word
  PersonId kept;                 ///< the person that kept its id
  PersonId other;                ///< the person that ended (merge) or began (split)
  std::vector<RecordNo> stayed;  ///< records on the side of `kept`
  std::vector<RecordNo> moved;   ///< records that changed person: what a split undoes
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
  static Result<Register> Open(const std::filesystem::path& file,
                               storage::SqliteUse use = storage::SqliteUse::kWrite);
  Register(Register&&) noexcept;
  Register& operator=(Register&&) noexcept;
  ~Register();

  Status Begin();
  Status Commit();
  Status Rollback();

  /// The record of an identity; a new one with a new person when it was not known.
  /// Errors: kInvalidArgument (an empty key or key space), kExhausted (4 billion records).
  /// Cost: one indexed look-up, two inserts when new. Many calls inside one Begin … Commit read the
  /// key space into memory once.
  Result<RecordNo> Assign(const Identity& identity);

  /// The record of an identity, or 0 when it is not known.
  Result<RecordNo> Find(const Identity& identity) const;

  /// Makes the two records' people one, keeping the id of the person who has the lowest record
  /// number of all. Does nothing when they are one already, or one of them was erased. `source`
  /// says on whose word ("declared key", …). Errors: kNotFound.
  Result<PersonId> Merge(RecordNo a, RecordNo b, std::string_view source, UtcTime at);

  /// Takes `records` out of their person into a new one. Their choices go with them.
  /// Errors: kInvalidArgument when they are not all of one person, or are all of it.
  Result<PersonId> Split(const std::vector<RecordNo>& records, std::string_view source, UtcTime at);

  /// Destroys what links the person to source identities, for good: keys, merges and splits. Their
  /// record numbers stay taken and have no person any more, so every row that still bears one is
  /// denied. Of the person id, and of those that became one with it, is kept that it was erased.
  ///
  /// `suppress`: of each key an HMAC is kept, so that Assign gives a row which comes again the same
  /// record number without a person; else it becomes a new person. Durable on return; not inside
  /// Begin … Commit. Errors: kNotFound, kInvalidArgument (to suppress without SuppressUnder).
  Status Erase(const PersonId& person, bool suppress);

  /// The ids that ended when their people became one with this person, all of whose records it
  /// still has. Errors: kNotFound.
  Result<std::vector<PersonId>> FormerIds(const PersonId& person) const;

  /// The key under which erased identities are recognised again; of the home's root key.
  void SuppressUnder(crypto::Secret key);

  /// The records of one person, lowest number first. Errors: kNotFound.
  Result<std::vector<Record>> RecordsOf(const PersonId& person) const;

  /// Merges and splits that the person's id or present records took part in, oldest first.
  /// Errors: kNotFound.
  Result<std::vector<LinkEvent>> EventsOf(const PersonId& person) const;

  /// When the person's records last became more (a merge); zero time when never. A merge whose two
  /// sides a split has parted since does not count: a split restores. A choice made before it is
  /// weighed deny-wins across the records (consent/effective.h). Errors: kNotFound.
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
