#pragma once

#include <filesystem>

#include "attacked_log.h"

namespace candour::crash {

/// The ledger's journal, in segments of about `segment_bytes`. In `folder`, which exists.
Target JournalTarget(std::uint64_t segment_bytes, std::filesystem::path folder = "/journal");

}  // namespace candour::crash
