#include "tlog/receipt_proof.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/encoding.h"
#include "tlog/line.h"

namespace candour::tlog {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

std::unexpected<Error> Malformed(const char* message) {
  return Fail(Error{.code = ErrorCode::kReceiptForm, .message = message}.Next(
      "use the receipt as it was given, unchanged, from its first line to its last"));
}

/// The hashes up to the empty line, which is taken too.
Result<merkle::InclusionProof> TakeHashes(std::string_view& text) {
  merkle::InclusionProof hashes;
  while (true) {
    const auto line = TakeLine(text);
    if (!line) return Malformed("The receipt's second half is missing.");
    if (line->empty()) return hashes;
    if (hashes.size() == kMaxProofHashes) {
      return Malformed("The receipt's proof has more than 63 hashes.");
    }
    const auto hash = ParseDigest(*line);
    if (!hash) return Malformed("A line of the receipt's proof is not a hash in base64.");
    hashes.push_back(*hash);
  }
}

}  // namespace

Result<std::string> EncodeReceipt(const ReceiptProof& receipt) {
  if (receipt.hashes.size() > kMaxProofHashes) {
    return Fail(ErrorCode::kInvalidArgument, "A receipt's proof has at most 63 hashes.");
  }
  if (receipt.index > kMaxReceiptNumber) {
    return Fail(ErrorCode::kInvalidArgument, "A receipt's index is at most 2^53 - 1.");
  }
  if (!ParseNote(receipt.checkpoint)) {
    return Fail(ErrorCode::kInvalidArgument, "A receipt's checkpoint is a signed note.");
  }
  std::string text;
  text.reserve(receipt.extra.size() * 4 / 3 + receipt.hashes.size() * 45 +
               receipt.checkpoint.size() + 64);
  text += kFirstLine;
  if (!receipt.extra.empty()) {
    text += '\n';
    text += kExtra;
    text += Base64Encode(receipt.extra);
  }
  text += fmt::format("\n{}{}\n", kIndex, receipt.index);
  for (const crypto::Digest& hash : receipt.hashes) {
    text += FormatDigest(hash);
    text += '\n';
  }
  text += '\n';
  text += receipt.checkpoint;
  if (text.size() > kMaxReceiptSize) {
    return Fail(ErrorCode::kInvalidArgument, "A receipt has at most 1 MiB.");
  }
  return text;
}

Result<ReceiptProof> DecodeReceipt(std::string_view text) {
  if (text.size() > kMaxReceiptSize) return Malformed("The receipt is larger than 1 MiB.");
  ReceiptProof receipt;
  if (TakeLine(text) != kFirstLine) {
    return Malformed("The receipt does not begin with c2sp.org/tlog-proof@v1.");
  }
  auto line = TakeLine(text);
  if (line && line->starts_with(kExtra)) {
    const Result<std::string> extra = Base64Decode(line->substr(kExtra.size()));
    if (!extra || extra->empty()) return Malformed("The receipt's extra line is not base64.");
    receipt.extra = *extra;
    line = TakeLine(text);
  }
  const auto index =
      line && line->starts_with(kIndex) ? ParseDecimal(line->substr(kIndex.size())) : std::nullopt;
  if (!index || *index > kMaxReceiptNumber) {
    return Malformed("The receipt's index is missing or not a plain number up to 2^53 - 1.");
  }
  receipt.index = *index;
  CANDOUR_ASSIGN(receipt.hashes, TakeHashes(text));
  CANDOUR_TRY(ParseNote(text));
  receipt.checkpoint = text;
  return receipt;
}

Result<SignedCheckpoint> VerifyReceipt(const ReceiptProof& receipt, const crypto::Digest& leaf,
                                       const LogTrust& trust) {
  CANDOUR_ASSIGN(SignedCheckpoint opened, OpenCheckpoint(receipt.checkpoint, trust));
  if (opened.checkpoint.size > kMaxReceiptNumber) {
    return Malformed("The receipt's checkpoint has a size beyond 2^53 - 1.");
  }
  CANDOUR_TRY(merkle::VerifyInclusion(receipt.index, opened.checkpoint.size, leaf, receipt.hashes,
                                      opened.checkpoint.root));
  return opened;
}

}  // namespace candour::tlog
