#include "intake/column_match.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace candour::intake {
namespace {

std::string FieldNameOf(std::string_view column) {
  std::string name(column);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (std::string_view(" ./-").contains(c)) c = '_';
  }
  return name;
}

std::vector<std::string> FieldNamesOf(const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const std::string& column : columns) names.push_back(FieldNameOf(column));
  return names;
}

Error MismatchError(const catalogue::Dataset& dataset, const std::string& message,
                    const std::vector<std::string>& fields) {
  return Error{.code = ErrorCode::kDataInvalid,
               .message = message,
               .where = dataset.where,
               .expected = fmt::format("one column each for: {}", fmt::join(fields, ", ")),
               .next = "correct the source, or the contract of " + dataset.name};
}

}  // namespace

Result<ColumnMatch> MatchColumns(const catalogue::Dataset& dataset,
                                 const std::vector<std::string>& columns) {
  const std::vector<std::string> names = FieldNamesOf(columns);
  ColumnMatch match;
  std::vector<bool> taken(columns.size(), false);
  std::vector<std::string> missing;
  std::vector<std::string> ambiguous;
  for (const catalogue::Field& field : dataset.fields) {
    const auto first = std::ranges::find(names, field.name);
    if (first == names.end()) {
      missing.push_back(field.name);
      continue;
    }
    if (std::find(first + 1, names.end(), field.name) != names.end()) {
      ambiguous.push_back(field.name);
    }
    match.column_of.push_back(static_cast<std::size_t>(first - names.begin()));
    taken[match.column_of.back()] = true;
  }
  if (!missing.empty()) {
    return Fail(MismatchError(dataset, "the source lacks a declared field", missing));
  }
  if (!ambiguous.empty()) {
    return Fail(MismatchError(dataset, "the source has two columns for one field", ambiguous));
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!taken[i]) match.ignored.push_back(columns[i]);
  }
  return match;
}

}  // namespace candour::intake
