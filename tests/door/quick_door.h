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

  /// Runs text of the test's own on the engine that holds the data, past the rewriter.
  bool Fails(const std::string& sql) { return !EngineFor(false).Run(sql).has_value(); }

  const policy::Decision& decision() const { return decision_; }
  const gate::OpenedDataset& opened(std::size_t dataset) const { return opened_.at(dataset); }

  /// The plan of the last statement that passed the rewriter.
  const gate::Plan& plan() const { return plan_; }

 private:
  engine::Database& EngineFor(bool computes);
  Status Run(engine::Database& engine, Answer& answer);

  gate::Setting setting_;
  int threads_;
  policy::Decision decision_;
  std::vector<gate::OpenedDataset> opened_;
  std::optional<engine::Database> parser_;
  std::map<bool, engine::Database> engines_;  ///< by whether the plan computes
  gate::Plan plan_;
};

}  // namespace candour::door
