#pragma once

#include <optional>

#include "base/time.h"
#include "base/yaml_reader.h"

namespace candour::policy {

/// Reports an `until` that is not after its `from`.
void CheckPeriod(const std::optional<UtcTime>& from, const std::optional<UtcTime>& until,
                 YamlReader& reader);

}  // namespace candour::policy
