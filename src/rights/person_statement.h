#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "people/register.h"
#include "rights/look_up.h"

namespace candour::rights {

/// The period of a statement: from the first moment, up to but not including the second.
struct StatementPeriod {
  UtcTime from;
  UtcTime to;
};

/// The period that two texts name: dates, of which the second is the last day of it, or moments in
/// RFC 3339. An empty `from` is the beginning, an empty `to` now; nothing reaches beyond now.
/// Errors: kUsage (no times; it ends before it begins).
Result<StatementPeriod> ReadPeriod(const std::string& from, const std::string& to, UtcTime now);

/// Makes a person's statement: the bytes of a file (docs/formats/statement.md).
///
/// A look-up with its own record, which falls outside the period. What people are not told of yet
/// is left out. Waits for trees of sets that are not there yet. `progress`: 0 to 1; may be empty.
/// Errors: of LookUp::Admit; kNotFound (no such person); of the ledger. Cost: one tree for each
/// distinct set (2 microseconds a member), 0.3 ms for each receipt. Threads: one at a time.
Result<std::string> MakeStatement(const gate::Setting& setting, ledger::Ledger& ledger,
                                  const people::Register& people, const PersonRequest& request,
                                  const StatementPeriod& period,
                                  const std::function<void(double)>& progress = {});

}  // namespace candour::rights
