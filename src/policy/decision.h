#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalogue/dataset.h"
#include "consent/choice.h"
#include "consent/purpose.h"
#include "policy/use.h"

namespace candour::policy {

/// What a use sees of one granted field.
struct ColumnPlan {
  const catalogue::Field* field = nullptr;
  catalogue::Mask mask = catalogue::Mask::kNone;  ///< kNone: the value itself
};

/// What a use sees of one dataset.
struct DatasetPlan {
  const catalogue::Dataset* dataset = nullptr;
  std::vector<ColumnPlan> columns;
  std::vector<consent::Question> questions;  ///< all must be answered yes; none: public kind
  std::vector<std::string> row_categories;   ///< let through beside rows without one
};

/// One step of the reasoning, in the order it was taken, for `candour explain`.
struct Reason {
  bool passed = true;
  std::string rule;  ///< e.g. "approval"
  std::string text;  ///< e.g. "approved by the data-governance lead, reference G-12"
};

/// The answer to "may this happen?". When `denial` is set nothing else may be acted on.
struct Decision {
  std::optional<Error> denial;
  const Use* use = nullptr;
  const consent::Purpose* purpose = nullptr;
  std::vector<std::string> purpose_chain;  ///< the purpose and its ancestors, nearest first
  std::vector<DatasetPlan> datasets;
  std::vector<Reason> reasons;

  bool permitted() const { return !denial; }
  const DatasetPlan* FindDataset(std::string_view name) const;
};

}  // namespace candour::policy
