#include "tlog/witness.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "merkle/consistency_proof.h"
#include "merkle/hasher.h"
#include "tlog/note.h"

namespace candour::tlog {
namespace {

constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kUnprocessable = 422;
constexpr int kInternalError = 500;
constexpr int kUnavailable = 503;

/// `text` with those signatures of `note` that bear the name and id of one of `keys`.
std::string WithSignaturesOf(const UncheckedNote& note, std::span<const VerifierKey> keys) {
  std::string kept = note.text;
  kept += '\n';
  for (const NoteSignature& signature : note.signatures) {
    const auto key = std::ranges::find_if(keys, [&signature](const VerifierKey& known) {
      return known.name() == signature.name && known.id() == signature.id;
    });
    if (key != keys.end()) kept += FormatSignatureLine(*key, signature.bytes);
  }
  return kept;
}

/// Why `checkpoint` does not continue what was cosigned last; nullptr when it does.
const char* Inconsistency(const WitnessRequest& request, const Checkpoint& checkpoint,
                          const std::optional<CosignedTree>& latest) {
  if (checkpoint.size > std::numeric_limits<std::int64_t>::max()) {
    return "The checkpoint has a size that no log reaches.";
  }
  if (checkpoint.size == 0 && checkpoint.root != merkle::EmptyRoot()) {
    return "The checkpoint has no entries and another root than the empty tree's.";
  }
  // Every tree continues the empty one. A proof of that says nothing, so none may be there.
  if (request.old_size == 0) {
    return request.proof.empty() ? nullptr : "From the size 0 there is nothing to prove.";
  }
  const bool holds = merkle::VerifyConsistency(request.old_size, checkpoint.size, latest->root,
                                               checkpoint.root, request.proof)
                         .has_value();
  return holds ? nullptr : "The consistency proof does not hold.";
}

}  // namespace

Witness::Witness(WitnessStore store, Cosigner cosigner, const Clock& clock)
    : store_(std::move(store)), cosigner_(std::move(cosigner)), clock_(clock) {}

WitnessReply Witness::AddCheckpoint(std::string_view body) {
  const Result<WitnessRequest> request = DecodeWitnessRequest(body);
  if (!request) return RefusalReply(kBadRequest, request.error().message);
  const Refusable believed = Believe(request->checkpoint);
  if (!believed) return believed.error();
  if (request->old_size > believed->checkpoint.size) {
    return RefusalReply(kBadRequest, "The old size is above the checkpoint's size.");
  }
  return Cosign(*request, *believed);
}

Witness::Refusable Witness::Believe(std::string_view note) const {
  const Result<UncheckedNote> parsed = ParseNote(note);
  if (!parsed) return std::unexpected(RefusalReply(kBadRequest, parsed.error().message));
  Result<Checkpoint> checkpoint = ParseCheckpoint(parsed->text);
  if (!checkpoint) return std::unexpected(RefusalReply(kBadRequest, checkpoint.error().message));

  LogTrust trust{.origin = checkpoint->origin};
  {
    const std::lock_guard lock(mutex_);
    Result<std::vector<VerifierKey>> keys = store_.KeysOf(checkpoint->origin);
    if (!keys) return std::unexpected(Failed(keys.error()));
    trust.log_keys = *std::move(keys);
  }
  if (trust.log_keys.empty()) {
    return std::unexpected(RefusalReply(kNotFound, "This witness does not know the log."));
  }
  const Result<SignedCheckpoint> opened = OpenCheckpoint(note, trust);
  if (!opened) return std::unexpected(RefusalReply(kForbidden, opened.error().message));
  return Believed{.checkpoint = *std::move(checkpoint),
                  .text = parsed->text,
                  .note = WithSignaturesOf(*parsed, trust.log_keys)};
}

WitnessReply Witness::Cosign(const WitnessRequest& request, const Believed& believed) {
  const Checkpoint& checkpoint = believed.checkpoint;
  const std::lock_guard lock(mutex_);
  if (broken_) return RefusalReply(kUnavailable, "This witness could not write its store.");
  // Another process may have moved the store on between the look and the change; then once more.
  for (;;) {
    const Result<std::optional<CosignedTree>> latest = store_.Latest(checkpoint.origin);
    if (!latest) return Failed(latest.error());
    const std::uint64_t size = *latest ? (*latest)->size : 0;
    if (request.old_size != size) return SizeReply(size);
    if (const char* const problem = Inconsistency(request, checkpoint, *latest)) {
      return RefusalReply(kUnprocessable, problem);
    }
    // A time before the last one would contradict what was said then.
    const auto now_s =
        static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.Now().us / 1'000'000, 1));
    const CosignedTree next{.size = checkpoint.size,
                            .root = checkpoint.root,
                            .time_s = *latest ? std::max(now_s, (*latest)->time_s) : now_s};
    const Result<std::string> signature = cosigner_.Sign(believed.text, next.time_s);
    if (!signature) return Failed(signature.error());
    const std::string line = FormatSignatureLine(verifier_key(), *signature);
    const Result<bool> replaced =
        store_.Replace(checkpoint.origin, *latest, next, believed.note + line);
    if (!replaced) return Failed(replaced.error());
    if (*replaced)
      return {.status = kOk, .content_type = "text/plain; charset=utf-8", .body = line};
  }
}

Result<std::optional<std::string>> Witness::LatestCheckpoint(std::string_view origin_hash) const {
  const std::lock_guard lock(mutex_);
  return store_.LatestNote(origin_hash);
}

WitnessReply Witness::Failed(const Error& error) const {
  if (error.code == ErrorCode::kUnavailable) {
    return RefusalReply(kUnavailable, "This witness's store is busy; try again.");
  }
  if (error.code == ErrorCode::kIo || error.code == ErrorCode::kCorruption) broken_ = true;
  return RefusalReply(kInternalError, "This witness could not use its store.");
}

}  // namespace candour::tlog
