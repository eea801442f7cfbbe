#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace candour::demo {

/// How many members the demo has, and the seed they are grown from.
inline constexpr std::size_t kMembers = 20'000;
inline constexpr std::uint64_t kSeed = 1844;  // the year of the Rochdale Pioneers

/// Writes the demo's generated tables into the folder `out`, which is made if it is not there:
/// members_register, members_cause_choices, insurance_policies, funeralcare_plans, legal_matters,
/// truth (CSV) and food_products (Parquet). The same data and seed give the same bytes.
/// `data`: the folder demo/data. Errors: kDataInvalid, kIo, naming the file.
Status Generate(const std::filesystem::path& data, const std::filesystem::path& out,
                std::uint64_t seed = kSeed);

}  // namespace candour::demo
