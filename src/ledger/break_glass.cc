#include "ledger/break_glass.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace candour::ledger {
namespace {

std::unexpected<Error> Refused(std::string message, std::string_view next) {
  return Fail(Error{.code = ErrorCode::kBreakGlassRefused, .message = std::move(message)}.Next(
      std::string(next)));
}

constexpr std::string_view kHowToOpen = "candour break-glass open --as WHO --reason TEXT";

}  // namespace

Status CheckReason(std::string_view what, const std::string& reason) {
  const bool empty = reason.find_first_not_of(" \t\r\n") == std::string::npos;
  if (!empty && reason.size() <= kMaxReasonSize) return {};
  return Fail(Error{.code = ErrorCode::kUsage,
                    .message = fmt::format("A {} is needed, in plain words.", what)}
                  .Expected(fmt::format("some text of at most {} bytes", kMaxReasonSize)));
}

Result<BreakGlass> BreakGlass::Open(storage::Filesystem& files, const std::filesystem::path& folder,
                                    const crypto::Secret& key, const Clock& clock) {
  CANDOUR_ASSIGN(crypto::Aead opened, crypto::Aead::Create(key.Copy()));
  auto seal = std::make_unique<crypto::Aead>(std::move(opened));
  CANDOUR_ASSIGN(BreakGlassFile file, BreakGlassFile::Open(files, folder, *seal));
  BreakGlass glass(std::move(seal), std::move(file), clock);
  for (const GlassRecord& record : glass.file_.records()) {
    CANDOUR_ASSIGN(GlassContent content, DecodeGlass(record));
    glass.Note(std::move(content));
  }
  return glass;
}

/// Remembers what is in the file.
void BreakGlass::Note(GlassContent content) {
  if (const auto time = TimeOf(content)) latest_ = std::max(latest_, *time);
  if (auto* grant = std::get_if<GlassGrant>(&content)) grants_.push_back(*std::move(grant));
  if (const auto* set = std::get_if<GlassSet>(&content)) sets_.insert(set->id.hex);
  if (const auto* access = std::get_if<GlassAccess>(&content)) running_.insert(access->record);
  if (const auto* outcome = std::get_if<GlassOutcome>(&content)) {
    running_.erase(outcome->outcome.started);
  }
}

Result<std::uint64_t> BreakGlass::Put(GlassContent content) {
  CANDOUR_ASSIGN(GlassRecord record, EncodeGlass(content));
  CANDOUR_ASSIGN(const std::uint64_t number, file_.Append({&record, 1}));
  std::visit([number](auto& one) { one.record = number; }, content);
  Note(std::move(content));
  return number;
}

Status BreakGlass::CheckClock(UtcTime now) const {
  if (now >= latest_) return {};
  return Refused("The clock is behind what was recorded last in this emergency.",
                 "set the clock right");
}

const GlassGrant* BreakGlass::LastGrantOf(const std::string& principal) const {
  const auto found =
      std::ranges::find(std::views::reverse(grants_), principal, &GlassGrant::principal);
  return found == grants_.rend() ? nullptr : &*found;
}

Status BreakGlass::CheckOpen(UtcTime now) const {
  if (!entered_) return Refused("The glass is not broken.", kHowToOpen);
  CANDOUR_TRY(CheckClock(now));
  if (now >= entered_->since && now < entered_->until) return {};
  return Refused("The sixty minutes since the glass was broken are over.", kHowToOpen);
}

Result<GlassGrant> BreakGlass::Break(const std::string& principal, const std::string& os_user,
                                     const std::string& reason) {
  CANDOUR_TRY(CheckReason("reason", reason));
  const UtcTime now = clock_->Now();
  CANDOUR_TRY(CheckClock(now));
  const GlassGrant* const last = LastGrantOf(principal);
  if (last != nullptr && now < last->until) {
    return Refused(fmt::format("The glass is broken for this principal already, until {}.",
                               FormatTime(last->until)),
                   "ask with --break-glass");
  }
  GlassGrant grant{.principal = principal,
                   .os_user = os_user,
                   .reason = reason,
                   .since = now,
                   .until = UtcTime{now.us + kGrantUs}};
  CANDOUR_ASSIGN(grant.record, Put(grant));
  return grant;
}

Status BreakGlass::EnterAs(const std::string& principal) {
  const GlassGrant* const last = LastGrantOf(principal);
  entered_ = last == nullptr ? std::nullopt : std::optional(*last);
  return CheckOpen(clock_->Now());
}

std::vector<GlassGrant> BreakGlass::grants() const { return grants_; }

Result<SetId> BreakGlass::StoreSet(const Bitmap& records) {
  GlassSet set{.id = GlassSetId(file_.id(), records), .people = records};
  SetId id = set.id;
  if (sets_.contains(id.hex)) return id;
  CANDOUR_TRY(Put(std::move(set)));
  return id;
}

Result<std::uint64_t> BreakGlass::Started(AccessDetail detail) {
  detail.time = clock_->Now();
  CANDOUR_TRY(CheckOpen(detail.time));
  if (detail.principal != entered_->principal) {
    return Refused("The glass is broken for another principal.", kHowToOpen);
  }
  if (!detail.available.hex.empty() && !sets_.contains(detail.available.hex)) {
    return Fail(ErrorCode::kNotFound, "The set of an access is not stored.");
  }
  return Put(GlassAccess{.grant = entered_->record, .detail = std::move(detail)});
}

/// What began in time may end later: it is recorded all the same.
Status BreakGlass::Finished(std::uint64_t started, const std::optional<SetId>& released,
                            std::int64_t rows, const std::string& outcome) {
  if (!entered_ || !running_.contains(started)) {
    return Fail(ErrorCode::kNotFound, "There is no access of that number that is under way.");
  }
  if (released && !sets_.contains(released->hex)) {
    return Fail(ErrorCode::kNotFound, "The set of an access is not stored.");
  }
  Outcome record{.started = started,
                 .time = std::max(clock_->Now(), latest_),
                 .released = released,
                 .rows = rows,
                 .outcome = outcome};
  CANDOUR_TRY(Put(GlassOutcome{.grant = entered_->record, .outcome = std::move(record)}));
  return {};
}

Result<std::uint64_t> BreakGlass::Append(EntryType type, const nlohmann::json& body) {
  if (type != EntryType::kDenied) {
    return Refused("In an emergency nothing is recorded but accesses and refusals.",
                   "wait until the ledger is back");
  }
  const UtcTime now = clock_->Now();
  CANDOUR_TRY(CheckOpen(now));
  return Put(GlassDenial{.grant = entered_->record, .time = now, .body = body});
}

}  // namespace candour::ledger
