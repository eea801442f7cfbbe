#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/value.h"
#include "gate/permission.h"
#include "gate/rewrite.h"
#include "ledger/recorder.h"

namespace candour::gate {

/// Who asks, under which use, what.
struct AccessRequest {
  std::string use;
  std::string principal;
  std::string sql;
  std::string os_user;  ///< recorded beside the principal
};

/// Why a figure is null; empty: it is not protected.
using Protection = std::string;

/// Where the answer goes. An error returned by either stops the access.
struct AnswerSink {
  /// Called once, before the first row.
  std::function<Status(const std::vector<engine::Column>&)> columns;
  /// One row; `protections` is as long as the row, or empty when nothing can be protected.
  std::function<Status(const std::vector<engine::Value>& row,
                       const std::vector<Protection>& protections)>
      row;
  /// How far figures are computed, 0 to 1; may be empty. Called from another thread, and no more
  /// once `columns` is called.
  std::function<void(double)> progress = {};
};

/// What an access did.
struct AccessReport {
  std::uint64_t number = 0;  ///< that the recorder gave it: of its `started` entry in the ledger
  policy::Output output = policy::Output::kAggregates;
  std::int64_t rows = 0;
  std::int64_t protected_figures = 0;
  std::int64_t available_people = 0;  ///< exact: for auditors, not for the one who asks
  int threshold = 0;
};

/// The door. Answers one request for data, or says why not.
///
/// decide → parse → rewrite → open the permitted people's data → record → run → minimise →
/// record → hand over. Nothing runs before `started` is durable. Figures are handed over once
/// `finished` is durable; rows stream while they are computed, and the set of people in them is
/// recorded when they end.
///
/// A refusal is recorded too, and its error says which rule refused, who can change that, and what
/// would be allowed. The engine's own error texts may quote data and never leave.
///
/// Errors: of Decide and Rewrite; kDatasetEmpty; kSqlExpression (an expression failed on a row that
/// may be seen); kExhausted; kLedgerReadOnly; of the recorder. Threads: one at a time.
Result<AccessReport> Access(const Setting& setting, ledger::Recorder& recorder,
                            const AccessRequest& request, const AnswerSink& sink);

/// Decides, parses and rewrites as Access does, and stops there: what would run, for `explain`.
struct Explanation {
  policy::Decision decision;
  Plan plan;
};
Result<Explanation> Explain(const Setting& setting, const AccessRequest& request);

}  // namespace candour::gate
