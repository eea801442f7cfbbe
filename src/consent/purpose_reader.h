#pragma once

#include <string>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "consent/purpose.h"

namespace candour::consent {

/// Reads `kind: Purpose`.
///
/// A purpose names one legal basis; legitimate interests come with their balancing record; what DPV
/// calls direct marketing is declared as such, because an objection to it is absolute.
/// Errors: kDeclarationInvalid, kLegalBasisMissing, kDeclarationUnknownName (not a DPV purpose)
/// into `diagnostics`. Threads: any. Source: UK GDPR articles 6, 9, 10 and 21(3).
Purpose ReadPurpose(const YamlNode& root, const std::string& file, Diagnostics& diagnostics);

}  // namespace candour::consent
