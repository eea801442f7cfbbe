#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/silence.h"
#include "ledger/statement.h"
#include "tlog/checkpoint.h"
#include "tlog/verifier_key.h"

namespace candour::ledger {

/// Whom to believe about the statements of one home.
struct StatementTrust {
  std::string origin;                         ///< of the home
  std::vector<tlog::VerifierKey> statements;  ///< keys of the name "<origin>/statements"
  tlog::LogTrust accesses;
  tlog::LogTrust choices;
};

/// Sorts a home's public keys by their names: "<origin>/statements", "<origin>/accesses" and
/// "<origin>/choices", the last two also with what follows after a restore. More than one of a name
/// after a rotation. Errors: kKeyForm (one is missing, or they are of several homes or lives).
Result<StatementTrust> MakeStatementTrust(std::span<const tlog::VerifierKey> keys);

/// One access of a statement: what its entries say, and what the proofs show.
struct StatedAccess {
  std::uint64_t index = 0;    ///< of the `started` entry
  UtcTime time;               ///< when it happened
  bool in_emergency = false;  ///< recorded apart, and taken into the ledger later
  std::string use;
  std::string purpose;
  std::string recipient;
  std::string output;
  std::vector<std::string> datasets;
  std::string outcome;             ///< empty while it is not finished
  std::optional<bool> released;    ///< the person's row left, or did not; none: cannot be told
  std::optional<Silence> silence;  ///< people were told of it later
  StatementWords words;
};

/// One choice of a statement, as it was recorded.
struct StatedChoice {
  std::uint64_t index = 0;  ///< in the log of choices
  UtcTime time;
  nlohmann::json value;
};

/// What a statement says, once all of it was found to hold.
struct CheckedStatement {
  std::string origin;
  std::string person;
  UtcTime from;
  UtcTime to;
  UtcTime made;
  tlog::Checkpoint accesses_checkpoint;
  tlog::Checkpoint choices_checkpoint;
  std::vector<StatedAccess> accesses;  ///< oldest first
  std::vector<StatedChoice> choices;
};

/// Checks a statement by itself; nothing is asked of a home or of the network: the signature over
/// all of it; both checkpoints; every receipt; that each access lies in the period and included a
/// record with one of the person's keys; whether a row of theirs left; that choices are the
/// person's and open what their entries commit to; and that no two receipts show different logs.
///
/// It is then proven that the home has signed this list. That nothing which may be told was left
/// out is what the home answers for, and an independent reviewer checks.
/// Errors: kStatementForm, kReceiptForm, kReceiptSignature, kReceiptOrigin, kReceiptWitnesses,
/// kProofInvalid, kEntryForm, kCopyForm, kOpeningForm, kOpeningMismatch. Cost: 0.3 ms a receipt.
/// Threads: any.
Result<CheckedStatement> CheckStatement(std::string_view text, const StatementTrust& trust);

}  // namespace candour::ledger
