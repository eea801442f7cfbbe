#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/sha256.h"
#include "merkle/inclusion_proof.h"
#include "tlog/checkpoint.h"

namespace candour::tlog {

/// Limits of a receipt.
inline constexpr std::size_t kMaxReceiptSize = 1 << 20;  // bytes
inline constexpr std::size_t kMaxProofHashes = 63;
/// Of its index and of its checkpoint's size. C2SP sets no limit, but beyond this one JavaScript no
/// longer counts exactly, and all verifiers must judge a receipt alike.
inline constexpr std::uint64_t kMaxReceiptNumber = (std::uint64_t{1} << 53) - 1;

/// A receipt: that an entry stands in a log, to be checked offline and for ever. A value; nothing
/// in it is to be believed before VerifyReceipt.
///
/// Source: c2sp.org/tlog-proof. Format: docs/formats/receipt.md.
struct ReceiptProof {
  std::string extra;        ///< the format vouches for nothing in it; ours carries the entry
  std::uint64_t index = 0;  ///< of the entry in the log, from 0
  merkle::InclusionProof hashes;
  std::string checkpoint;  ///< the signed note, byte for byte

  bool operator==(const ReceiptProof&) const = default;
};

/// Writes a receipt; an empty `extra` is left out.
/// Errors: kInvalidArgument (more than 63 hashes, over 1 MiB, an index beyond kMaxReceiptNumber,
/// a checkpoint that is no note).
Result<std::string> EncodeReceipt(const ReceiptProof& receipt);

/// Reads the one form that EncodeReceipt writes. Errors: kReceiptForm.
/// Cost: linear. Threads: any.
Result<ReceiptProof> DecodeReceipt(std::string_view text);

/// Checks that a log which `trust` believes has the entry with hash `leaf` (merkle::LeafHash) at
/// the receipt's index, and returns the signed checkpoint that says so.
///
/// The leaf hash must be computed from the entry itself, never taken from where the receipt came
/// from. Ours carry the entry as `extra`: its hash binds the two together.
/// Errors: kReceiptForm, kReceiptSignature, kReceiptOrigin, kReceiptWitnesses (see OpenCheckpoint),
/// kProofInvalid.
Result<SignedCheckpoint> VerifyReceipt(const ReceiptProof& receipt, const crypto::Digest& leaf,
                                       const LogTrust& trust);

}  // namespace candour::tlog
