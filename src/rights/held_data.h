#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "catalogue/dataset.h"
#include "engine/value.h"
#include "gate/permission.h"

namespace candour::rights {

/// What one dataset holds about a person.
struct HeldDataset {
  std::string name;
  std::string title;
  std::string unit;    ///< the unit's name
  std::string origin;  ///< "real" or "generated"
  catalogue::Holder holder = catalogue::Holder::kPerson;
  UtcTime adopted_at;
  std::int64_t rows = 0;            ///< all of the person's rows that may be shown
  engine::Table newest;             ///< some of them, newest first; the contract's fields
  std::string newest_by;            ///< the field that says how new a row is; empty when none does
  std::vector<std::string> labels;  ///< what each column of `newest` is, in words
  std::vector<std::string> withheld;  ///< fields left out: special categories without a condition
  std::int64_t withheld_rows = 0;     ///< rows left out for the same reason
};

/// How much of the data to read.
struct HeldDataRequest {
  std::span<const RecordNo> records;  ///< of one person
  int newest_rows = 5;                ///< of each dataset
  bool special = false;               ///< with special categories
};

/// Reads what the current version of every dataset with people holds about one person; datasets
/// that hold nothing of them are not in the answer.
///
/// Rows are newest by the first timestamp of the contract, else its first date, else as adopted.
/// Inside only: the caller records the access first. Quarantined rows belong to nobody yet.
/// Errors: kCorruption, kIo, kUnavailable, kDataInvalid (a version older than its contract).
/// Cost: one scan of each dataset that holds the person. Personal data: all of it.
/// Threads: one at a time.
Result<std::vector<HeldDataset>> ReadHeldData(const gate::Setting& setting,
                                              const HeldDataRequest& request);

/// Names of the datasets that people are in, in the order of the declarations.
std::vector<std::string> DatasetsWithPeople(const policy::Rules& rules);

}  // namespace candour::rights
