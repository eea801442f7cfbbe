#pragma once

#include <cstdint>
#include <filesystem>

#include "ledger/ledger.h"

namespace candour::bench {

/// Makes a ledger whose log of accesses has `entries` entries, half of them `started` and half
/// `finished` as the door writes them, in `folder`, where nothing is yet.
///
/// Many batches go into the log without the queue before it, which is what makes it quick. The
/// vault gets the private halves of the last batches only: opening asks for no others.
Status MakeLargeLedger(const std::filesystem::path& folder, std::uint64_t entries);

}  // namespace candour::bench
