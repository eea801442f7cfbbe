#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "ledger/witness_panel.h"

namespace candour::home {

/// The witnesses that a home's `witnesses.policy` names (docs/formats/witness.md), with the way to
/// them; null when it has no such file.
/// Errors: those of tlog::Policy::Parse, kDeclarationInvalid (too large, or a link), kIo.
Result<std::shared_ptr<const ledger::Witnesses>> ReadWitnesses(
    const std::filesystem::path& dir, std::shared_ptr<tlog::WitnessTransport> transport);

}  // namespace candour::home
