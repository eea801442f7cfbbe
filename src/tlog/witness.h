#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "tlog/checkpoint.h"
#include "tlog/cosignature.h"
#include "tlog/witness_reply.h"
#include "tlog/witness_request.h"
#include "tlog/witness_store.h"

namespace candour::tlog {

/// A witness: it cosigns a log's checkpoint only if that continues the last one it cosigned, so
/// that a log which shows two histories cannot have both cosigned.
///
/// What it cosigned is durable before the cosignature is given out, and of two requests from the
/// same tree at most one wins, over threads and processes. It cannot notice that its own store was
/// put back to an earlier state: that is for its operator never to do.
///
/// Threads: any. Source: c2sp.org/tlog-witness.
class Witness {
 public:
  /// `clock` must outlive the witness.
  Witness(WitnessStore store, Cosigner cosigner, const Clock& clock);

  const VerifierKey& verifier_key() const { return cosigner_.verifier_key(); }

  /// Answers the body of an `add-checkpoint` request, with a cosignature if all holds. The
  /// cosignature's time never goes back for a log, even if the clock does.
  ///
  /// After an I/O error it answers 503 for good: the operating system may have lost what was
  /// written, and a second try that succeeds would prove nothing.
  /// Cost: linear in the request, a signature check for each of its log signatures, one signature
  /// and one sync of the store.
  WitnessReply AddCheckpoint(std::string_view body);

  /// The checkpoint cosigned last, with the log's signatures and the cosignature, of the log whose
  /// origin has this SHA-256 in lower-case hexadecimal. Nothing when there is none.
  Result<std::optional<std::string>> LatestCheckpoint(std::string_view origin_hash) const;

 private:
  /// A checkpoint whose log signatures are true.
  struct Believed {
    Checkpoint checkpoint;
    std::string text;  ///< what was signed
    std::string note;  ///< `text` with the signatures of the log's known keys and no others
  };
  using Refusable = std::expected<Believed, WitnessReply>;

  Refusable Believe(std::string_view note) const;
  WitnessReply Cosign(const WitnessRequest& request, const Believed& believed);
  WitnessReply Failed(const Error& error) const;

  mutable std::mutex mutex_;  ///< over store_
  WitnessStore store_;
  Cosigner cosigner_;
  const Clock& clock_;
  mutable std::atomic<bool> broken_ = false;  ///< an I/O error came
};

}  // namespace candour::tlog
