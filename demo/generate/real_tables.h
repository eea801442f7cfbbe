#pragma once

#include <filesystem>

#include "base/result.h"
#include "engine/database.h"

namespace candour::demo {

/// Writes food_products.parquet: the real product list with a column `sensitive_category`, which
/// says what a basket that holds the product could give away ("candour:medicines", …; null when
/// nothing). A product without category is "candour:unclassified": what is not known to be harmless
/// is not treated as such.
Status WriteProducts(engine::Database& database, const std::filesystem::path& data,
                     const std::filesystem::path& file);

/// Counts the real files and refuses when they are not the ones the demo speaks of: 75,000 till
/// lines of 2,377 households, 541,909 order lines of which 135,080 without customer, 7,721 grants
/// of GBP 19,447,824.38. Errors: kDataInvalid naming the file.
Status CheckSums(engine::Database& database, const std::filesystem::path& data);

}  // namespace candour::demo
