#pragma once

#include "base/diagnostics.h"
#include "home/declarations.h"
#include "home/source_map.h"

namespace candour::home {

/// Checks what single files cannot show: that everything referred to is declared, and that what is
/// approved may lawfully be.
///
/// Errors into `errors`, each with its place: kDeclarationUnknownName (with the nearest declared
/// name), kDeclarationInvalid, kLegalBasisMissing (special-category data without its further
/// condition), kSourceNotAllowed.
void CheckDeclarations(const Declarations& declarations, const SourceMap& sources,
                       Diagnostics& errors);

/// The part about names: see CheckDeclarations.
void CheckNames(const Declarations& declarations, const SourceMap& sources, Diagnostics& errors);

/// The part about uses that are approved: further conditions, agreements between controllers,
/// identifiers in aggregates. A use that is only proposed, or refused, stands on record as it was
/// asked for.
void CheckApproved(const Declarations& declarations, const SourceMap& sources, Diagnostics& errors);

}  // namespace candour::home
