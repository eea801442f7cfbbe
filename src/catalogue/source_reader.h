#pragma once

#include <string>

#include "base/diagnostics.h"
#include "catalogue/contract.h"
#include "catalogue/dataset.h"

namespace candour::catalogue {

/// Reads the contract's one server: a local file (CSV, Parquet, JSON) or a PostgreSQL table.
///
/// Hosts are given by name; an address is refused, so that nobody reaches the machine's own
/// network services by number. Passwords do not belong in a contract: libpq finds them itself.
/// Errors: kDeclarationInvalid, kSourceNotAllowed into `diagnostics`.
Source ReadSource(const Contract& contract, const std::string& file, Diagnostics& diagnostics);

}  // namespace candour::catalogue
