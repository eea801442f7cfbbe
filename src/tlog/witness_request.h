#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "merkle/consistency_proof.h"

namespace candour::tlog {

/// Limits of a request to a witness.
inline constexpr std::size_t kMaxWitnessRequestSize = 1 << 18;  // bytes
inline constexpr std::size_t kMaxConsistencyLines = 63;

/// What a log asks of a witness: to cosign `checkpoint`, which continues the tree of `old_size`
/// entries that the witness cosigned last. A value; nothing in it is to be believed.
struct WitnessRequest {
  std::uint64_t old_size = 0;  ///< 0 when the witness has cosigned nothing of this log
  merkle::ConsistencyProof proof;
  std::string checkpoint;  ///< the signed note, byte for byte

  bool operator==(const WitnessRequest&) const = default;
};

/// Writes the body of an `add-checkpoint` request.
/// Errors: kInvalidArgument (more than 63 hashes, no checkpoint, over 256 KiB).
/// Source: c2sp.org/tlog-witness. Format: docs/formats/witness.md.
Result<std::string> EncodeWitnessRequest(const WitnessRequest& request);

/// Reads the one form that EncodeWitnessRequest writes. The checkpoint is not looked into.
/// Errors: kReceiptForm. Cost: linear. Threads: any.
Result<WitnessRequest> DecodeWitnessRequest(std::string_view body);

}  // namespace candour::tlog
