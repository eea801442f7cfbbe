#pragma once

#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "catalogue/dataset.h"

namespace candour::catalogue {

/// Reads a dataset's contract (ODCS 3.0 to 3.2) with Candour's custom properties.
///
/// `name`: "schema.table", as the file's place in the home says; the contract's table must be named
/// alike. What other declarations are needed for (units, look-ups, key spaces) is checked by home/.
/// Errors: kDeclarationInvalid, kOwnership, kCategoryMissing, kDeclarationUnknownName,
/// kDeclarationDuplicate into `diagnostics`. Threads: any. Format: docs/formats/declarations.md.
Dataset ReadDataset(const YamlNode& root, const std::string& file, std::string_view name,
                    Diagnostics& diagnostics);

}  // namespace candour::catalogue
