#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "consent/choice.h"
#include "crypto/secret.h"
#include "home/declarations.h"

namespace candour::home {

/// What a unit's own flags say at the moment.
struct FlagReading {
  std::int64_t rows = 0;
  std::vector<consent::Choice> choices;  ///< one per record, for ChoiceStore::ReplaceSource
};

/// Reads the flags of `mapping` in the present version of its dataset, as `declarations` have it.
/// Errors: kDatasetEmpty, kDataInvalid (the version was adopted before the contract had the field),
/// kCorruption, kIo. Cost: one scan. Personal data: flags stay in the result.
Result<FlagReading> ReadFlags(const std::filesystem::path& state_dir,
                              const consent::Mapping& mapping, const Declarations& declarations,
                              const crypto::Secret& key_encryption_key, UtcTime now);

/// The mappings of `declared` that are new or differ from what is in force.
std::vector<const consent::Mapping*> ChangedMappings(const Declarations& in_force,
                                                     const Declarations& declared);

/// Whether flags cannot be read only because no data has come yet that has them: then the next
/// adopt reads them.
bool WaitsForData(const Error& error);

}  // namespace candour::home
