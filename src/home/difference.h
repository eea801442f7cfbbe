#pragma once

#include <string>
#include <vector>

#include "base/yaml.h"

namespace candour::home {

/// What differs between two declarations, one line of words each, in the order of the text:
/// "threshold: 10 → 5", "principals: adds marketer", "grants food.transactions: dropped".
///
/// Comments, layout and the order of keys make no difference. Entries of a list are matched by what
/// names them (property, name, username, server, dataset), so that a field that moved is no change.
/// Long texts are not quoted: "text: reworded". Cost: product of the lists' lengths at worst.
std::vector<std::string> DescribeDifference(const YamlNode& before, const YamlNode& after);

}  // namespace candour::home
