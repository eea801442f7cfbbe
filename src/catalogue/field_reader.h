#pragma once

#include <string>

#include "base/diagnostics.h"
#include "catalogue/contract.h"
#include "catalogue/dataset.h"

namespace candour::catalogue {

/// Turns a contract's property into a field and reports what a field may not be.
///
/// `has_people`: the dataset has a person key, so that every field needs a data category and a
/// sensitivity; without one no field may be about a person.
/// Errors: kDeclarationInvalid, kCategoryMissing, kDeclarationUnknownName into `diagnostics`.
Field ReadField(const ContractProperty& property, bool has_people, const std::string& file,
                Diagnostics& diagnostics);

/// Whether `name` can be a schema, table or field: a lower-case SQL identifier of at most 63
/// characters.
bool IsSqlName(std::string_view name);

}  // namespace candour::catalogue
