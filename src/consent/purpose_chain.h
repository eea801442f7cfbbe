#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "consent/purpose.h"

namespace candour::consent {

/// A purpose and its ancestors, nearest first; never empty. The first one's legal basis counts.
using PurposeChain = std::vector<Purpose>;

/// The chain of purpose `id` among `purposes`.
///
/// Errors: kDeclarationUnknownName (the purpose or an ancestor is not declared),
/// kDeclarationInvalid (the ancestors go round in a circle). Cost: linear in `purposes` a step.
Result<PurposeChain> ChainOf(std::string_view id, std::span<const Purpose> purposes);

}  // namespace candour::consent
