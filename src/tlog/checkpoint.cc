#include "tlog/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "tlog/line.h"

namespace candour::tlog {
namespace {

std::unexpected<Error> Malformed(const char* message) {
  return Fail(Error{.code = ErrorCode::kReceiptForm, .message = message}.Next(
      "use the file as it was given, unchanged and whole"));
}

bool IsLine(std::string_view text) { return !text.empty() && text.find('\n') == text.npos; }

/// Whether the witnesses that cosigned are those that it takes.
bool IsEnough(const std::vector<VerifiedSignature>& cosignatures, const LogTrust& trust) {
  if (trust.quorum) return trust.quorum->IsSatisfied(cosignatures);
  return std::ranges::all_of(trust.witnesses, [&cosignatures](const VerifierKey& witness) {
    return std::ranges::find(cosignatures, witness, &VerifiedSignature::key) != cosignatures.end();
  });
}

}  // namespace

Result<std::string> FormatCheckpoint(const Checkpoint& checkpoint) {
  if (!IsLine(checkpoint.origin) || !std::ranges::all_of(checkpoint.extensions, IsLine)) {
    return Fail(ErrorCode::kInvalidArgument,
                "An origin or extension of a checkpoint is one line that is not empty.");
  }
  std::string text = fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size,
                                 FormatDigest(checkpoint.root));
  for (const std::string& extension : checkpoint.extensions) {
    text += extension;
    text += '\n';
  }
  return text;
}

Result<Checkpoint> ParseCheckpoint(std::string_view text) {
  Checkpoint checkpoint;
  const auto origin = TakeLine(text);
  if (!origin || origin->empty()) return Malformed("The checkpoint names no log.");
  checkpoint.origin = *origin;

  const auto size_line = TakeLine(text);
  const auto size = size_line ? ParseDecimal(*size_line) : std::nullopt;
  if (!size) return Malformed("The checkpoint's size is not a plain number.");
  checkpoint.size = *size;

  const auto root_line = TakeLine(text);
  const auto root = root_line ? ParseDigest(*root_line) : std::nullopt;
  if (!root) return Malformed("The checkpoint's root is not a hash in base64.");
  checkpoint.root = *root;

  while (!text.empty()) {
    const auto extension = TakeLine(text);
    if (!extension) return Malformed("The end of the checkpoint is missing.");
    if (extension->empty()) return Malformed("The checkpoint has an empty line.");
    checkpoint.extensions.emplace_back(*extension);
  }
  return checkpoint;
}

Result<SignedCheckpoint> OpenCheckpoint(std::string_view note, const LogTrust& trust) {
  std::vector<VerifierKey> keys = trust.log_keys;
  std::ranges::copy(trust.witnesses, std::back_inserter(keys));
  CANDOUR_ASSIGN(OpenedNote opened, OpenNote(note, keys));

  SignedCheckpoint result;
  bool log_signed = false;
  for (VerifiedSignature& signature : opened.signatures) {
    if (signature.cosigned_at_s) {
      result.cosignatures.push_back(std::move(signature));
    } else {
      log_signed =
          log_signed || std::ranges::find(trust.log_keys, signature.key) != trust.log_keys.end();
    }
  }
  if (!log_signed) {
    return Fail(Error{.code = ErrorCode::kReceiptSignature,
                      .message = "The log's own key has not signed the checkpoint."}
                    .Next("check that the key and the file are of the same log"));
  }
  CANDOUR_ASSIGN(result.checkpoint, ParseCheckpoint(opened.text));
  if (result.checkpoint.origin != trust.origin) {
    return Fail(Error{.code = ErrorCode::kReceiptOrigin,
                      .message = "The checkpoint is of another log than the one expected."}
                    .Expected(trust.origin)
                    .Found(result.checkpoint.origin)
                    .Next("check which log the file should be from"));
  }
  if (!IsEnough(result.cosignatures, trust)) {
    return Fail(
        Error{.code = ErrorCode::kReceiptWitnesses,
              .message = "Too few of the witnesses that are known have signed."}
            .Expected(trust.quorum ? "as many as the policy says" : "all of them")
            .Found(fmt::format("{} of {}", result.cosignatures.size(), trust.witnesses.size()))
            .Next("ask for a newer one: witnesses sign some time after the log does"));
  }
  return result;
}

}  // namespace candour::tlog
