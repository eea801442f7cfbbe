#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/signer.h"
#include "tlog/verifier_key.h"

namespace candour::tlog {

/// Limits of a note; the format asks for at least 16 signatures.
inline constexpr std::size_t kMaxNoteSize = 1 << 20;  // bytes
inline constexpr std::size_t kMaxSignatures = 100;

/// A signature as a note carries it, by whomever it may be.
struct NoteSignature {
  std::string name;    ///< of the key
  VerifierKey::Id id;  ///< of the key
  std::string bytes;   ///< at least one
};

/// A note taken apart. Nothing in it is to be believed: no signature was checked.
struct UncheckedNote {
  std::string text;  ///< what was signed, its last newline included
  std::vector<NoteSignature> signatures;
};

/// A signature that was checked and is true.
struct VerifiedSignature {
  VerifierKey key;
  std::optional<std::uint64_t> cosigned_at_s;  ///< a witness's own time, seconds since 1970
};

/// A note that at least one known key has signed.
struct OpenedNote {
  std::string text;                           ///< what was signed, its last newline included
  std::vector<VerifiedSignature> signatures;  ///< one for each known key that signed
};

/// Takes a note apart, without checking signatures.
/// Errors: kReceiptForm (no text or no signatures, a line that is no signature, over 1 MiB or 100
/// signatures, control bytes other than newline, not UTF-8). Cost: linear. Threads: any.
/// Source: c2sp.org/signed-note, "Format".
Result<UncheckedNote> ParseNote(std::string_view note);

/// Opens a note for one who knows `keys`. Signatures of other keys are ignored; every one that
/// bears a known key's name and id is checked, and one false one refuses the note. A key that
/// signed more than once counts once, with its first signature.
/// Errors: kReceiptForm (as ParseNote), kReceiptSignature (a false one, or no known key signed).
/// Cost: linear, and 0.2 ms for each signature checked. Threads: any.
Result<OpenedNote> OpenNote(std::string_view note, std::span<const VerifierKey> keys);

/// Signs `text` with every signer: the whole note. Ed25519 is deterministic, so the same text and
/// keys always give the same note. Errors: kInvalidArgument (no signers or two with one key; a
/// text that cannot be a note's: empty, not ending in a newline, not UTF-8, control bytes, too
/// large).
Result<std::string> SignNote(std::string_view text, std::span<const Signer> signers);

/// The line that carries a signature, its newline included; a note grows by such lines.
std::string FormatSignatureLine(const VerifierKey& key, std::string_view signature);

}  // namespace candour::tlog
