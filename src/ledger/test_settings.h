#pragma once

#include <filesystem>

#include "ledger/ledger.h"

namespace candour::ledger {

/// A ledger in `folder` with a key of nobody's and its checkpoint store beside it, published only
/// when it is closed, without trees over sets. For tests and benchmarks only.
inline LedgerSettings TestSettings(const std::filesystem::path& folder,
                                   storage::Filesystem& files = storage::MachineFilesystem()) {
  static const crypto::Secret vault_key(32);
  std::filesystem::path checkpoints = folder;
  checkpoints += ".checkpoints";
  return {.folder = folder,
          .origin = "example.org/test",
          .signing_key =
              [](int generation) {
                crypto::Secret key(32);
                key.Fill()[0] = static_cast<std::uint8_t>(generation - 1);
                return key;
              },
          .vault_key = vault_key,
          .checkpoint_file = checkpoints,
          .publish_every = std::chrono::milliseconds(0),
          .prove_sets = false,
          .files = files};
}

}  // namespace candour::ledger
