#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "ledger/statement_check.h"
#include "rights/person_accesses.h"

namespace candour::rights {

/// An access of a statement as a line of the list that people read.
AccessLine LineOf(const ledger::StatedAccess& access);

/// A statement that was checked, as the person reads it: what was done, use by use, newest first;
/// what they chose; what all that shows and what it does not. Up to 96 columns.
///
/// It says the same to everybody about what may not be told yet. Threads: any.
std::string StatementText(const ledger::CheckedStatement& statement);

/// The same as data: person, period, made, logs, accesses, choices.
nlohmann::json StatementJson(const ledger::CheckedStatement& statement);

}  // namespace candour::rights
