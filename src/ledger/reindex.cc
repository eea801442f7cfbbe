#include "ledger/reindex.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ledger/commitment.h"
#include "ledger/silence_entry.h"

namespace candour::ledger {
namespace {

/// Whether entries of the type keep what opens them beside other tables; when that is lost, nothing
/// of it can be told from the entry.
bool HasOpenings(EntryType type) {
  return type == EntryType::kBreakGlass || type == EntryType::kErased;
}

bool HasPrivateHalf(const storage::Journal& journal, std::uint64_t index) {
  const auto type = static_cast<EntryType>(journal.TypeOf(index));
  return type == EntryType::kStarted || type == EntryType::kFinished ||
         type == EntryType::kSetTree || type == EntryType::kSilenceDecided || HasOpenings(type);
}

std::unexpected<Error> Foreign(std::uint64_t index) {
  return Fail(Error{
      .code = ErrorCode::kLedgerCorrupt,
      .message = fmt::format("The vault does not agree with the journal about entry {}.", index)}
                  .Expected("a journal and a vault of one ledger, neither put back alone")
                  .FixBy("the operator, from a backup of both"));
}

Result<std::string> PayloadAt(const storage::Journal& journal, std::uint64_t index) {
  CANDOUR_ASSIGN(std::vector<storage::JournalEntry> entries, journal.Read(index, 1));
  return std::move(entries.at(0).payload);
}

/// What the entries from `first` on say and the vault does not.
Status RestoreMissing(const storage::Journal& journal, Vault& vault, std::uint64_t first) {
  CANDOUR_ASSIGN(const std::vector<std::uint64_t> known, vault.IndexesFrom(first));
  std::vector<AccessDetail> accesses;
  std::vector<Outcome> outcomes;
  std::vector<SetTreeHalf> trees;
  std::vector<SilenceDecision> decisions;
  for (std::uint64_t index = first; index < journal.size(); ++index) {
    if (!HasPrivateHalf(journal, index) || std::ranges::binary_search(known, index)) continue;
    CANDOUR_ASSIGN(const std::string payload, PayloadAt(journal, index));
    const auto type = static_cast<EntryType>(journal.TypeOf(index));
    if (type == EntryType::kStarted) {
      CANDOUR_ASSIGN(AccessDetail detail, DecodeStarted(index, payload));
      accesses.push_back(std::move(detail));
    } else if (type == EntryType::kSetTree) {
      CANDOUR_ASSIGN(SetTreeHalf tree, DecodeSetTree(index, payload));
      trees.push_back(std::move(tree));
    } else if (type == EntryType::kSilenceDecided) {
      CANDOUR_ASSIGN(SilenceDecision decision, DecodeSilenceDecided(index, payload));
      decisions.push_back(std::move(decision));
    } else if (type == EntryType::kFinished) {
      CANDOUR_ASSIGN(Outcome outcome, DecodeFinished(index, payload));
      outcomes.push_back(std::move(outcome));
    }
  }
  if (accesses.empty() && outcomes.empty() && trees.empty() && decisions.empty()) return {};
  return vault.Restore(accesses, outcomes, trees, decisions);
}

/// Whether each opening opens a commitment of the entry.
bool OpensAll(const std::vector<Opening>& openings, const std::string& payload, int version) {
  const auto entry = nlohmann::json::parse(payload, nullptr, false);
  return std::ranges::all_of(openings, [&](const Opening& opening) {
    const nlohmann::json::json_pointer place("/body/" + opening.name);
    return entry.is_object() && entry.contains(place) &&
           entry[place] == Commit(opening.name, opening.blinding, opening.value, version);
  });
}

/// The entry's bytes once more, from what the vault holds; its own when that was erased.
Result<std::string> EncodeAgain(const Vault& vault, const storage::JournalEntry& entry) {
  CANDOUR_ASSIGN(const int version, DecodeVersion(entry.index, entry.payload));
  if (static_cast<EntryType>(entry.type) == EntryType::kStarted) {
    CANDOUR_ASSIGN(const VaultAccess access, vault.FindAccess(entry.index));
    if (access.blindings.actor.empty()) return entry.payload;
    return EncodeStarted(access.detail, access.blindings, version);
  }
  if (static_cast<EntryType>(entry.type) == EntryType::kSetTree) {
    CANDOUR_ASSIGN(const SetTreeHalf said, DecodeSetTree(entry.index, entry.payload));
    CANDOUR_ASSIGN(const auto kept, vault.TreeOf(said.set));
    if (!kept || kept->entry != entry.index) return Foreign(entry.index);
    CANDOUR_ASSIGN(const UtcTime time, DecodeTime(entry.payload));
    return EncodeSetTree(time, *kept, version);
  }
  if (static_cast<EntryType>(entry.type) == EntryType::kSilenceDecided) {
    CANDOUR_ASSIGN(const SilenceDecision decision, vault.FindDecision(entry.index));
    return decision.actor_blinding.empty() ? entry.payload : EncodeSilenceDecided(decision);
  }
  if (HasOpenings(static_cast<EntryType>(entry.type))) {
    CANDOUR_ASSIGN(const std::vector<Opening> openings, vault.OpeningsOf(entry.index));
    if (!OpensAll(openings, entry.payload, version)) return Foreign(entry.index);
    return entry.payload;
  }
  CANDOUR_ASSIGN(const Outcome outcome, vault.FindOutcome(entry.index));
  if (outcome.blinding.empty()) return entry.payload;
  return EncodeFinished(outcome, version);
}

}  // namespace

Status Reindex(const storage::Journal& journal, Vault& vault) {
  CANDOUR_ASSIGN(const std::optional<std::uint64_t> last, vault.LastIndex());
  const std::uint64_t known = last ? *last + 1 : 0;
  if (known > journal.size() + storage::kMaxBatchEntries) return Foreign(*last);
  if (known > journal.size()) CANDOUR_TRY(vault.DropFrom(journal.size()));
  // What was written just before is held against the journal; `Verify` does so with all of it.
  const std::uint64_t from = std::min(known, journal.size());
  const std::uint64_t looked = from - std::min<std::uint64_t>(from, storage::kMaxBatchEntries);
  CANDOUR_ASSIGN(const std::vector<std::uint64_t> rows, vault.IndexesFrom(looked));
  for (const std::uint64_t index : rows) {
    if (!HasPrivateHalf(journal, index)) return Foreign(index);
  }
  return RestoreMissing(journal, vault, looked);
}

Status VerifyVault(const storage::Journal& journal, const Vault& vault) {
  constexpr std::uint64_t kAtOnce = 1'024;
  for (std::uint64_t first = 0; first < journal.size(); first += kAtOnce) {
    CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries, journal.Read(first, kAtOnce));
    for (const storage::JournalEntry& entry : entries) {
      if (!HasPrivateHalf(journal, entry.index)) continue;
      const Result<std::string> again = EncodeAgain(vault, entry);
      if (!again && again.error().code == ErrorCode::kCorruption) {
        return std::unexpected(again.error());
      }
      if (!again || *again != entry.payload) return Foreign(entry.index);
    }
  }
  return {};
}

Status VerifyChoices(const storage::Journal& journal, const ChoiceVault& vault) {
  constexpr std::size_t kAtOnce = 1'024;
  for (std::uint64_t first = 0;;) {
    CANDOUR_ASSIGN(const std::vector<ChoiceHalf> halves, vault.From(first, kAtOnce));
    for (const ChoiceHalf& half : halves) {
      if (half.number >= journal.size()) return Foreign(half.number);
      if (half.blinding.empty()) continue;
      CANDOUR_ASSIGN(const std::string payload, PayloadAt(journal, half.number));
      CANDOUR_ASSIGN(const UtcTime time, DecodeTime(payload));
      CANDOUR_ASSIGN(const int version, DecodeVersion(half.number, payload));
      const auto again = EncodeChoice(time, half.value, half.blinding, version);
      if (!again || *again != payload) return Foreign(half.number);
    }
    if (halves.size() < kAtOnce) return {};
    first = halves.back().number + 1;
  }
}

}  // namespace candour::ledger
