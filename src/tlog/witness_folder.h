#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "tlog/verifier_key.h"
#include "tlog/witness.h"
#include "tlog/witness_store.h"

namespace candour::tlog {

/// Makes a witness in `folder`, a new one or an empty one: its key in `witness.key` (mode 0600) and
/// its store in `witness.sqlite`; durable on return. Returns the public key, to be published.
///
/// A key without its store is refused: a witness that forgot what it cosigned would cosign a second
/// history. Errors: kKeyForm (`name` is no key's name), kConflict (there is a witness or its key
/// already), kIo.
Result<VerifierKey> CreateWitness(const std::filesystem::path& folder, const std::string& name);

/// Opens the store of the witness in `folder`, to add logs. Errors: as WitnessStore::Open.
Result<WitnessStore> OpenWitnessStore(const std::filesystem::path& folder);

/// Opens the witness in `folder`. `clock` must outlive it. Errors: as WitnessStore::Open, and
/// kNotFound, kHomePermissions, kCorruption (see crypto::ReadRootKey).
Result<std::unique_ptr<Witness>> OpenWitness(const std::filesystem::path& folder,
                                             const Clock& clock);

}  // namespace candour::tlog
