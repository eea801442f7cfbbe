#pragma once

#include <optional>
#include <string>

#include "door/organisation.h"

namespace candour::door {

/// The door without its record: decides, parses, rewrites and runs as gate::Access does, on engines
/// that stay open, so that a test can ask tens of thousands of times. What it answers is checked
/// against gate::Access by the tests that use it.
///
/// It holds what was in force when it was made.
class QuickDoor {
 public:
  QuickDoor(gate::Setting setting, std::string use, int threads = 1);

  /// The columns, rows, marks and error of an access; `report` is not filled in.
  Answer Ask(const std::string& sql);

  const policy::Decision& decision() const { return decision_; }
  const gate::OpenedDataset& opened(std::size_t dataset) const { return opened_.at(dataset); }

  /// The plan of the last statement that passed the rewriter.
  const gate::Plan& plan() const { return plan_; }

 private:
  Status Run(Answer& answer);

  gate::Setting setting_;
  policy::Decision decision_;
  std::vector<gate::OpenedDataset> opened_;
  std::optional<engine::Database> parser_;
  std::optional<engine::Database> engine_;
  gate::Plan plan_;
};

}  // namespace candour::door
