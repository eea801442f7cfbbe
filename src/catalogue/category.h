#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/dataset.h"

namespace candour::catalogue {

/// Whether `id` is a purpose of the Data Privacy Vocabulary 2.3, e.g. "dpv:DirectMarketing".
/// Source: share/dpv-2.3/purposes.csv. Threads: any.
bool IsDpvPurpose(std::string_view id);
const std::vector<std::string>& DpvPurposes();

/// Whether `id` is a data category: a term of DPV 2.3 ("pd:EmailAddress", "dpv:SyntheticData"), or
/// one of the few of our own where DPV has none ("candour:FuneralPlan").
bool IsCategory(std::string_view id);
const std::vector<std::string>& Categories();

/// The least sensitivity a field of this category may declare: special for DPV's special
/// categories (UK GDPR article 9), criminal for what concerns offences (article 10), else open.
Sensitivity LeastSensitivity(std::string_view category);

}  // namespace candour::catalogue
