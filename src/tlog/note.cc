#include "tlog/note.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "tlog/cosignature.h"
#include "tlog/line.h"

namespace candour::tlog {
namespace {

constexpr std::string_view kSignatureStart = "\u2014 ";  // an em dash and a space

std::unexpected<Error> Malformed(const char* message) {
  return Fail(Error{.code = ErrorCode::kReceiptForm, .message = message}.Next(
      "use the file as it was given, unchanged and whole"));
}

/// What keeps `text` from being a note or a note's text; nullptr when nothing does.
const char* BadCharacters(std::string_view text) {
  if (text.size() > kMaxNoteSize) return "The signed note is larger than 1 MiB.";
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n'; };
  if (std::ranges::any_of(text, is_control)) return "The signed note holds control characters.";
  if (!IsUtf8(text)) return "The signed note is not UTF-8.";
  return nullptr;
}

Result<NoteSignature> ParseSignatureLine(std::string_view line) {
  if (!line.starts_with(kSignatureStart)) {
    return Malformed("A line under the signed note is not a signature.");
  }
  line.remove_prefix(kSignatureStart.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos || !IsKeyName(line.substr(0, space))) {
    return Malformed("A signature of the note has no proper name.");
  }
  const Result<std::string> decoded = Base64Decode(line.substr(space + 1));
  NoteSignature signature{.name = std::string(line.substr(0, space))};
  if (!decoded || decoded->size() <= signature.id.size()) {
    return Malformed("A signature of the note is not base64 of a signature.");
  }
  std::copy_n(decoded->begin(), signature.id.size(), signature.id.begin());
  signature.bytes = decoded->substr(signature.id.size());
  return signature;
}

/// Checks a signature that bears the name and id of `key`.
Result<VerifiedSignature> Check(const VerifierKey& key, std::string_view text,
                                std::string_view signature) {
  VerifiedSignature verified{.key = key};
  bool is_true = false;
  if (key.type() == SignatureType::kCosignature) {
    verified.cosigned_at_s = VerifyCosignature(key.key(), text, signature);
    is_true = verified.cosigned_at_s.has_value();
  } else {
    is_true = crypto::VerifyEd25519(key.key(), text, signature);
  }
  if (!is_true) {
    return Fail(
        Error{.code = ErrorCode::kReceiptSignature, .message = "A signature of the note is false."}
            .Found(fmt::format("a signature that claims to be by {}", key.name()))
            .Next("ask for the file again: it was changed after it was signed"));
  }
  return verified;
}

bool Names(const NoteSignature& signature, const VerifierKey& key) {
  return signature.name == key.name() && signature.id == key.id();
}

}  // namespace

Result<UncheckedNote> ParseNote(std::string_view note) {
  if (const char* const problem = BadCharacters(note)) return Malformed(problem);
  // The text may hold empty lines; the last one parts it from its signatures.
  const std::size_t gap = note.rfind("\n\n");
  if (gap == note.npos) return Malformed("The signed note has no signatures.");
  UncheckedNote parsed{.text = std::string(note.substr(0, gap + 1))};
  std::string_view rest = note.substr(gap + 2);
  if (rest.empty()) return Malformed("The signed note has no signatures.");
  while (!rest.empty()) {
    const auto line = TakeLine(rest);
    if (!line) return Malformed("The end of the signed note is missing.");
    if (parsed.signatures.size() == kMaxSignatures) {
      return Malformed("The signed note has more than 100 signatures.");
    }
    CANDOUR_ASSIGN(parsed.signatures.emplace_back(), ParseSignatureLine(*line));
  }
  return parsed;
}

Result<OpenedNote> OpenNote(std::string_view note, std::span<const VerifierKey> keys) {
  CANDOUR_ASSIGN(UncheckedNote parsed, ParseNote(note));
  OpenedNote opened{.text = std::move(parsed.text)};
  for (const NoteSignature& signature : parsed.signatures) {
    const auto key = std::ranges::find_if(
        keys, [&signature](const VerifierKey& known) { return Names(signature, known); });
    if (key == keys.end()) continue;
    CANDOUR_ASSIGN(VerifiedSignature verified, Check(*key, opened.text, signature.bytes));
    const bool again = std::ranges::any_of(
        opened.signatures, [&key](const VerifiedSignature& s) { return s.key == *key; });
    if (!again) opened.signatures.push_back(std::move(verified));
  }
  if (opened.signatures.empty()) {
    return Fail(Error{.code = ErrorCode::kReceiptSignature,
                      .message = "None of the keys that are trusted here has signed the note."}
                    .Next("check that the key and the file are of the same log"));
  }
  return opened;
}

std::string FormatSignatureLine(const VerifierKey& key, std::string_view signature) {
  std::string bytes(BytesOf(key.id()));
  bytes += signature;
  std::string line(kSignatureStart);
  line += key.name();
  line += ' ';
  line += Base64Encode(bytes);
  return line += '\n';
}

Result<std::string> SignNote(std::string_view text, std::span<const Signer> signers) {
  if (const char* const problem = BadCharacters(text)) {
    return Fail(ErrorCode::kInvalidArgument, problem);
  }
  if (text.empty() || text.back() != '\n') {
    return Fail(ErrorCode::kInvalidArgument, "The text of a note ends with a newline.");
  }
  if (signers.empty() || signers.size() > kMaxSignatures) {
    return Fail(ErrorCode::kInvalidArgument, "A note has between 1 and 100 signatures.");
  }
  std::string note(text);
  note += '\n';
  for (std::size_t i = 0; i < signers.size(); ++i) {
    const VerifierKey& key = signers[i].verifier_key();
    const auto is_same = [&key](const Signer& other) { return other.verifier_key() == key; };
    if (std::ranges::any_of(signers.first(i), is_same)) {
      return Fail(ErrorCode::kInvalidArgument, "A key signs a note once.");
    }
    note += FormatSignatureLine(key, signers[i].Sign(text));
  }
  if (note.size() > kMaxNoteSize) {
    return Fail(ErrorCode::kInvalidArgument, "The signed note is larger than 1 MiB.");
  }
  return note;
}

}  // namespace candour::tlog
