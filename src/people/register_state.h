#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "crypto/secret.h"
#include "people/register.h"
#include "storage/sqlite.h"

namespace candour::people {

/// What a person is in the store: its row number there, which is its number in every snapshot.
struct PersonRow {
  std::int64_t number = 0;
  PersonId id;
  bool erased = false;
};

/// The records of the two sides of a merge or split.
struct Sides {
  std::vector<RecordNo> stayed;
  std::vector<RecordNo> moved;
};

/// The register's store with its prepared statements, and what it keeps in memory inside a
/// transaction. Private to register*.cc.
struct Register::State {
  static Result<std::unique_ptr<State>> Open(const std::filesystem::path& file,
                                             storage::SqliteUse use);

  Status Begin();
  Status Commit();
  Status Rollback();

  /// Runs `change` in the open transaction, or in one of its own.
  template <class Change>
  auto InTransaction(Change change) -> decltype(change()) {
    if (transaction) return change();
    CANDOUR_TRY(Begin());
    auto result = change();
    if (!result) {
      CANDOUR_TRY(Rollback());
      return result;
    }
    CANDOUR_TRY(Commit());
    return result;
  }

  /// The key space's number; 0 when it is not known.
  Result<std::int64_t> FindKeySpace(std::string_view name);
  Result<std::int64_t> AddKeySpace(std::string_view name);

  Result<RecordNo> FindRecord(const Identity& identity);
  Result<RecordNo> AddRecord(const Identity& identity);
  Result<PersonRow> AddPerson();
  Result<PersonRow> PersonOfRecord(RecordNo record);
  Result<PersonRow> PersonOfId(const PersonId& id);
  Result<std::vector<RecordNo>> RecordsOfPerson(std::int64_t person);

  // Links, in register_links.cc.
  Status MoveRecords(const std::vector<RecordNo>& records, std::int64_t person);
  Status AddEvent(LinkEvent::Kind kind, UtcTime at, std::string_view source, const PersonRow& kept,
                  const PersonRow& other, const Sides& sides);
  /// The person was merged now, or at the latest merge that either side had before.
  Status NoteMerge(std::int64_t kept, std::int64_t ended, UtcTime at);

  storage::Sqlite store;
  storage::Statement find_space;
  storage::Statement find_record;
  storage::Statement add_record;
  storage::Statement add_person;
  storage::Statement person_of_record;
  storage::Statement person_of_id;
  storage::Statement records_of_person;
  storage::Statement add_event;
  storage::Statement add_event_record;
  storage::Statement move_record;
  storage::Statement note_merge;
  std::optional<storage::Transaction> transaction;
  bool changed = false;  ///< in this transaction: Commit counts the epoch up

  struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  /// What the open transaction knows of one key space; forgotten at its end.
  struct KeySpace {
    std::int64_t number = 0;
    int look_ups = 0;
    bool loaded = false;  ///< `records` holds all of it
    std::unordered_map<std::string, RecordNo, StringHash, std::equal_to<>> records;
  };
  std::map<std::string, KeySpace, std::less<>> key_spaces;

  /// Whose person all erased records have; 0 while nobody was erased.
  std::int64_t erased_person = 0;
  /// Under which the keys of erased people are recognised.
  std::optional<crypto::Secret> suppression_key = {};

  Status LoadErased();
  Result<RecordNo> FindSuppressed(const Identity& identity);
  Status EraseRecords(const PersonRow& person, const std::vector<PersonId>& ids,
                      const std::vector<Record>& records, bool suppress);
  std::string ErasedKey(const Record& record, bool suppress) const;

 private:
  Status AddEventSide(std::int64_t event, bool moved, const std::vector<RecordNo>& records);
  Status Load(KeySpace& space);
  Result<KeySpace*> CachedKeySpace(std::string_view name);
  void Forget();
};

}  // namespace candour::people
