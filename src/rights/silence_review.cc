#include "rights/silence_review.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "accounts/permission.h"
#include "base/nearest.h"

namespace candour::rights {
namespace {

using ledger::SilentAccess;

std::unexpected<Error> NotDeclared(const SilentAccess& access, std::string_view what) {
  return Fail(Error{.code = ErrorCode::kLedgerCorrupt,
                    .message = fmt::format("Access {} is silent and should not be: {}.",
                                           access.detail.started, what)}
                  .Rule("silence")
                  .FixBy("the data-governance lead, who says how that came about")
                  .Next(fmt::format("candour silent show {}", access.detail.started)));
}

/// Holds what was fixed when the access began against the use as it stood then.
Status CheckDeclared(const SilentAccess& access, const UseAt& use_at) {
  const ledger::AccessDetail& detail = access.detail;
  if (detail.silence->ground.empty()) {
    if (!access.state.silent) return {};
    return NotDeclared(access, "its ground was lost, so nobody can tell whether there was one");
  }
  CANDOUR_ASSIGN(const std::optional<policy::Use> use, use_at(detail.use, detail.happened()));
  if (!use || !use->silence) {
    return NotDeclared(access, "its use declared no silence when it began");
  }
  if (ToString(use->silence->ground) != detail.silence->ground) {
    return NotDeclared(access, "its use declared another ground when it began");
  }
  // The door fixes the end just before the ledger notes the time. What was recorded in an emergency
  // waits a day for the reviewer, if it was over when the ledger took it in.
  UtcTime latest = policy::After(detail.happened(), use->silence->span);
  if (detail.emergency) latest = std::max(latest, policy::After(detail.time, {.days = 1}));
  if (detail.silence->until > latest) {
    return NotDeclared(access, "it is silent for longer than its use declared");
  }
  const bool review = use->silence->then == policy::SilenceEnd::kReview;
  if (review == detail.silence->review) return {};
  return NotDeclared(access, "it ends otherwise than its use declared");
}

}  // namespace

Status SilenceReview::CheckRole() {
  CANDOUR_ASSIGN(const accounts::Principal* const principal,
                 accounts::FindPrincipal(request_->principals, request_->principal));
  organisation_ = principal->organisation;
  return accounts::CheckMayDo(*principal, accounts::Action::kReviewSilence);
}

Result<SilenceReview> SilenceReview::Admit(ledger::Ledger& ledger, const ReviewRequest& request) {
  SilenceReview review(ledger, request);
  Status admitted = review.CheckRole();
  if (admitted) return review;
  CANDOUR_TRY(ledger.Append(
      ledger::EntryType::kDenied,
      {{"code", std::string(InfoOf(admitted.error().code).name)}, {"use", kSilenceReview}}));
  return Fail(std::move(admitted).error());
}

Status SilenceReview::Begin(const std::string& statement) {
  CANDOUR_ASSIGN(look_, ledger_->Started({.principal = request_->principal,
                                          .use = kSilenceReview,
                                          .purpose = kSilenceReview,
                                          .recipient = organisation_,
                                          .output = "review",
                                          .statement = statement,
                                          .os_user = request_->os_user}));
  return {};
}

Status SilenceReview::Finish(std::int64_t rows) {
  return ledger_->Finished(look_, std::nullopt, rows, "reviewed");
}

Result<std::vector<SilentAccess>> SilenceReview::List(bool overdue) {
  CANDOUR_TRY(Begin(overdue ? "silent list --overdue" : "silent list"));
  CANDOUR_ASSIGN(std::vector<SilentAccess> accesses, ledger_->SilentAccesses());
  std::erase_if(accesses, [overdue](const SilentAccess& access) {
    return !access.state.silent || (overdue && !access.state.overdue);
  });
  CANDOUR_TRY(Finish(static_cast<std::int64_t>(accesses.size())));
  return accesses;
}

Result<SilentAccess> SilenceReview::Find(std::uint64_t number) const {
  CANDOUR_ASSIGN(std::vector<SilentAccess> accesses, ledger_->SilentAccesses());
  const auto found = std::ranges::find(
      accesses, number, [](const SilentAccess& access) { return access.detail.started; });
  if (found != accesses.end()) return std::move(*found);
  return Fail(Error{.code = ErrorCode::kNotFound,
                    .message = fmt::format("no silent access has the number {}", number)}
                  .Next("candour silent list"));
}

Result<SilentAccess> SilenceReview::Show(std::uint64_t number) {
  CANDOUR_TRY(Begin(fmt::format("silent show {}", number)));
  auto access = Find(number);
  CANDOUR_TRY(Finish(access ? 1 : 0));
  return access;
}

Result<std::uint64_t> SilenceReview::Decide(std::uint64_t number, std::optional<UtcTime> until,
                                            const std::string& reason) {
  return ledger_->DecideSilence({.started = number,
                                 .until = until,
                                 .principal = request_->principal,
                                 .os_user = request_->os_user,
                                 .reason = reason});
}

Result<std::uint64_t> SilenceReview::Release(std::uint64_t number, const std::string& reason) {
  CANDOUR_TRY(Find(number));
  return Decide(number, std::nullopt, reason);
}

Result<std::uint64_t> SilenceReview::Extend(std::uint64_t number, UtcTime until,
                                            const std::string& reason) {
  CANDOUR_ASSIGN(const SilentAccess access, Find(number));
  if (access.state.silent && until <= access.state.until) {
    return Fail(Error{.code = ErrorCode::kInvalidArgument,
                      .message = "an extension does not end later than the silence does already"}
                    .Expected("a time after " + FormatTime(access.state.until))
                    .Found(FormatTime(until)));
  }
  return Decide(number, until, reason);
}

Result<ledger::SilenceTally> SilenceReview::Check(const UseAt& use_at) {
  CANDOUR_TRY(Begin("silent check"));
  CANDOUR_ASSIGN(const ledger::SilenceTally tally, ledger_->CheckSilence());
  CANDOUR_ASSIGN(const std::vector<SilentAccess> accesses, ledger_->SilentAccesses());
  for (const SilentAccess& access : accesses) CANDOUR_TRY(CheckDeclared(access, use_at));
  CANDOUR_TRY(Finish(static_cast<std::int64_t>(accesses.size())));
  return tally;
}

}  // namespace candour::rights
