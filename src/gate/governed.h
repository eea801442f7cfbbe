#pragma once

#include <string>

#include "policy/decision.h"

namespace candour::gate {

/// The SQL of a dataset as a decision opens it: permitted people's rows, granted columns, masks.
///
/// Columns: c0, c1, … in the order of the plan; for a dataset with people also ok, p and r0.
/// `number`: the dataset's place in the decision, which names its file and its permission set.
/// The text is our own; it holds no user input but literals of declared row categories.
std::string GovernedSql(const policy::DatasetPlan& plan, std::size_t number);

/// What a masked value may look like: an expression that cannot fail on any value.
/// `column`: a quoted column name.
std::string MaskSql(const catalogue::Field& field, catalogue::Mask mask, const std::string& column);

}  // namespace candour::gate
