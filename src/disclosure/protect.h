#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/database.h"

namespace candour::disclosure {

/// A group key of a table of figures.
struct KeyColumn {
  std::string name;
  bool public_domain = false;  ///< the contract declares all its values: cells may show their key
};

/// A figure, with the column that lists the people behind it.
struct FigureColumn {
  std::string name;
  std::string people;          ///< column of UINTEGER[]: up to `threshold` different people
  std::string companion;       ///< column to write: null, "small" or "complement"
  bool additive = false;       ///< figures of several cells add up (counts, sums)
  bool counts_people = false;  ///< count(distinct person): adds up over people, not cells
};

/// A table of figures about groups of people, and how to publish it.
struct CellTable {
  std::string raw;        ///< the table as computed; dropped once it is published
  std::string published;  ///< the table to make
  std::vector<KeyColumn> keys;
  std::vector<FigureColumn> figures;
  int threshold = 10;
};

/// Makes `cells.published` of `cells.raw`: a figure with fewer than `threshold` people behind it
/// becomes null with the companion "small". Where the people behind all protected cells of a figure
/// are together fewer than the threshold, another cell is protected too ("complement"), since a
/// total would give the cell away: one that covers another figure already, else the one with the
/// smallest absolute value. A row of which nothing may show and whose key is not public folds into
/// one row with null keys, the last. The published columns: keys, then each figure and its
/// companion.
///
/// `cells.raw` holds one row per cell; it is dropped, also when publishing fails. Tables are named
/// without a schema. See docs/algorithms/small_counts.md.
/// Errors: kInternal; its text holds nothing of the engine's. Cost: a few passes over the cells.
/// Threads: one at a time.
Status Publish(engine::Database& engine, const CellTable& cells);

}  // namespace candour::disclosure
