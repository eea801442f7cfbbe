#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace candour::governed {

/// One directive of a golden file; see README.md for the language.
struct Step {
  std::string verb;
  std::vector<std::string> words;  ///< what follows the verb, split at blanks
  std::string text;                ///< of `query`: the SQL; of `says`: the words
  std::vector<std::string> lines;  ///< of `expect` and `data`: up to "----"
  int line = 0;
};

/// A golden file, understood: the right verbs with the right number of words, every query judged.
struct Script {
  std::string file;
  std::vector<Step> steps;
};

/// Reads a golden file. Errors: kDeclarationSyntax with file and line.
Result<Script> ParseScript(std::string_view text, const std::string& file);

}  // namespace candour::governed
