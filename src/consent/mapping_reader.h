#pragma once

#include <string>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "consent/mapping.h"

namespace candour::consent {

/// Reads `kind: Mapping`: what each value of a unit's own flag is evidence of.
/// Errors: kDeclarationInvalid into `diagnostics`. Threads: any.
Mapping ReadMapping(const YamlNode& root, const std::string& file, Diagnostics& diagnostics);

}  // namespace candour::consent
