#pragma once

#include "gate/permission.h"
#include "home/plan.h"

namespace candour::home {

/// Counts how many people and rows a use can reach at this moment, for `plan`: the people who
/// permit it and are in the datasets it is granted, and their rows. A use that may not run reaches
/// nobody; a dataset that is not adopted yet counts as empty. `setting` must outlive the result;
/// its rules are not used, those of the declarations asked about are.
/// Cost per use: one scan of each granted dataset's record column.
Reach ReachOf(const gate::Setting& setting);

}  // namespace candour::home
