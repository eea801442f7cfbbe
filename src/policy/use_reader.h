#pragma once

#include <string>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "policy/use.h"

namespace candour::policy {

/// Reads `kind: Use`. What it refers to is checked by home/.
/// Errors: kDeclarationInvalid, kDeclarationDuplicate into `diagnostics`. Threads: any.
Use ReadUse(const YamlNode& root, const std::string& file, Diagnostics& diagnostics);

}  // namespace candour::policy
