#pragma once

#include <string_view>
#include <vector>

namespace candour::door {

/// Conditions on an order that fail, overflow, convert or probe a boundary on some value that only
/// hidden rows hold, or that change which blocks of rows the engine skips.
const std::vector<std::string_view>& Conditions();

/// Whole statements with %s for a condition: the places where a condition can stand.
const std::vector<std::string_view>& RowForms();
const std::vector<std::string_view>& FigureForms();

/// Whole statements of kinds that do not fit a form.
const std::vector<std::string_view>& RowStatements();
const std::vector<std::string_view>& FigureStatements();

}  // namespace candour::door
