#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "storage/filesystem.h"
#include "storage/journal.h"
#include "tlog/checkpoint.h"

namespace candour::ledger {

/// The checkpoint that was published last in a log's public folder, if `key` signed it.
/// Errors: kNotFound, kIo, those of tlog::OpenCheckpoint.
Result<tlog::Checkpoint> ReadPublished(storage::Filesystem& files,
                                       const std::filesystem::path& folder,
                                       const tlog::VerifierKey& key);

/// Publishes a signed checkpoint, whose tiles are written already; durable on return. Errors: kIo.
Status WritePublished(storage::Filesystem& files, const std::filesystem::path& folder,
                      std::string_view note);

/// Holds every tile that was published for a tree of `size` against the journal, whose entries are
/// right. Errors: kLedgerCorrupt, naming the tile and its first bad byte; kIo.
Status VerifyTiles(storage::Filesystem& files, const std::filesystem::path& folder,
                   const storage::Journal& journal, std::uint64_t size);

}  // namespace candour::ledger
