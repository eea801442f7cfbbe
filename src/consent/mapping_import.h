#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "consent/choice.h"
#include "consent/mapping.h"

namespace candour::consent {

/// A unit's flag as it was read for one record.
struct FlagRow {
  RecordNo record = 0;
  std::string value;  ///< "" for null
  std::string time;   ///< text of the mapping's time field; "" for null or when it names none
};

/// Reads flags into choices, one per record: what each is evidence of, and no more.
///
/// A time that is missing, unreadable or after `now` is not known, and an unknown time is taken for
/// the least favourable one: a yes becomes the oldest of all (it overrides nothing), anything else
/// is as of `now`. Of several rows of one record the latest counts, on a tie the least favourable.
/// Values are matched as they stand, without the spaces around them.
/// `rows`: in any order; those of record 0 are passed over. The result is ordered by record and
/// made for ChoiceStore::ReplaceSource.
/// Cost: O(n log n). Threads: any; pure. Personal data: flags stay in the result.
std::vector<Choice> ImportFlags(const Mapping& mapping, std::span<const FlagRow> rows, UtcTime now);

}  // namespace candour::consent
