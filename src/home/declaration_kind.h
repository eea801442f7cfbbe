#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace candour::home {

/// What a declaration file declares.
enum class DeclarationKind {
  kHome,
  kUnit,
  kPurpose,
  kPrincipal,
  kDataset,
  kUse,
  kAgreement,
  kMapping
};

/// As `kind:` in the file says it; "Dataset" for contracts.
std::string_view ToString(DeclarationKind kind);

/// What a path inside a home says: the kind, and the name that the file must declare.
struct DeclarationPath {
  DeclarationKind kind = DeclarationKind::kHome;
  std::string id;  ///< "schema.table" for a dataset, "" for candour.yaml
};

/// Reads a path relative to the home: candour.yaml, units/ID.yaml, purposes/, principals/, uses/,
/// agreements/, mappings/ alike, datasets/SCHEMA/TABLE.odcs.yaml.
/// Errors: kDeclarationInvalid (not a declaration's path), with the nearest folder's name.
Result<DeclarationPath> ParseDeclarationPath(std::string_view path);

}  // namespace candour::home
