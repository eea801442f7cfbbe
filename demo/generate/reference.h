#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/database.h"

namespace candour::demo {

/// Names with how often each is to be drawn, as running sums.
struct WeightedNames {
  std::vector<std::string> names;
  std::vector<std::uint64_t> cumulative;

  void Add(std::string name, std::uint64_t weight);
};

struct Postcode {
  std::string text;
  std::string district;
  double latitude = 0;
  double longitude = 0;
};

/// A loyalty-card household of the Complete Journey.
struct Household {
  std::string id;
  std::string age;  ///< band such as "45-54"; empty when the household did not tell
};

/// An Essex ward in which the community fund made a grant.
struct CauseWard {
  std::string code;
  std::string name;
  std::string district;
  double latitude = 0;
  double longitude = 0;
  int grants = 0;
};

/// What the generator reads of the real data, all in a fixed order.
struct Reference {
  std::map<int, std::array<WeightedNames, 2>> first_names;  ///< by decade; [0] men, [1] women
  WeightedNames surnames;
  std::vector<Postcode> postcodes;
  std::vector<Household> households;
  std::vector<std::string> electrical_customers;
  std::vector<CauseWard> wards;
};

/// Reads the folder demo/data. Errors: kDataInvalid naming the file that could not be read.
Result<Reference> ReadReference(engine::Database& database, const std::filesystem::path& data);

}  // namespace candour::demo
