#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "tlog/note.h"
#include "tlog/quorum.h"
#include "tlog/verifier_key.h"

namespace candour::tlog {

/// What a log says of itself: so many entries, under this root. A value.
struct Checkpoint {
  std::string origin;  ///< which log
  std::uint64_t size = 0;
  crypto::Digest root = {};
  std::vector<std::string> extensions;  ///< further lines, of no meaning here; we write none

  bool operator==(const Checkpoint&) const = default;
};

/// The text of a checkpoint, to be signed as a note. It has one line each for the origin, the size
/// in decimal and the root in base64, then the extensions.
/// Errors: kInvalidArgument (an origin or extension that is empty or holds a newline).
/// Source: c2sp.org/tlog-checkpoint.
Result<std::string> FormatCheckpoint(const Checkpoint& checkpoint);

/// Reads the one form that FormatCheckpoint writes. Nothing is to be believed of a text that
/// nobody signed: see OpenCheckpoint. Errors: kReceiptForm.
Result<Checkpoint> ParseCheckpoint(std::string_view text);

/// Whom to believe about a log.
struct LogTrust {
  std::string origin;                  ///< the log that is expected
  std::vector<VerifierKey> log_keys;   ///< its keys, of type kNote; more than one after a rotation
  std::vector<VerifierKey> witnesses;  ///< of type kCosignature; may be empty
  std::optional<Quorum> quorum;        ///< whose cosignatures it takes; none: all of `witnesses`
};

/// A checkpoint that the log itself has signed.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::vector<VerifiedSignature> cosignatures;  ///< true ones of known witnesses; enough of them
};

/// Opens the signed note of a checkpoint. A witness's signature never stands in for the log's own.
/// Errors: kReceiptForm, kReceiptSignature (no log key signed it, or a signature of a known key is
/// false), kReceiptOrigin (it is of another log), kReceiptWitnesses (too few witnesses signed it).
/// Cost and threads: as OpenNote.
Result<SignedCheckpoint> OpenCheckpoint(std::string_view note, const LogTrust& trust);

}  // namespace candour::tlog
