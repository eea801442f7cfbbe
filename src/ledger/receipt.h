#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "tlog/checkpoint.h"

namespace candour::ledger {

/// What a commitment in an entry was shown to stand for.
struct Opened {
  std::string path;  ///< where in the entry: a JSON pointer
  std::string name;
  nlohmann::json value;
};

/// What a receipt says, once all of it was found to hold.
struct CheckedReceipt {
  std::string origin;        ///< of the log
  std::uint64_t index = 0;   ///< of the entry in the log, from 0
  std::uint64_t size = 0;    ///< of the log when its checkpoint was signed
  crypto::Digest root = {};  ///< of the log then
  nlohmann::json entry;
  std::vector<Opened> openings;        ///< of a person's copy
  std::vector<std::string> witnesses;  ///< who signed the checkpoint beside the log
};

/// Checks a receipt, or a person's copy (a receipt with openings), by itself: nothing is asked of a
/// home or of the network.
///
/// `text`: as it was given, at most 1 MiB. See docs/formats/receipt.md.
/// Errors: kReceiptForm, kReceiptSignature, kReceiptOrigin, kReceiptWitnesses, kProofInvalid,
/// kEntryForm (no canonical JSON), kCopyForm, kOpeningForm, kOpeningMismatch (the copy shows
/// something else than was recorded). Threads: any.
Result<CheckedReceipt> CheckReceipt(std::string_view text, const tlog::LogTrust& trust);

}  // namespace candour::ledger
