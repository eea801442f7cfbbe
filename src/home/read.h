#pragma once

#include <vector>

#include "base/diagnostics.h"
#include "home/declarations.h"

namespace candour::home {

/// What reading gave: the declarations, and everything that is wrong with them. While there are
/// errors the declarations may be incomplete and nothing may be decided by them.
struct Reading {
  Declarations declarations;
  Diagnostics errors;  ///< in the order of files and lines
  bool ok() const { return errors.empty(); }
};

/// Reads and checks declaration files: what stands in a home's folder and what is in force go the
/// same way. Cost: linear in the text, and files x names for suggestions. Threads: any.
/// Format: docs/formats/declarations.md.
Reading ReadDeclarations(std::vector<DeclarationFile> files);

}  // namespace candour::home
