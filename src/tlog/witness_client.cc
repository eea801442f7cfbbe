#include "tlog/witness_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tlog/checkpoint.h"
#include "tlog/note.h"
#include "tlog/witness_request.h"

namespace candour::tlog {
namespace {

constexpr int kOk = 200;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kUnprocessable = 422;
constexpr int kTooManyRequests = 429;
constexpr int kServerError = 500;

std::unexpected<Error> Refused(const VerifierKey& witness, const char* message, const char* next) {
  return Fail(Error{.code = ErrorCode::kWitnessRefused, .message = message}
                  .Found(witness.name())
                  .Next(next));
}

std::unexpected<Error> OtherHistory(const VerifierKey& witness, const char* message) {
  return Fail(Error{.code = ErrorCode::kWitnessHistory, .message = message}
                  .Found(witness.name())
                  .FixBy("the operator of the log")
                  .Next("find out whether an older state of the log was restored, and publish "
                        "nothing more until that is known"));
}

/// The error for every answer that is neither a cosignature nor a size.
std::unexpected<Error> RefusalError(const VerifierKey& witness, int status) {
  switch (status) {
    case kForbidden:
      return Refused(witness, "The witness does not trust the key that signed the checkpoint.",
                     "at the witness: candour witness add-log, with the log's present key");
    case kNotFound:
      return Refused(witness, "The witness does not know the log, or is not at this address.",
                     "at the witness: candour witness add-log");
    case kUnprocessable:
      return OtherHistory(
          witness, "The witness has cosigned a tree that this checkpoint does not continue.");
    case kConflict:
      return Refused(witness, "The witness does not keep to one size of the log.",
                     "try again later");
    default:
      break;
  }
  if (status == kTooManyRequests || status >= kServerError) {
    return Fail(
        Error{.code = ErrorCode::kUnavailable, .message = "The witness cannot cosign at present."}
            .Found(fmt::format("{} answers {}", witness.name(), status))
            .Next("try again later"));
  }
  return Refused(witness, "The witness's answer is not one of its protocol.",
                 "check the witness's address");
}

/// The cosignature in an answer's body. The witness chose the body, so what it signed is compared
/// with what it was asked to sign: an empty line in the body would move the note's boundary.
Result<Cosignature> ReadCosignature(const VerifierKey& witness, const std::string& text,
                                    const std::string& body) {
  std::string note = text;
  note += '\n';
  note += body;
  const Result<UncheckedNote> parsed = ParseNote(note);
  if (!parsed || parsed->text != text) {
    return Refused(witness, "The witness's answer is not a list of signatures.",
                   "check the witness's address");
  }
  CANDOUR_ASSIGN(const OpenedNote opened, OpenNote(note, std::span(&witness, 1)));
  const std::uint64_t time_s = opened.signatures.front().cosigned_at_s.value_or(0);
  if (time_s == 0) {
    return Refused(witness, "The witness's signature names no time.",
                   "tell the witness's operator");
  }
  const auto signature =
      std::ranges::find_if(parsed->signatures, [&witness](const NoteSignature& candidate) {
        return candidate.name == witness.name() && candidate.id == witness.id();
      });
  return Cosignature{.line = FormatSignatureLine(witness, signature->bytes),
                     .cosigned_at_s = time_s};
}

std::string EndpointOf(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url.append("/add-checkpoint");
}

}  // namespace

Result<Cosignature> RequestCosignature(WitnessTransport& transport, const WitnessAddress& witness,
                                       std::string_view note, std::uint64_t known_size,
                                       const ProveFrom& prove_from) {
  if (witness.key.type() != SignatureType::kCosignature) {
    return Fail(ErrorCode::kInvalidArgument, "The key is not one of a witness.");
  }
  CANDOUR_ASSIGN(const UncheckedNote parsed, ParseNote(note));
  CANDOUR_ASSIGN(const Checkpoint checkpoint, ParseCheckpoint(parsed.text));
  const std::string endpoint = EndpointOf(witness.url);

  std::uint64_t old_size = std::min(known_size, checkpoint.size);
  for (int attempt = 0;; ++attempt) {
    WitnessRequest request{.old_size = old_size, .checkpoint = std::string(note)};
    if (old_size > 0 && old_size < checkpoint.size) {
      CANDOUR_ASSIGN(request.proof, prove_from(old_size));
    }
    CANDOUR_ASSIGN(const std::string body, EncodeWitnessRequest(request));
    CANDOUR_ASSIGN(const WitnessReply reply, transport.Post(endpoint, body));
    if (reply.status == kOk) return ReadCosignature(witness.key, parsed.text, reply.body);

    const std::optional<std::uint64_t> size = SizeOf(reply);
    if (size && *size > checkpoint.size) {
      return OtherHistory(witness.key, "The witness has cosigned a longer log than this one.");
    }
    if (!size || *size == old_size || attempt > 0) return RefusalError(witness.key, reply.status);
    old_size = *size;
  }
}

}  // namespace candour::tlog
