#pragma once

#include <string>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "policy/use.h"

namespace candour::policy {

/// Reads `kind: Agreement`. What it refers to is checked by home/.
/// Errors: kDeclarationInvalid into `diagnostics`. Threads: any.
Agreement ReadAgreement(const YamlNode& root, const std::string& file, Diagnostics& diagnostics);

}  // namespace candour::policy
