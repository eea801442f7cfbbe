#include "people/person_map.h"

namespace candour::people {

std::optional<PersonNo> PersonMap::Find(const PersonId& id) const {
  if (id.text.empty()) return std::nullopt;
  const auto found = std::ranges::find(id_of, id);
  if (found == id_of.end()) return std::nullopt;
  return static_cast<PersonNo>(found - id_of.begin());
}

std::size_t PersonMap::CountPeople(const Bitmap& set) const {
  Bitmap people(id_of.size());
  set.ForEach([&](std::size_t record) {
    const PersonNo person = PersonOf(static_cast<RecordNo>(record));
    if (person != 0) people.Add(person);
  });
  return people.Count();
}

}  // namespace candour::people
