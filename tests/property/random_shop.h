#pragma once

#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "door/organisation.h"

namespace candour::door {

/// Draws numbers; the same seed draws the same.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}
  int Below(int limit) { return static_cast<int>(random_() % static_cast<std::uint32_t>(limit)); }
  bool OneIn(int limit) { return Below(limit) == 0; }
  template <class T>
  const T& Pick(const std::vector<T>& items) {
    return items[static_cast<std::size_t>(Below(static_cast<int>(items.size())))];
  }

 private:
  std::mt19937 random_;
};

/// A value of a row as text; nothing: null.
using Cell = std::optional<std::string>;

/// A row as the test knows it.
struct NaiveRow {
  RecordNo record = 0;
  Cell category;
  std::vector<Cell> cells;  ///< one a field of the contract
};

/// A small shop with random people, rows, choices, merges and splits, and what the test itself
/// knows of them. It shares no code with the product but the rules of consent written twice.
class RandomShop {
 public:
  explicit RandomShop(std::uint32_t seed);

  Organisation& organisation() { return organisation_; }
  Dice& dice() { return dice_; }

  /// A few random choices, merges and splits.
  void Change();

  /// Declares a random use and gives its number in `organisation().uses`.
  std::size_t AddUse(policy::Output output);

  /// Whether everybody behind the record permits the use of this dataset.
  bool Permits(const policy::Use& use, const policy::Grant& grant, RecordNo record);

  const std::vector<NaiveRow>& RowsOf(std::string_view dataset) const {
    return rows_.at(std::string(dataset));
  }
  const std::vector<RecordNo>& GroupOf(RecordNo record) const;
  const catalogue::Dataset& DatasetOf(std::string_view name) const;

 private:
  void MakePeople();
  void MakeRows();
  void Publish(const std::string& dataset);
  void Choose();
  void Merge();
  void Split();

  Organisation organisation_;
  Dice dice_;
  std::map<std::string, std::vector<RecordNo>> records_;  ///< of each dataset
  std::map<std::string, std::vector<NaiveRow>> rows_;
  std::vector<std::vector<RecordNo>> groups_;  ///< records of each person
  std::vector<consent::Choice> choices_;
};

/// A dataset as a use may see it, worked out row by row: hidden rows dropped, masks applied, the
/// pseudonym as `person` and the record as `zz_record`. SQL that makes and fills the table in a
/// plain engine.
std::vector<std::string> NaiveTableSql(RandomShop& shop, const policy::Use& use,
                                       const policy::Grant& grant);

}  // namespace candour::door
