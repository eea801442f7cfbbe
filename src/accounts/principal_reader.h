#pragma once

#include <string>

#include "accounts/principal.h"
#include "base/diagnostics.h"
#include "base/yaml.h"

namespace candour::accounts {

/// Reads `kind: Principal`. Errors: kDeclarationInvalid into `diagnostics`. Threads: any.
Principal ReadPrincipal(const YamlNode& root, const std::string& file, Diagnostics& diagnostics);

}  // namespace candour::accounts
