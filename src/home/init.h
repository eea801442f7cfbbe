#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "home/declarations.h"

namespace candour::home {

/// The declarations of a new home: a small shop with two datasets, three purposes and two uses,
/// every file commented. They read without errors as they are.
std::vector<DeclarationFile> ExampleDeclarations();

/// The few invented rows that the examples' contracts read.
std::vector<DeclarationFile> ExampleData();

/// Makes the folder state/, mode 0700, in a home that has its declarations already.
/// Errors: kIo.
Status MakeState(const std::filesystem::path& dir);

/// Makes a home in `dir`, which must not exist or be empty: the examples, their data, and state/
/// with mode 0700.
/// Errors: kConflict (something is there), kIo. After an error `dir` may hold some of the files.
Status InitHome(const std::filesystem::path& dir);

}  // namespace candour::home
