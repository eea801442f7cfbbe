#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/principal.h"
#include "base/result.h"
#include "base/time.h"
#include "ledger/ledger.h"
#include "policy/use.h"

namespace candour::rights {

/// Under which name the ledger keeps the reviewer's own looks.
inline constexpr const char* kSilenceReview = "silence-review";

/// Who reviews: a principal of the role `reviewer`, and the operating system's user behind it.
struct ReviewRequest {
  std::string principal;
  std::string os_user;
  std::span<const accounts::Principal> principals;  ///< those in force
};

/// The use of that name as it stood at a moment; nothing when there was none.
using UseAt = std::function<Result<std::optional<policy::Use>>(const std::string& use, UtcTime)>;

/// The independent reviewer's view of accesses that people are not told of yet. Every look is
/// itself an access of no people in the ledger, durable before anything is read.
///
/// The request must outlive it. Personal data: none of members; who asked, and the statements.
/// Threads: one at a time.
class SilenceReview {
 public:
  /// Checks who asks; a refusal is recorded.
  /// Errors: kDeniedUnknownPrincipal, kDeniedRole, kLedgerReadOnly, kIo.
  static Result<SilenceReview> Admit(ledger::Ledger& ledger, const ReviewRequest& request);

  /// Accesses that people are not told of now, newest first; or only those that are overdue.
  Result<std::vector<ledger::SilentAccess>> List(bool overdue);

  /// One access that is or was silent. Errors: kNotFound.
  Result<ledger::SilentAccess> Show(std::uint64_t number);

  /// Lets people see the access from now on; or not before `until`. Gives the decision's entry.
  /// Errors: of Ledger::DecideSilence; kInvalidArgument (`until` is not later than it was).
  Result<std::uint64_t> Release(std::uint64_t number, const std::string& reason);
  Result<std::uint64_t> Extend(std::uint64_t number, UtcTime until, const std::string& reason);

  /// Checks the whole: that nothing is kept from people but what its entry commits to, that every
  /// silence was fixed under a use that declared its ground when it began, and for no longer.
  /// Errors: kLedgerCorrupt naming the access; of Ledger::CheckSilence and `use_at`.
  Result<ledger::SilenceTally> Check(const UseAt& use_at);

 private:
  SilenceReview(ledger::Ledger& ledger, const ReviewRequest& request)
      : ledger_(&ledger), request_(&request) {}
  Status CheckRole();
  Status Begin(const std::string& statement);
  Status Finish(std::int64_t rows);
  Result<ledger::SilentAccess> Find(std::uint64_t number) const;
  Result<std::uint64_t> Decide(std::uint64_t number, std::optional<UtcTime> until,
                               const std::string& reason);

  ledger::Ledger* ledger_;
  const ReviewRequest* request_;
  std::string organisation_;
  std::uint64_t look_ = 0;
};

}  // namespace candour::rights
