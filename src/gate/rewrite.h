#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "disclosure/protect.h"
#include "gate/syntax.h"
#include "policy/decision.h"

namespace candour::gate {

/// Names by which the rewritten statement reaches what the door gives the engine.
inline constexpr const char* kPermittedFunction = "candour_permitted_";  ///< + dataset's number
inline constexpr const char* kPersonFunction = "candour_person";
inline constexpr const char* kPeopleFunction = "candour_people";
inline constexpr const char* kPseudonymFunction = "candour_pseudonym";
inline constexpr const char* kDatasetAlias = "d";  ///< + dataset's number in the decision

/// A group by people in an aggregates use: run first, protected, and only then seen by the rest.
struct Stage {
  std::string sql;  ///< gives keys, figures and the people behind each
  disclosure::CellTable cells;
};

/// A column that leaves.
struct OutputColumn {
  std::string name;
  int companion = -1;  ///< index of the result column that says why it is protected; -1: none
};

/// What will run instead of the user's statement.
struct Plan {
  std::vector<Stage> stages;
  std::string sql;
  std::vector<OutputColumn> columns;  ///< the first columns of the result
  std::vector<int> records;           ///< result columns that carry the record numbers of a row
  bool computes = false;  ///< with values of rows: the engine's statistics must be kept out of it
  bool exact_records = false;         ///< `records` names everybody in the rows that leave
  std::vector<std::size_t> datasets;  ///< which of the decision's datasets are read
};

/// Rewrites one statement under a decision: every base table becomes its governed relation, user
/// expressions are put under the guard, aggregates of people become stages, and everything that is
/// not on the lists is refused.
///
/// `tree`: the parsed node of `sql`. `syntax`: the parser and printer.
/// Errors: kSqlUnknownTable, kSqlUnknownColumn, kSqlAmbiguous, kDeniedDataset, kDeniedField,
/// kDeniedConstruct, kDeniedFunction, kDeniedAggregate; each with its place in the SQL.
/// Cost: linear in the tree, and one print-and-parse per stage. Threads: any, with its own syntax.
Result<Plan> Rewrite(Syntax& syntax, std::string_view sql, const Json& tree,
                     const policy::Decision& decision);

}  // namespace candour::gate
