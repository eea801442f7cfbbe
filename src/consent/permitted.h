#pragma once

#include "base/bitmap.h"
#include "base/result.h"
#include "consent/choice_store.h"
#include "consent/effective.h"
#include "people/person_map.h"

namespace candour::consent {

/// Who permits, and how long that stays so while nothing is added.
struct Permitted {
  Bitmap records;
  UtcTime until;  ///< the next choice takes effect then; the end of time when none is to come
};

/// The records of everybody who permits what `question` asks; all of a person's records or none.
///
/// The same answer, person by person, as Decide gives; people who have made no choice get the
/// default of the legal basis. `chain` as for Decide.
/// Errors: of the store. Cost: linear in records and in the choices about the chain's purposes; 24
/// bytes a choice. Threads: one at a time (the store's).
Result<Permitted> PermittedUntil(const Question& question, const PurposeChain& chain,
                                 const ChoiceStore& store, const people::PersonMap& people,
                                 UtcTime now);

/// The same without the time.
Result<Bitmap> PermittedRecords(const Question& question, const PurposeChain& chain,
                                const ChoiceStore& store, const people::PersonMap& people,
                                UtcTime now);

}  // namespace candour::consent
