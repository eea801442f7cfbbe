#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "accounts/principal.h"
#include "base/ids.h"
#include "base/result.h"
#include "gate/permission.h"
#include "ledger/recorder.h"

namespace candour::rights {

/// The output kind of a look-up in the ledger; it also stands where a use's id would.
inline constexpr const char* kLookUpOutput = "look-up";

/// Who looks a person up, and why.
struct PersonRequest {
  PersonId person;               ///< not read where the person is what is looked for
  std::string principal;         ///< id, one of `principals`
  std::string purpose;           ///< id of a declared purpose
  std::string os_user;           ///< recorded beside the principal
  std::optional<PersonId> self;  ///< the person who asks, when a member does: they see only that
  std::span<const accounts::Principal> principals;  ///< those in force
};

/// One look-up of one person: an access with its own record, which the person sees.
///
/// Admit, then Begin, then read, then Finish, and only then hand over what was read.
/// The request must outlive it. Threads: one at a time.
class LookUp {
 public:
  /// Checks who asks and for what; a refusal is recorded. Reads nothing of anybody.
  ///
  /// The purpose must be declared and rest on something that no choice changes (a contract, a legal
  /// obligation, vital interests): a look-up shows all that is held at once, so nobody is looked up
  /// one by one for a purpose that they could refuse.
  /// Errors: kDeniedUnknownPrincipal, kDeniedRole, kDeniedPurpose, kLedgerReadOnly, kIo.
  static Result<LookUp> Admit(const gate::Setting& setting, ledger::Recorder& recorder,
                              const PersonRequest& request);

  /// Records that the look-up begins; durable on return. `records`: those of the person.
  /// `statement`: what was asked for, e.g. "person show". `datasets`: what may be read.
  /// Errors: kLedgerReadOnly, kIo.
  Status Begin(const std::vector<RecordNo>& records, const std::string& statement,
               const std::vector<std::string>& datasets);

  /// Records what came of it; durable on return. `rows`: that will be shown. Errors: as Begin.
  Status Finish(bool shown, std::int64_t rows);

  /// The access's number, once it has begun.
  std::uint64_t number() const { return number_; }

  const accounts::Principal& principal() const { return *principal_; }

  /// Whether the asker is a member, who may see only themselves.
  bool own() const { return own_; }

  /// Whether special-category data may be shown: the person's own, and staff's under a purpose that
  /// names the further condition the law asks for (UK GDPR article 9).
  bool sees_special() const { return own_ || !purpose_->special_condition.empty(); }

 private:
  LookUp(ledger::Recorder& recorder, const PersonRequest& request)
      : recorder_(&recorder), request_(&request) {}
  Status Check(const policy::Rules& rules);

  ledger::Recorder* recorder_;
  const PersonRequest* request_;
  const accounts::Principal* principal_ = nullptr;
  const consent::Purpose* purpose_ = nullptr;
  bool own_ = false;
  std::uint64_t number_ = 0;
  ledger::SetId set_;
};

}  // namespace candour::rights
