#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace candour {

/// The least number of letters to insert, delete, replace or swap with a neighbour so that `a`
/// becomes `b`, each stretch of text changed once (optimal string alignment).
///
/// Case does not count. Cost: product of the lengths; both are cut at 64 bytes first.
/// Source: Damerau 1964; Levenshtein 1966.
int EditDistance(std::string_view a, std::string_view b);

/// The candidate most like `word`, or "" when none is near enough to be what was meant (more than
/// a third of the letters differ).
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean X?", or the whole list when nothing is near and the list is short, or "".
std::string SuggestName(std::string_view word, const std::vector<std::string>& candidates);

/// `text` as an error may show it: in quotes, control characters as dots, cut at 60 bytes.
std::string Quoted(std::string_view text);

/// The names with commas between them.
std::string JoinNames(const std::vector<std::string>& names);

}  // namespace candour
