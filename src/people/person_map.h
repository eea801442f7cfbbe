#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/bitmap.h"
#include "base/ids.h"
#include "base/time.h"

namespace candour::people {

/// Which record belongs to which person: a snapshot of the person register, dense so that the
/// engine can ask it once per row. It never changes once made; a merge or split makes a new one.
/// Threads: any.
struct PersonMap {
  /// Indexed by record number; 0 where the number is not in use.
  std::shared_ptr<const std::vector<PersonNo>> person_of;
  /// Indexed by person number; empty text where the number is not in use.
  std::vector<PersonId> id_of;
  /// Records of one person, by person number, lowest first.
  std::vector<std::vector<RecordNo>> records_of;
  /// When the person's records last became more, by person number; people beyond its end were
  /// never merged, nor was one whose time is zero.
  std::vector<UtcTime> last_merge_of;

  /// The number of the person with that id. Cost: linear in people.
  std::optional<PersonNo> Find(const PersonId& id) const;
  UtcTime LastMergeOf(PersonNo person) const {
    return person < last_merge_of.size() ? last_merge_of[person] : UtcTime{};
  }
  PersonNo PersonOf(RecordNo record) const {
    return record < person_of->size() ? (*person_of)[record] : 0;
  }
  /// How many people the records in `set` belong to. Cost: linear in the set.
  std::size_t CountPeople(const Bitmap& set) const;
};

}  // namespace candour::people
