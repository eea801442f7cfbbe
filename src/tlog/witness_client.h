#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "merkle/consistency_proof.h"
#include "tlog/verifier_key.h"
#include "tlog/witness_reply.h"

namespace candour::tlog {

/// How a request reaches a witness; http::HttpWitnessTransport is the one over HTTP.
class WitnessTransport {
 public:
  virtual ~WitnessTransport() = default;

  /// Posts `body` to `url` and returns what came back, whatever its status. It ends within a bound
  /// of its own, and reads no more than kMaxWitnessReplySize bytes.
  /// Errors: kUnavailable (no answer), kInvalidArgument (not a URL that it can reach).
  virtual Result<WitnessReply> Post(const std::string& url, const std::string& body) = 0;
};

/// Where a witness is and whom to believe to be it.
struct WitnessAddress {
  std::string url;  ///< the submission prefix, as a policy file has it
  VerifierKey key;  ///< of type kCosignature
};

/// Proves that the tree of the checkpoint continues that of the first `size` entries. It is asked
/// for sizes above 0 and below the checkpoint's only.
using ProveFrom = std::function<Result<merkle::ConsistencyProof>(std::uint64_t size)>;

/// A cosignature that was checked.
struct Cosignature {
  std::string line;  ///< to be put under the checkpoint's note, its newline included
  std::uint64_t cosigned_at_s = 0;
};

/// Asks a witness to cosign `note`, a checkpoint that its log has signed. `known_size` is the size
/// that the witness cosigned last as far as the caller knows, or 0; when the witness names another,
/// it is asked once more from there. Nothing that comes back is believed unchecked.
///
/// Errors: kReceiptForm (`note` is no checkpoint), kInvalidArgument (a key of another type),
/// kUnavailable (no answer, or the witness is out of order), kWitnessRefused (it does not know the
/// log or its key, or its answer is not of the protocol), kWitnessHistory (it has seen a longer
/// log, or one that this checkpoint does not continue), kReceiptSignature (its signature is false),
/// those of `prove_from`. Threads: any that `transport` allows.
/// Source: c2sp.org/tlog-witness.
Result<Cosignature> RequestCosignature(WitnessTransport& transport, const WitnessAddress& witness,
                                       std::string_view note, std::uint64_t known_size,
                                       const ProveFrom& prove_from);

}  // namespace candour::tlog
