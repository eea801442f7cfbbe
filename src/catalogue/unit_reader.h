#pragma once

#include <string>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "catalogue/unit.h"

namespace candour::catalogue {

/// Reads `kind: Unit`. Errors: kDeclarationInvalid into `diagnostics`. Threads: any.
Unit ReadUnit(const YamlNode& root, const std::string& file, Diagnostics& diagnostics);

}  // namespace candour::catalogue
