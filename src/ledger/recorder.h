#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/bitmap.h"
#include "base/result.h"
#include "ledger/recorded.h"

namespace candour::ledger {

/// Where accesses are recorded: the ledger, or the record of an emergency while there is none.
///
/// What a method records is durable when it returns, so that nothing leaves that is not on record.
class Recorder {
 public:
  virtual ~Recorder() = default;

  /// Stores the set if it is new, durable on return, and gives its id.
  virtual Result<SetId> StoreSet(const Bitmap& records) = 0;

  /// Records that an access begins, and gives its number. `detail.started`, `time` are filled in.
  virtual Result<std::uint64_t> Started(AccessDetail detail) = 0;

  /// Records what came of it. `outcome` is a word of ours.
  virtual Status Finished(std::uint64_t started, const std::optional<SetId>& released,
                          std::int64_t rows, const std::string& outcome) = 0;

  /// Records anything else, such as a request that was refused; `body` holds no personal data.
  virtual Result<std::uint64_t> Append(EntryType type, const nlohmann::json& body) = 0;
};

}  // namespace candour::ledger
