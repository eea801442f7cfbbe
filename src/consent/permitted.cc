#include "consent/permitted.h"

#include <limits>
#include <optional>
#include <unordered_map>

#include "consent/scale.h"

namespace candour::consent {
namespace {

struct PersonRow {
  PersonNo person = 0;
  ChoiceRow choice;
};

/// The choices about the chain's purposes with the person they belong to, person by person.
/// `until`: lowered to when the next of those that lie ahead takes effect.
Result<std::vector<PersonRow>> RowsByPerson(const PurposeChain& chain, const ChoiceStore& store,
                                            const people::PersonMap& people, UtcTime now,
                                            UtcTime& until) {
  std::vector<std::string> purposes;
  for (const Purpose& purpose : chain) purposes.push_back(purpose.id);
  std::vector<PersonRow> rows;
  CANDOUR_TRY(store.ForEachRowOf(purposes, [&](const ChoiceRow& choice) {
    const PersonNo person = people.PersonOf(choice.record);
    if (choice.event_time > now) {
      until = std::min(until, choice.event_time);
    } else if (person != 0) {
      rows.push_back({person, choice});
    }
  }));
  std::ranges::sort(rows, {}, &PersonRow::person);
  return rows;
}

Bitmap AllRecords(const people::PersonMap& people, bool permitted) {
  Bitmap records(people.person_of->size());
  if (!permitted) return records;
  for (std::size_t record = 0; record < people.person_of->size(); ++record) {
    if ((*people.person_of)[record] != 0) records.Add(record);
  }
  return records;
}

/// Lays rows on the scale; where terms stand is worked out once for all choices that share them.
class Votes {
 public:
  Votes(const Scale& scale, const ChoiceStore& store) : scale_(scale), store_(store) {}

  std::optional<Vote> Of(const ChoiceRow& row) {
    auto placed = placed_.find(row.terms);
    if (placed == placed_.end()) {
      const Choice& terms = store_.Terms(row.terms);
      placed = placed_.emplace(row.terms, Place{scale_.Place(terms), terms.source}).first;
    }
    const auto& [scope, source] = placed->second;
    if (!scope) return std::nullopt;
    return Vote{.scope = &*scope,
                .source = source,
                .record = row.record,
                .sense = scale_.SenseOf(row.evidence, *scope),
                .time = row.event_time};
  }

 private:
  struct Place {
    std::optional<Scope> scope;
    std::string_view source;
  };
  const Scale& scale_;
  const ChoiceStore& store_;
  std::unordered_map<std::uint32_t, Place> placed_;  // references stay valid as it grows
};

}  // namespace

Result<Permitted> PermittedUntil(const Question& question, const PurposeChain& chain,
                                 const ChoiceStore& store, const people::PersonMap& people,
                                 UtcTime now) {
  const Scale scale(question, chain);
  const bool by_default = scale.Default().permitted;
  Permitted permitted{.records = AllRecords(people, by_default),
                      .until = UtcTime{std::numeric_limits<std::int64_t>::max()}};
  if (!scale.DependsOnChoices()) return permitted;
  CANDOUR_ASSIGN(const std::vector<PersonRow> rows,
                 RowsByPerson(chain, store, people, now, permitted.until));

  Votes laid(scale, store);
  std::vector<Vote> votes;
  for (std::size_t i = 0; i < rows.size();) {
    const PersonNo person = rows[i].person;
    votes.clear();
    for (; i < rows.size() && rows[i].person == person; ++i) {
      if (auto vote = laid.Of(rows[i].choice)) votes.push_back(*vote);
    }
    if (votes.empty()) continue;
    const bool yes = scale.Weigh(votes, people.LastMergeOf(person)).permitted;
    if (yes == by_default) continue;
    for (const RecordNo record : people.records_of[person]) {
      yes ? permitted.records.Add(record) : permitted.records.Remove(record);
    }
  }
  return permitted;
}

Result<Bitmap> PermittedRecords(const Question& question, const PurposeChain& chain,
                                const ChoiceStore& store, const people::PersonMap& people,
                                UtcTime now) {
  CANDOUR_ASSIGN(Permitted permitted, PermittedUntil(question, chain, store, people, now));
  return std::move(permitted.records);
}

}  // namespace candour::consent
