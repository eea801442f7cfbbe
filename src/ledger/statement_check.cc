#include "ledger/statement_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/canonical_json.h"
#include "ledger/commitment.h"
#include "ledger/entry.h"
#include "ledger/member_keys.h"
#include "ledger/receipt.h"
#include "tlog/note.h"

namespace candour::ledger {
namespace {

using nlohmann::json;

std::unexpected<Error> DoesNotHold(std::string_view reason) {
  return Fail(Error{.code = ErrorCode::kStatementForm,
                    .message = fmt::format("The statement contradicts itself: {}.", reason)}
                  .Next("keep the file, and ask the organisation how it came about"));
}

/// The receipts of one log, each held against those before it.
class ReceiptsOfOneLog {
 public:
  ReceiptsOfOneLog(const tlog::LogTrust& trust, const tlog::Checkpoint& last)
      : trust_(trust), last_(last) {
    roots_.emplace(last.size, last.root);
  }

  /// The entry with the type that is expected.
  Result<CheckedReceipt> Check(std::string_view text, EntryType type) {
    CANDOUR_ASSIGN(CheckedReceipt receipt, CheckReceipt(text, trust_));
    if (receipt.size > last_.size) return DoesNotHold("a receipt is newer than its checkpoint");
    if (roots_.emplace(receipt.size, receipt.root).first->second != receipt.root) {
      return DoesNotHold("two receipts show two different logs");
    }
    const json& entry = receipt.entry;
    if (!entry.is_object() || entry.value("type", json()) != json(ToString(type)) ||
        !entry.contains("body")) {
      return DoesNotHold(
          fmt::format("a receipt is of another entry than one of {}", ToString(type)));
    }
    return receipt;
  }

 private:
  const tlog::LogTrust& trust_;
  const tlog::Checkpoint& last_;
  std::map<std::uint64_t, crypto::Digest> roots_;
};

Result<Silence> SilenceFrom(const json& value) {
  try {
    CANDOUR_ASSIGN(const UtcTime until, ParseTime(value.at("until").get<std::string>()));
    return Silence{.ground = value.at("ground").get<std::string>(),
                   .until = until,
                   .review = value.at("then").get<std::string>() == "review"};
  } catch (const json::exception&) {
    return DoesNotHold("what a silence was is not said");
  }
}

/// Checks one statement part by part.
class Checker {
 public:
  Checker(const PersonStatement& statement, const StatementTrust& trust, CheckedStatement& checked)
      : statement_(statement),
        checked_(checked),
        accesses_(trust.accesses, checked.accesses_checkpoint),
        choices_(trust.choices, checked.choices_checkpoint) {}

  Status Run() {
    CANDOUR_TRY(CheckFrame());
    for (const StatementSet& set : statement_.sets) CANDOUR_TRY(CheckSet(set));
    for (const StatementAccess& access : statement_.accesses) CANDOUR_TRY(CheckAccess(access));
    if (named_.size() != members_.size()) {
      return DoesNotHold("it proves something of a set that no access names");
    }
    for (const std::string& copy : statement_.choices) CANDOUR_TRY(CheckChoice(copy));
    return {};
  }

 private:
  Status CheckFrame() const {
    if (statement_.from >= statement_.to || statement_.made < statement_.to) {
      return DoesNotHold("its period is none, or had not ended when it was made");
    }
    for (std::size_t i = 0; i < statement_.keys.size(); ++i) {
      if (statement_.keys[i].size() != MemberKeys::kKeyBytes ||
          (i > 0 && statement_.keys[i] <= statement_.keys[i - 1])) {
        return DoesNotHold("its keys are none, or not in order");
      }
    }
    return {};
  }

  bool InPeriod(UtcTime time) const { return statement_.from <= time && time < statement_.to; }

  Status CheckSet(const StatementSet& set) {
    CANDOUR_ASSIGN(const CheckedReceipt receipt, accesses_.Check(set.receipt, EntryType::kSetTree));
    const auto tree = DecodeSetTree(receipt.index, receipt.entry.dump());
    if (!tree) return DoesNotHold("the entry of a set's tree is none");
    if (set.proofs.size() != statement_.keys.size()) {
      return DoesNotHold("a set has not one proof for each key");
    }
    bool member = false;
    for (std::size_t i = 0; i < set.proofs.size(); ++i) {
      crypto::Secret key(MemberKeys::kKeyBytes);
      std::ranges::copy(statement_.keys[i], key.Fill());
      CANDOUR_TRY(CheckMembership(set.proofs[i], LeafOf(key, tree->set), tree->height, tree->root));
      member = member || set.proofs[i].member;
    }
    if (members_.emplace(tree->set.hex, member).second) return {};
    return DoesNotHold("it holds one set twice");
  }

  /// Whether the person was in the set; nothing when the statement does not prove it.
  std::optional<bool> InSet(const SetId& set) {
    const auto known = members_.find(set.hex);
    if (known == members_.end()) return std::nullopt;
    named_.insert(set.hex);
    return known->second;
  }

  Status CheckAccess(const StatementAccess& access) {
    CANDOUR_ASSIGN(const CheckedReceipt receipt,
                   accesses_.Check(access.started, EntryType::kStarted));
    const auto said = DecodeStarted(receipt.index, receipt.entry.dump());
    if (!said) return DoesNotHold("the entry of an access is none");
    if (!InPeriod(said->happened())) return DoesNotHold("an access lies outside its period");
    if (!checked_.accesses.empty() && checked_.accesses.back().index >= receipt.index) {
      return DoesNotHold("its accesses are not in order");
    }
    if (InSet(said->available) != true) {
      return DoesNotHold("it does not prove that an access included the person");
    }
    StatedAccess stated{.index = receipt.index,
                        .time = said->happened(),
                        .in_emergency = said->emergency.has_value(),
                        .use = said->use,
                        .purpose = said->purpose,
                        .recipient = said->recipient,
                        .output = said->output,
                        .words = access.words};
    for (const json& dataset : receipt.entry["body"]["datasets"]) {
      stated.datasets.push_back(dataset.get<std::string>());
    }
    CANDOUR_TRY(CheckOutcome(access, stated));
    CANDOUR_TRY(CheckSilence(access, receipt.entry["body"], stated));
    checked_.accesses.push_back(std::move(stated));
    return {};
  }

  Status CheckOutcome(const StatementAccess& access, StatedAccess& stated) {
    if (access.finished.empty()) return {};
    CANDOUR_ASSIGN(const CheckedReceipt receipt,
                   accesses_.Check(access.finished, EntryType::kFinished));
    const auto outcome = DecodeFinished(receipt.index, receipt.entry.dump());
    if (!outcome || outcome->started != stated.index || receipt.index <= stated.index) {
      return DoesNotHold("an outcome is of another access");
    }
    stated.outcome = outcome->outcome;
    if (outcome->released) stated.released = InSet(*outcome->released);
    return {};
  }

  Status CheckSilence(const StatementAccess& access, const json& body, StatedAccess& stated) const {
    // What opens a silence can be lost; then it is known that there was one, and no more.
    if (body.contains("silence")) stated.silence = Silence{};
    if (!access.silence) return {};
    if (!body.contains("silence")) return DoesNotHold("it tells of a silence that was none");
    const Opening& opening = *access.silence;
    if (opening.blinding.size() != kBlindingSize ||
        body["silence"] != json(Commit("silence", opening.blinding, opening.value))) {
      return Fail(Error{.code = ErrorCode::kOpeningMismatch,
                        .message = "The receipt is genuine, but the silence it tells of is not the "
                                   "one that was recorded."}
                      .Next("keep the file, and ask the organisation how it came about"));
    }
    CANDOUR_ASSIGN(stated.silence, SilenceFrom(json::parse(opening.value)));
    return {};
  }

  Status CheckChoice(const std::string& copy) {
    CANDOUR_ASSIGN(CheckedReceipt receipt, choices_.Check(copy, EntryType::kChoices));
    const auto time = DecodeTime(receipt.entry.dump());
    if (!time || !InPeriod(*time)) return DoesNotHold("a choice lies outside its period");
    if (!checked_.choices.empty() && checked_.choices.back().index >= receipt.index) {
      return DoesNotHold("its choices are not in order");
    }
    if (receipt.openings.size() != 1 || receipt.openings[0].path != "/body/choice" ||
        !receipt.openings[0].value.is_object() ||
        receipt.openings[0].value.value("person", json()) != json(statement_.person)) {
      return DoesNotHold("a choice is not the person's");
    }
    checked_.choices.push_back(
        {.index = receipt.index, .time = *time, .value = std::move(receipt.openings[0].value)});
    return {};
  }

  const PersonStatement& statement_;
  CheckedStatement& checked_;
  ReceiptsOfOneLog accesses_;
  ReceiptsOfOneLog choices_;
  std::map<std::string, bool> members_;  ///< by set: whether the person was in it
  std::set<std::string> named_;          ///< sets that an access refers to
};

Status CheckSignature(const UncheckedStatement& read, const StatementTrust& trust) {
  CANDOUR_ASSIGN(const tlog::OpenedNote note, tlog::OpenNote(read.note, trust.statements));
  if (note.text == StatementNoteText(StatementSignerName(trust.origin), read.digest) &&
      read.statement.origin == trust.origin) {
    return {};
  }
  return Fail(Error{.code = ErrorCode::kReceiptSignature,
                    .message = "The signature is genuine, but of another statement."}
                  .Next("use the file as it was given, unchanged and whole"));
}

/// Whether a log of this name is the home's log of `kind`, in any of its lives.
bool IsLogOf(const std::string& name, const std::string& origin, std::string_view kind) {
  const std::string first = fmt::format("{}/{}", origin, kind);
  return name == first || name.starts_with(first + "/");
}

Result<tlog::LogTrust> TrustOf(std::span<const tlog::VerifierKey> keys, const std::string& origin,
                               std::string_view kind) {
  tlog::LogTrust trust;
  for (const tlog::VerifierKey& key : keys) {
    if (!IsLogOf(key.name(), origin, kind)) continue;
    if (trust.origin.empty()) trust.origin = key.name();
    if (trust.origin == key.name()) trust.log_keys.push_back(key);
  }
  if (!trust.log_keys.empty()) return trust;
  return Fail(Error{.code = ErrorCode::kKeyForm,
                    .message = "A statement is checked with three public keys, and one is missing."}
                  .Expected(fmt::format("the key of {}/{}", origin, kind))
                  .Next("candour keys show, at the organisation"));
}

}  // namespace

Result<StatementTrust> MakeStatementTrust(std::span<const tlog::VerifierKey> keys) {
  constexpr std::string_view kEnd = "/statements";
  StatementTrust trust;
  for (const tlog::VerifierKey& key : keys) {
    const std::string_view name = key.name();
    if (!name.ends_with(kEnd) || name.size() == kEnd.size()) continue;
    const std::string origin(name.substr(0, name.size() - kEnd.size()));
    if (trust.origin.empty()) trust.origin = origin;
    if (trust.origin == origin) trust.statements.push_back(key);
  }
  if (trust.statements.empty()) {
    return Fail(
        Error{.code = ErrorCode::kKeyForm,
              .message = "A statement is checked with three public keys, and one is missing."}
            .Expected("the key whose name ends in /statements")
            .Next("candour keys show, at the organisation"));
  }
  CANDOUR_ASSIGN(trust.accesses, TrustOf(keys, trust.origin, "accesses"));
  CANDOUR_ASSIGN(trust.choices, TrustOf(keys, trust.origin, "choices"));
  return trust;
}

Result<CheckedStatement> CheckStatement(std::string_view text, const StatementTrust& trust) {
  CANDOUR_ASSIGN(const UncheckedStatement read, DecodeStatement(text));
  CANDOUR_TRY(CheckSignature(read, trust));
  const PersonStatement& statement = read.statement;
  CheckedStatement checked{.origin = statement.origin,
                           .person = statement.person,
                           .from = statement.from,
                           .to = statement.to,
                           .made = statement.made};
  CANDOUR_ASSIGN(tlog::SignedCheckpoint accesses,
                 tlog::OpenCheckpoint(statement.accesses_checkpoint, trust.accesses));
  checked.accesses_checkpoint = std::move(accesses.checkpoint);
  CANDOUR_ASSIGN(tlog::SignedCheckpoint choices,
                 tlog::OpenCheckpoint(statement.choices_checkpoint, trust.choices));
  checked.choices_checkpoint = std::move(choices.checkpoint);
  CANDOUR_TRY(Checker(statement, trust, checked).Run());
  return checked;
}

}  // namespace candour::ledger
