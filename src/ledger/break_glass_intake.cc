#include "ledger/break_glass_intake.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/sha256.h"
#include "ledger/break_glass_entry.h"
#include "ledger/break_glass_record.h"
#include "ledger/log.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

/// A file that the ledger has begun to take in. It has a name of its own, so that an emergency that
/// begins meanwhile writes another one, and what is said of this one stays true.
fs::path TakingIn(const GlassFolder& from) { return from.folder / "taking-in"; }

/// Takes the records of one file in.
class Intake {
 public:
  Intake(Ledger& ledger, const GlassReading& reading, UtcTime now)
      : ledger_(ledger), reading_(reading), now_(now) {}

  Result<GlassTaken> Run() {
    std::vector<GlassContent> contents;
    for (const GlassRecord& record : reading_.records) {
      CANDOUR_ASSIGN(contents.emplace_back(), DecodeGlass(record));
    }
    CANDOUR_ASSIGN(entries_, EntriesOfGlass(ledger_, reading_.id));
    Count(contents);
    for (const GlassContent& content : contents) {
      CANDOUR_TRY(std::visit([this](const auto& one) { return Take(one); }, content));
    }
    return taken_;
  }

 private:
  void Count(const std::vector<GlassContent>& contents) {
    for (const GlassContent& content : contents) {
      if (std::holds_alternative<GlassGrant>(content)) ++taken_.grants;
      if (const auto* access = std::get_if<GlassAccess>(&content)) {
        ++taken_.accesses;
        ++accesses_[access->grant];
      }
      if (const auto* denial = std::get_if<GlassDenial>(&content)) {
        ++taken_.refused;
        ++refused_[denial->grant];
      }
    }
  }

  bool IsIn(std::uint64_t record) const { return entries_.contains(record); }

  /// The entry that a record became. A file whose records name none that came before is damaged.
  Result<std::uint64_t> EntryOf(std::uint64_t record) const {
    if (const auto found = entries_.find(record); found != entries_.end()) return found->second;
    return Fail(ErrorCode::kCorruption,
                "The break-glass file names a record that does not stand before.");
  }

  Result<Emergency> EmergencyOf(std::uint64_t grant, std::uint64_t record, UtcTime at) const {
    CANDOUR_ASSIGN(const std::uint64_t entry, EntryOf(grant));
    return Emergency{.at = at, .grant = entry, .record = record};
  }

  Result<SetId> Stored(const SetId& id) const {
    if (id.hex.empty()) return SetId{};
    if (const auto found = sets_.find(id.hex); found != sets_.end()) return found->second;
    return Fail(ErrorCode::kCorruption,
                "The break-glass file names a set of people that it does not hold.");
  }

  Status Take(const GlassSet& set) {
    CANDOUR_ASSIGN(sets_[set.id.hex], ledger_.StoreSet(set.people));
    return {};
  }

  Status Take(const GlassGrant& grant) {
    if (IsIn(grant.record)) return {};
    CANDOUR_ASSIGN(entries_[grant.record],
                   RecordOpened(ledger_, {.file = reading_.id,
                                          .grant = grant,
                                          .accesses = accesses_[grant.record],
                                          .refused = refused_[grant.record]}));
    return {};
  }

  Status Take(const GlassAccess& access) {
    if (IsIn(access.record)) return {};
    AccessDetail detail = access.detail;
    CANDOUR_ASSIGN(detail.emergency, EmergencyOf(access.grant, access.record, detail.time));
    CANDOUR_ASSIGN(detail.available, Stored(detail.available));
    KeepSilence(detail);
    CANDOUR_ASSIGN(entries_[access.record], ledger_.Started(std::move(detail)));
    return {};
  }

  /// A silence that ended before the ledger was back ends for people; one that a reviewer ends goes
  /// on until they do, and is due soon.
  void KeepSilence(AccessDetail& detail) const {
    constexpr std::int64_t kDayUs = std::int64_t{24} * 60 * 60 * 1'000'000;
    if (!detail.silence || now_ < detail.silence->until) return;
    if (detail.silence->review) {
      detail.silence->until = UtcTime{now_.us + kDayUs};
    } else {
      detail.silence.reset();
    }
  }

  Status Take(const GlassOutcome& record) {
    if (IsIn(record.record)) return {};
    Outcome outcome = record.outcome;
    CANDOUR_ASSIGN(outcome.emergency, EmergencyOf(record.grant, record.record, outcome.time));
    CANDOUR_ASSIGN(outcome.started, EntryOf(outcome.started));
    if (outcome.released) {
      CANDOUR_ASSIGN(outcome.released, Stored(*outcome.released));
    }
    CANDOUR_TRY(ledger_.Finished(std::move(outcome)));
    return {};
  }

  Status Take(const GlassDenial& denial) {
    if (IsIn(denial.record)) return {};
    CANDOUR_ASSIGN(const Emergency emergency,
                   EmergencyOf(denial.grant, denial.record, denial.time));
    nlohmann::json body = denial.body;
    body["emergency"] = ToJson(emergency);
    CANDOUR_TRY(ledger_.Append(EntryType::kDenied, body));
    return {};
  }

  Ledger& ledger_;
  const GlassReading& reading_;
  UtcTime now_;
  std::map<std::uint64_t, std::uint64_t> entries_;  ///< by record
  std::map<std::string, SetId> sets_;               ///< by their id in the file
  std::map<std::uint64_t, std::size_t> accesses_;   ///< by grant
  std::map<std::uint64_t, std::size_t> refused_;
  GlassTaken taken_;
};

Status SetAside(const GlassFolder& from, const std::string& name) {
  CANDOUR_TRY(from.files.Rename(TakingIn(from), from.folder / name));
  return from.files.SyncDirectory(from.folder);
}

Result<GlassReading> Read(const GlassFolder& from) {
  CANDOUR_ASSIGN(const crypto::Aead seal, crypto::Aead::Create(from.key.Copy()));
  return ReadGlassFile(from.files, TakingIn(from), seal);
}

Error Damaged(const GlassFolder& from, Error damage) {
  return damage.At({.file = TakingIn(from).string()})
      .FixBy("the data-protection officer or the governance lead")
      .Next("candour break-glass set-aside --as WHO --reason TEXT");
}

Status TakeInOne(Ledger& ledger, const GlassFolder& from, GlassTaken& taken) {
  CANDOUR_ASSIGN(const GlassReading reading, Read(from));
  auto one = Intake(ledger, reading, from.clock.Now()).Run();
  if (!one && one.error().code == ErrorCode::kCorruption) return Fail(Damaged(from, one.error()));
  if (!one) return std::unexpected(one.error());
  taken.grants += one->grants;
  taken.accesses += one->accesses;
  taken.refused += one->refused;
  if (reading.damage) return Fail(Damaged(from, *reading.damage));
  // A crash before the first record was durable leaves a file that says nothing.
  if (reading.id.empty()) {
    CANDOUR_TRY(from.files.Remove(TakingIn(from)));
    return from.files.SyncDirectory(from.folder);
  }
  return SetAside(from, reading.id + ".taken-in");
}

}  // namespace

Result<GlassTaken> TakeInBreakGlass(Ledger& ledger, const GlassFolder& from) {
  GlassTaken taken;
  // One that was begun before, then the present one.
  for (int turn = 0; turn < 2; ++turn) {
    CANDOUR_ASSIGN(const bool begun, from.files.Exists(TakingIn(from)));
    if (!begun) {
      CANDOUR_ASSIGN(const bool there, from.files.Exists(OpenGlassFile(from.folder)));
      if (!there) return taken;
      CANDOUR_TRY(from.files.Rename(OpenGlassFile(from.folder), TakingIn(from)));
      CANDOUR_TRY(from.files.SyncDirectory(from.folder));
    }
    CANDOUR_TRY(TakeInOne(ledger, from, taken));
  }
  return taken;
}

Result<std::uint64_t> SetAsideDamaged(Ledger& ledger, const GlassFolder& from,
                                      const RestoredBy& by) {
  CANDOUR_ASSIGN(const bool begun, from.files.Exists(TakingIn(from)));
  if (!begun) return Fail(ErrorCode::kNotFound, "No break-glass file is damaged.");
  CANDOUR_ASSIGN(const GlassReading reading, Read(from));
  const auto taken = Intake(ledger, reading, from.clock.Now()).Run();
  if (!taken && taken.error().code != ErrorCode::kCorruption) {
    return std::unexpected(taken.error());
  }
  if (taken && !reading.damage)
    return Fail(ErrorCode::kNotFound, "No break-glass file is damaged.");
  CANDOUR_ASSIGN(const std::string bytes, from.files.Read(TakingIn(from)));
  const std::string hash = HexEncode(BytesOf(crypto::Sha256(bytes)));
  CANDOUR_ASSIGN(std::optional<std::uint64_t> entry, FindDamaged(ledger, hash));
  if (!entry) {
    CANDOUR_ASSIGN(entry, RecordDamaged(ledger, hash, reading.records.size(), by));
  }
  CANDOUR_TRY(SetAside(from, hash.substr(0, 32) + ".damaged"));
  return *entry;
}

}  // namespace candour::ledger
