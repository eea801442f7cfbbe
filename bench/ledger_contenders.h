#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "ledger_load.h"

namespace candour::bench {

/// Appends an entry and takes its receipt, or, with `accesses`, begins an access, whose private
/// half goes into the vault, and takes its receipt. The ledger publishes twice a second.
std::unique_ptr<Contender> CandourContender(const std::filesystem::path& folder, bool accesses);

/// One record a transaction in SQLite (write-ahead log, synchronous=FULL), over one connection that
/// callers take in turn, or with `many`, one for each caller.
std::unique_ptr<Contender> SqliteContender(const std::filesystem::path& folder, bool many);

/// One record a transaction in PostgreSQL with default durability, a connection for each caller, by
/// a prepared statement that gives the record's number.
///
/// `connection`: a libpq connection string of a superuser of a scratch cluster, in which the table
/// `entry` is made anew. `commit_delay_us`: how long a commit waits for others to share its sync.
std::unique_ptr<Contender> PostgresContender(std::string connection, int commit_delay_us);

}  // namespace candour::bench
