#pragma once

#include <vector>

#include "base/error.h"

namespace candour {

/// Everything that is wrong with a text, in the order it was found: somebody who repairs a
/// declaration wants to see all of it at once.
using Diagnostics = std::vector<Error>;

}  // namespace candour
