#pragma once

#include <string>
#include <string_view>

#include "catalogue/dataset.h"

namespace candour::intake {

/// SQL that turns `column`, of the engine's type `source_type`, into the field's type; null where
/// the value is not one of that type.
///
/// Stricter than the engine's own cast, which rounds 1.7 to the integer 2, forgets the offset of a
/// time, and takes "infinity" for a date: integers have no fraction, times with an offset become
/// UTC and those without count as UTC, numbers and dates are finite. Decimals are rounded to the
/// two places the contract's type has.
std::string ConvertSql(catalogue::FieldType type, std::string_view source_type,
                       std::string_view column);

}  // namespace candour::intake
