#include "ledger/statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/canonical_json.h"
#include "base/encoding.h"
#include "crypto/sha256.h"
#include "tlog/note.h"

namespace candour::ledger {
namespace {

using nlohmann::json;

constexpr std::string_view kStart = R"({"body":{)";
constexpr const char* kForm = "statement";
constexpr int kVersion = 1;

std::unexpected<Error> NoStatement(std::string_view reason) {
  return Fail(Error{.code = ErrorCode::kStatementForm,
                    .message = fmt::format("This is not a whole statement: {}.", reason)}
                  .Next("use the file as it was given, unchanged and whole"));
}

std::string HexOf(const crypto::Digest& digest) { return HexEncode(BytesOf(digest)); }

json ProofJson(const MembershipProof& proof) {
  json leaves = json::array();
  for (const PlacedLeaf& placed : proof.leaves) {
    json hashes = json::array();
    for (const crypto::Digest& hash : placed.proof) hashes.push_back(HexOf(hash));
    leaves.push_back(
        {{"hashes", std::move(hashes)}, {"index", placed.index}, {"leaf", HexOf(placed.leaf)}});
  }
  return {{"leaves", std::move(leaves)}, {"member", proof.member}};
}

json SetJson(const StatementSet& set) {
  json proofs = json::array();
  for (const MembershipProof& proof : set.proofs) proofs.push_back(ProofJson(proof));
  return {{"proofs", std::move(proofs)}, {"receipt", set.receipt}};
}

Result<json> AccessJson(const StatementAccess& access) {
  const StatementWords& words = access.words;
  json one = {{"started", access.started},
              {"words",
               {{"datasets", words.datasets},
                {"own", words.own},
                {"purpose", words.purpose},
                {"title", words.title},
                {"why", words.why}}}};
  if (!access.finished.empty()) one["finished"] = access.finished;
  if (access.silence) {
    CANDOUR_ASSIGN(json value, ParseCanonicalJson(access.silence->value));
    one["silence"] = {{"blinding", HexEncode(access.silence->blinding)},
                      {"value", std::move(value)}};
  }
  return one;
}

Result<std::string> EncodeBody(const PersonStatement& statement) {
  json accesses = json::array();
  for (const StatementAccess& access : statement.accesses) {
    CANDOUR_ASSIGN(json one, AccessJson(access));
    accesses.push_back(std::move(one));
  }
  json sets = json::array();
  for (const StatementSet& set : statement.sets) sets.push_back(SetJson(set));
  json keys = json::array();
  for (const std::string& key : statement.keys) keys.push_back(HexEncode(key));
  return CanonicalJson(
      {{"accesses", std::move(accesses)},
       {"checkpoints",
        {{"accesses", statement.accesses_checkpoint}, {"choices", statement.choices_checkpoint}}},
       {"choices", statement.choices},
       {"keys", std::move(keys)},
       {"made", FormatTime(statement.made)},
       {"origin", statement.origin},
       {"period", {{"from", FormatTime(statement.from)}, {"to", FormatTime(statement.to)}}},
       {"person", statement.person},
       {"sets", std::move(sets)}});
}

Result<std::string> EncodeFile(std::string_view body, const std::string& note) {
  CANDOUR_ASSIGN(const std::string signed_by, CanonicalJson(note));
  return fmt::format(R"({{"body":{},"candour":{},"form":"{}","note":{}}})"
                     "\n",
                     body, kVersion, kForm, signed_by);
}

/// Thrown and caught within this file: a part that is not written as it must be.
struct WrongPart {};

template <class T>
T Take(const Result<T>& part) {
  if (!part) throw WrongPart();
  return *part;
}

crypto::Digest DigestOf(const json& part) {
  const std::string bytes = Take(HexDecode(part.get<std::string>()));
  crypto::Digest digest = {};
  if (bytes.size() != digest.size()) throw WrongPart();
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

MembershipProof ProofFrom(const json& part) {
  MembershipProof proof{.member = part.at("member").get<bool>()};
  for (const json& leaf : part.at("leaves")) {
    PlacedLeaf placed{.index = leaf.at("index").get<std::uint64_t>(),
                      .leaf = DigestOf(leaf.at("leaf"))};
    for (const json& hash : leaf.at("hashes")) placed.proof.push_back(DigestOf(hash));
    proof.leaves.push_back(std::move(placed));
  }
  return proof;
}

StatementSet SetFrom(const json& part) {
  StatementSet set{.receipt = part.at("receipt").get<std::string>()};
  for (const json& proof : part.at("proofs")) set.proofs.push_back(ProofFrom(proof));
  return set;
}

StatementAccess AccessFrom(const json& part) {
  const json& words = part.at("words");
  StatementAccess access{.started = part.at("started").get<std::string>(),
                         .finished = part.value("finished", ""),
                         .words = {.title = words.at("title").get<std::string>(),
                                   .purpose = words.at("purpose").get<std::string>(),
                                   .why = words.at("why").get<std::string>(),
                                   .own = words.at("own").get<bool>()}};
  for (const json& dataset : words.at("datasets")) {
    access.words.datasets.push_back(dataset.get<std::string>());
  }
  if (part.contains("silence")) {
    const json& silence = part.at("silence");
    access.silence = Opening{.path = "/body/silence",
                             .name = "silence",
                             .blinding = Take(HexDecode(silence.at("blinding").get<std::string>())),
                             .value = Take(CanonicalJson(silence.at("value")))};
  }
  return access;
}

PersonStatement StatementFrom(const json& body) {
  const auto time = [](const json& part) { return Take(ParseTime(part.get<std::string>())); };
  const json& checkpoints = body.at("checkpoints");
  PersonStatement statement{.origin = body.at("origin").get<std::string>(),
                            .person = body.at("person").get<std::string>(),
                            .from = time(body.at("period").at("from")),
                            .to = time(body.at("period").at("to")),
                            .made = time(body.at("made")),
                            .accesses_checkpoint = checkpoints.at("accesses").get<std::string>(),
                            .choices_checkpoint = checkpoints.at("choices").get<std::string>()};
  for (const json& key : body.at("keys")) {
    statement.keys.push_back(Take(HexDecode(key.get<std::string>())));
  }
  for (const json& access : body.at("accesses")) statement.accesses.push_back(AccessFrom(access));
  for (const json& set : body.at("sets")) statement.sets.push_back(SetFrom(set));
  for (const json& choice : body.at("choices")) {
    statement.choices.push_back(choice.get<std::string>());
  }
  return statement;
}

}  // namespace

std::string StatementSignerName(const std::string& home_origin) {
  return fmt::format("{}/statements", home_origin);
}

std::string StatementNoteText(const std::string& signer, std::string_view digest) {
  return fmt::format("candour/statement/v1\n{}\n{}\n", signer, Base64Encode(digest));
}

bool IsStatement(std::string_view text) { return text.starts_with(kStart); }

Result<std::string> EncodeStatement(const PersonStatement& statement, const tlog::Signer& signer) {
  CANDOUR_ASSIGN(const std::string body, EncodeBody(statement));
  const crypto::Digest digest = crypto::Sha256(body);
  CANDOUR_ASSIGN(const std::string note,
                 tlog::SignNote(StatementNoteText(signer.verifier_key().name(), BytesOf(digest)),
                                {&signer, 1}));
  CANDOUR_ASSIGN(std::string file, EncodeFile(body, note));
  if (file.size() <= kMaxStatementSize) return file;
  return Fail(Error{.code = ErrorCode::kExhausted,
                    .message = "The statement is larger than a file of one may be."}
                  .Expected("64 MiB at most")
                  .Next("ask for a shorter period"));
}

Result<UncheckedStatement> DecodeStatement(std::string_view text) {
  if (text.size() > kMaxStatementSize) return NoStatement("it is larger than 64 MiB");
  if (!text.ends_with('\n')) return NoStatement("its end is missing");
  const auto file = ParseCanonicalJson(text.substr(0, text.size() - 1));
  if (!file || !file->is_object()) return NoStatement("it is not canonical JSON");
  try {
    UncheckedStatement read{.statement = StatementFrom(file->at("body")),
                            .note = file->at("note").get<std::string>()};
    // Whatever else stands in it, or stands in it otherwise, comes out here.
    CANDOUR_ASSIGN(const std::string body, EncodeBody(read.statement));
    CANDOUR_ASSIGN(const std::string again, EncodeFile(body, read.note));
    if (again != text) return NoStatement("it has other parts than those of its form");
    read.digest = BytesOf(crypto::Sha256(body));
    return read;
  } catch (const json::exception&) {
    return NoStatement("a part is missing or of another kind");
  } catch (const WrongPart&) {
    return NoStatement("a part is not written as it must be");
  }
}

}  // namespace candour::ledger
