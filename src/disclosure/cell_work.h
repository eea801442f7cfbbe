#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "disclosure/protect.h"

namespace candour::disclosure {

/// The work of publishing one table: a scratch table of its cells under names of our own (k0 … for
/// keys, v0 … for figures, p0 … for the people behind them, s0 … for "too few"), numbered by key.
///
/// The steps are called in the order they stand. Errors of each: kInternal. Threads: one at a time.
class CellWork {
 public:
  CellWork(engine::Database& engine, const CellTable& cells);

  /// Copies the raw cells and marks the figures with too few people and the rows that fold.
  Status Mark();

  /// Replaces the rows that fold by one row with null keys.
  Status Fold();

  /// Picks, for each figure that needs it, the cell that is protected to cover the others.
  Status Complement();

  /// Writes the published table.
  Status Write();

  /// Drops the scratch table and the raw one, whatever has been done.
  Status Drop();

 private:
  Status Run(std::string_view sql);
  Result<std::vector<std::int64_t>> Numbers(std::string_view sql);

  std::string Folds() const;
  std::string FoldedFigure(std::size_t figure, std::int64_t people) const;
  Result<std::int64_t> PickComplement(std::size_t figure);

  engine::Database& engine_;
  const CellTable& cells_;
  std::string scratch_;                   ///< quoted
  std::vector<std::int64_t> complement_;  ///< per figure: the cell that covers; 0: none
};

}  // namespace candour::disclosure
