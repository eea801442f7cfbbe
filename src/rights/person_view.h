#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "rights/choice_effect.h"
#include "rights/held_data.h"
#include "rights/look_up.h"
#include "rights/person_accesses.h"

namespace candour::rights {

/// All that is held about one person, their choices with what they come to, and every access.
/// Personal data: all of it; nothing of anybody else, but what a household's card holds.
struct PersonView {
  PersonId person;
  UtcTime time;                              ///< when it was looked up
  std::uint64_t access = 0;                  ///< the number of the look-up itself
  std::vector<people::Identity> identities;  ///< the keys the person is known by
  std::vector<HeldDataset> held;
  std::vector<ChoiceLine> choices;   ///< newest first
  std::vector<UseEffect> effects;    ///< one for each use in force
  std::vector<AccessLine> accesses;  ///< newest first; the look-up itself is among them
  bool accesses_known = true;        ///< not in an emergency: then the ledger cannot be read
};

/// Shows a person's view to somebody who states why they look.
///
/// Itself an access: `started` is durable before data, choices or accesses are read, `finished`
/// before anything is handed over. Where the ledger cannot be written there is no view.
/// `newest_rows`: of each dataset, 1 to 1000.
/// Errors: of LookUp::Admit; kNotFound (no such person); kInvalidArgument; of ReadHeldData, the
/// stores and the ledger. Cost: one scan of each dataset that holds the person.
/// Threads: one at a time.
Result<PersonView> ShowPerson(const gate::Setting& setting, ledger::Ledger& ledger,
                              const people::Register& people, const PersonRequest& request,
                              int newest_rows = 5);

/// The same while the ledger cannot be written, recorded where an emergency is. Accesses are not
/// among what is shown. Errors: as ShowPerson, and of the recorder.
Result<PersonView> ShowPersonInEmergency(const gate::Setting& setting, ledger::Recorder& recorder,
                                         const people::Register& people,
                                         const PersonRequest& request, int newest_rows = 5);

}  // namespace candour::rights
