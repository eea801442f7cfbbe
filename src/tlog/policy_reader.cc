#include "tlog/policy_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tlog/line.h"

namespace candour::tlog {
namespace {

constexpr std::string_view kNone = "none";
constexpr std::string_view kBlanks = " \t";

std::vector<std::string_view> WordsOf(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = line.find_first_not_of(kBlanks);
    if (begin == line.npos) return words;
    line.remove_prefix(begin);
    words.push_back(line.substr(0, line.find_first_of(kBlanks)));
    line.remove_prefix(words.back().size());
  }
}

bool IsAllowed(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

std::string UrlOf(const std::vector<std::string_view>& words, std::size_t place) {
  return words.size() > place ? std::string(words[place]) : std::string();
}

}  // namespace

Error PolicyReader::Wrong(ErrorCode code, const char* message) const {
  return Error{.code = code, .message = message}.At({.file = file_, .line = line_});
}

Result<Policy> PolicyReader::Read(std::string_view text) {
  if (text.size() > kMaxPolicySize) {
    return Fail(Wrong(ErrorCode::kDeclarationInvalid, "The policy is larger than 256 KiB."));
  }
  while (!text.empty()) {
    ++line_;
    const auto line = TakeLine(text);
    if (!line) {
      return Fail(Wrong(ErrorCode::kDeclarationInvalid, "A line of the policy is cut off.")
                      .Expected("a newline at the end of every line"));
    }
    CANDOUR_TRY(ReadLine(*line));
  }
  if (!has_quorum_) {
    return Fail(Wrong(ErrorCode::kDeclarationInvalid, "The policy has no quorum.")
                    .Expected("one line quorum <name>, or quorum none"));
  }
  return std::move(policy_);
}

Status PolicyReader::ReadLine(std::string_view line) {
  if (!std::ranges::all_of(line, IsAllowed)) {
    return Fail(Wrong(ErrorCode::kDeclarationInvalid, "The policy holds a control character."));
  }
  const Words words = WordsOf(line);
  if (words.empty() || words.front().starts_with('#')) return {};
  if (words.front() == "log") return ReadLog(words);
  if (words.front() == "witness") return ReadWitness(words);
  if (words.front() == "group") return ReadGroup(words);
  if (words.front() == "quorum") return ReadQuorum(words);
  return Fail(Wrong(ErrorCode::kDeclarationInvalid, "The policy has a line of no known kind.")
                  .Expected("log, witness, group, quorum or a comment"));
}

Status PolicyReader::ReadLog(const Words& words) {
  if (words.size() < 2 || words.size() > 3) {
    return Fail(Wrong(ErrorCode::kDeclarationInvalid, "A log of the policy has not its form.")
                    .Expected("log <vkey> [<url>]"));
  }
  CANDOUR_ASSIGN(VerifierKey key, ReadKey(words[1], SignatureType::kNote));
  if (std::ranges::any_of(policy_.logs_,
                          [&key](const auto& log) { return log.key.key() == key.key(); })) {
    return Fail(Wrong(ErrorCode::kDeclarationDuplicate, "Two logs of the policy have one key."));
  }
  policy_.logs_.push_back({.key = std::move(key), .url = UrlOf(words, 2)});
  return {};
}

Status PolicyReader::ReadWitness(const Words& words) {
  if (words.size() < 3 || words.size() > 4) {
    return Fail(Wrong(ErrorCode::kDeclarationInvalid, "A witness of the policy has not its form.")
                    .Expected("witness <name> <vkey> [<url>]"));
  }
  CANDOUR_TRY(CheckNewName(words[1]));
  CANDOUR_ASSIGN(VerifierKey key, ReadKey(words[2], SignatureType::kCosignature));
  if (std::ranges::any_of(policy_.witnesses_,
                          [&key](const auto& other) { return other.key.key() == key.key(); })) {
    return Fail(
        Wrong(ErrorCode::kDeclarationDuplicate, "Two witnesses of the policy have one key."));
  }
  names_.emplace_back(words[1]);
  policy_.quorum_.components_.push_back({.witness = key});
  policy_.witnesses_.push_back(
      {.name = names_.back(), .key = std::move(key), .url = UrlOf(words, 3)});
  return {};
}

Status PolicyReader::ReadGroup(const Words& words) {
  if (words.size() < 4) {
    return Fail(Wrong(ErrorCode::kDeclarationInvalid, "A group of the policy has not its form.")
                    .Expected("group <name> all|any|<k> <member>..."));
  }
  CANDOUR_TRY(CheckNewName(words[1]));
  Quorum::Component group;
  for (std::size_t i = 3; i < words.size(); ++i) {
    CANDOUR_ASSIGN(const std::size_t member, Find(words[i]));
    if (!taken_.insert(member).second) {
      return Fail(Wrong(ErrorCode::kDeclarationDuplicate,
                        "A witness or group of the policy is a member twice.")
                      .Found(std::string(words[i])));
    }
    group.members.push_back(member);
  }
  CANDOUR_ASSIGN(group.threshold, ReadThreshold(words[2], group.members.size()));
  names_.emplace_back(words[1]);
  policy_.quorum_.components_.push_back(std::move(group));
  return {};
}

Status PolicyReader::ReadQuorum(const Words& words) {
  if (words.size() != 2) {
    return Fail(Wrong(ErrorCode::kDeclarationInvalid, "The quorum of the policy has not its form.")
                    .Expected("quorum <name>, or quorum none"));
  }
  if (has_quorum_) {
    return Fail(Wrong(ErrorCode::kDeclarationDuplicate, "The policy has two quorum lines."));
  }
  has_quorum_ = true;
  if (words[1] == kNone) return {};
  CANDOUR_ASSIGN(policy_.quorum_.asked_, Find(words[1]));
  return {};
}

Result<VerifierKey> PolicyReader::ReadKey(std::string_view text, SignatureType type) const {
  Result<VerifierKey> key = VerifierKey::Parse(text, type);
  if (!key) return Fail(std::move(key).error().At({.file = file_, .line = line_}));
  return key;
}

Result<std::size_t> PolicyReader::ReadThreshold(std::string_view text, std::size_t members) const {
  if (text == "any") return std::size_t{1};
  if (text == "all") return members;
  const auto threshold = ParseDecimal(text);
  if (!threshold || *threshold < 1 || *threshold > members) {
    return Fail(Wrong(ErrorCode::kDeclarationInvalid, "A group's threshold cannot be reached.")
                    .Expected(fmt::format("any, all, or a number from 1 to {}", members)));
  }
  return static_cast<std::size_t>(*threshold);
}

Status PolicyReader::CheckNewName(std::string_view name) const {
  const bool is_taken = std::ranges::find(names_, name) != names_.end();
  if (name == kNone || is_taken) {
    return Fail(
        Wrong(ErrorCode::kDeclarationDuplicate, "A name of the policy means something already.")
            .Found(std::string(name)));
  }
  return {};
}

Result<std::size_t> PolicyReader::Find(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) {
    return Fail(Wrong(ErrorCode::kDeclarationUnknownName,
                      "The policy refers to a witness or group that no line above defines.")
                    .Found(std::string(name)));
  }
  return static_cast<std::size_t>(found - names_.begin());
}

}  // namespace candour::tlog
