#include "ledger/reindex.h"

#include <fmt/format.h>

#include <algorithm>

namespace candour::ledger {
namespace {

bool HasPrivateHalf(const storage::Journal& journal, std::uint64_t index) {
  const auto type = static_cast<EntryType>(journal.TypeOf(index));
  return type == EntryType::kStarted || type == EntryType::kFinished;
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

Status RestoreMissing(const storage::Journal& journal, Vault& vault,
                      const std::vector<std::uint64_t>& known) {
  std::vector<AccessDetail> accesses;
  std::vector<Outcome> outcomes;
  for (std::uint64_t index = 0; index < journal.size(); ++index) {
    if (!HasPrivateHalf(journal, index) || std::ranges::binary_search(known, index)) continue;
    CANDOUR_ASSIGN(const std::string payload, PayloadAt(journal, index));
    if (static_cast<EntryType>(journal.TypeOf(index)) == EntryType::kStarted) {
      CANDOUR_ASSIGN(AccessDetail detail, DecodeStarted(index, payload));
      accesses.push_back(std::move(detail));
    } else {
      CANDOUR_ASSIGN(Outcome outcome, DecodeFinished(index, payload));
      outcomes.push_back(std::move(outcome));
    }
  }
  if (accesses.empty() && outcomes.empty()) return {};
  return vault.Restore(accesses, outcomes);
}

/// The entry's bytes once more, from what the vault holds; its own when that was erased.
Result<std::string> EncodeAgain(const Vault& vault, const storage::JournalEntry& entry) {
  if (static_cast<EntryType>(entry.type) == EntryType::kStarted) {
    CANDOUR_ASSIGN(const VaultAccess access, vault.FindAccess(entry.index));
    if (access.blindings.actor.empty()) return entry.payload;
    return EncodeStarted(access.detail, access.blindings);
  }
  CANDOUR_ASSIGN(const Outcome outcome, vault.FindOutcome(entry.index));
  if (outcome.blinding.empty()) return entry.payload;
  return EncodeFinished(outcome);
}

}  // namespace

Status Reindex(const storage::Journal& journal, Vault& vault) {
  CANDOUR_ASSIGN(std::vector<std::uint64_t> known, vault.Indexes());
  if (!known.empty() && known.back() > journal.size()) return Foreign(known.back());
  if (!known.empty() && known.back() == journal.size()) {
    CANDOUR_TRY(vault.DropFrom(journal.size()));
    known.pop_back();
  }
  for (const std::uint64_t index : known) {
    if (!HasPrivateHalf(journal, index)) return Foreign(index);
  }
  return RestoreMissing(journal, vault, known);
}

Status VerifyVault(const storage::Journal& journal, const Vault& vault) {
  constexpr std::uint64_t kAtOnce = 1'024;
  for (std::uint64_t first = 0; first < journal.size(); first += kAtOnce) {
    CANDOUR_ASSIGN(const std::vector<storage::JournalEntry> entries, journal.Read(first, kAtOnce));
    for (const storage::JournalEntry& entry : entries) {
      if (!HasPrivateHalf(journal, entry.index)) continue;
      const Result<std::string> again = EncodeAgain(vault, entry);
      if (!again || *again != entry.payload) return Foreign(entry.index);
    }
  }
  return {};
}

}  // namespace candour::ledger
