#pragma once

#include <filesystem>
#include <memory>

#include "base/bitmap.h"
#include "base/time.h"
#include "consent/choice_store.h"
#include "crypto/secret.h"
#include "gate/standby.h"
#include "intake/dataset_version.h"
#include "people/person_map.h"
#include "policy/decide.h"

namespace candour::gate {

/// What the door reads to answer a request: declarations in force, people, choices, data.
struct Setting {
  policy::Rules rules;
  std::filesystem::path state_dir;
  std::shared_ptr<const people::PersonMap> people;
  const consent::ChoiceStore& choices;
  const crypto::Secret& pseudonym_key;
  const crypto::Secret& key_encryption_key;  ///< opens dataset versions
  const Clock& clock;
  Standby* standby = nullptr;  ///< of `choices`; null: each statement begins afresh
};

/// A dataset of a decision, as it is opened: its version, and who permits its use.
struct OpenedDataset {
  intake::DatasetVersion version;
  std::shared_ptr<const Bitmap> permitted;  ///< record numbers; null: nobody is in the dataset
  /// permitted, and with at least one row in the version.
  Bitmap available;
};

/// Opens one dataset of a decision. All its questions must be answered yes for a record to be in.
/// Errors: kDatasetEmpty, kCorruption, kIo, and of the choice store. Cost: linear in records and
/// choices, once per question; with a cache only when something changed. Threads: one at a time.
Result<OpenedDataset> OpenDataset(const policy::Decision& decision, const policy::DatasetPlan& plan,
                                  const Setting& setting);

}  // namespace candour::gate
