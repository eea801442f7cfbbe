#include "rights/look_up.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "accounts/permission.h"
#include "base/canonical_json.h"
#include "base/nearest.h"
#include "consent/purpose_chain.h"
#include "rights/declared.h"

namespace candour::rights {
namespace {

using accounts::Action;
using consent::LegalBasis;

/// Whether somebody's no would reach the purpose (docs/algorithms/effective_consent.md).
bool DependsOnChoices(const consent::PurposeChain& chain) {
  const LegalBasis basis = chain.front().basis;
  return basis == LegalBasis::kConsent || basis == LegalBasis::kPublicTask ||
         basis == LegalBasis::kLegitimateInterests ||
         std::ranges::any_of(chain, &consent::Purpose::direct_marketing);
}

Error UnknownPurpose(const policy::Rules& rules, const std::string& purpose) {
  std::vector<std::string> names;
  for (const consent::Purpose& known : rules.purposes) names.push_back(known.id);
  return Error{.code = ErrorCode::kDeniedPurpose,
               .message = purpose.empty()
                              ? "a look-up of a person states its purpose, and this one states none"
                              : fmt::format("no purpose named {} is in force", Quoted(purpose)),
               .rule = "look-up: purpose",
               .expected = purpose.empty() ? JoinNames(names) : SuggestName(purpose, names),
               .fix_by = "whoever asks, by stating a declared purpose",
               .next = "candour list"};
}

}  // namespace

Status LookUp::Check(const policy::Rules& rules) {
  CANDOUR_ASSIGN(principal_, accounts::FindPrincipal(request_->principals, request_->principal));
  own_ = accounts::MayDo(principal_->role, Action::kLookUpSelf) && request_->self.has_value();
  if (!own_) CANDOUR_TRY(accounts::CheckMayDo(*principal_, Action::kLookUpPerson));
  purpose_ = FindPurpose(rules, request_->purpose);
  if (purpose_ == nullptr) return Fail(UnknownPurpose(rules, request_->purpose));
  CANDOUR_ASSIGN(const consent::PurposeChain chain, consent::ChainOf(purpose_->id, rules.purposes));
  if (!DependsOnChoices(chain)) return {};
  return Fail(
      Error{.code = ErrorCode::kDeniedPurpose,
            .message = "nobody is looked up for a purpose that depends on what people choose",
            .rule = "look-up: purpose",
            .expected = "a purpose that rests on a contract, a legal obligation or vital interests",
            .found = fmt::format("{}, legal basis {}", purpose_->id, ToString(purpose_->basis)),
            .fix_by = "whoever asks, by stating why they need to look",
            .next = "candour register"});
}

Result<LookUp> LookUp::Admit(const gate::Setting& setting, ledger::Recorder& recorder,
                             const PersonRequest& request) {
  LookUp look_up(recorder, request);
  Status admitted = look_up.Check(setting.rules);
  if (admitted && look_up.own() && !request.person.text.empty() &&
      request.person != *request.self) {
    admitted = Fail(Error{.code = ErrorCode::kDeniedRole,
                          .message = "a member sees what is held about themselves and nobody else",
                          .rule = "roles",
                          .next = "candour explain roles"});
  }
  if (admitted) return look_up;
  CANDOUR_TRY(recorder.Append(
      ledger::EntryType::kDenied,
      {{"code", std::string(InfoOf(admitted.error().code).name)}, {"use", kLookUpOutput}}));
  return Fail(std::move(admitted).error());
}

Status LookUp::Begin(const std::vector<RecordNo>& records, const std::string& statement,
                     const std::vector<std::string>& datasets) {
  Bitmap set;
  for (const RecordNo record : records) set.Add(record);
  CANDOUR_ASSIGN(set_, recorder_->StoreSet(set));
  CANDOUR_ASSIGN(number_,
                 recorder_->Started({.principal = principal_->id,
                                     .use = kLookUpOutput,
                                     .purpose = purpose_->id,
                                     .recipient = principal_->organisation,
                                     .output = kLookUpOutput,
                                     .datasets = fmt::format("{}", fmt::join(datasets, ",")),
                                     .statement = statement,
                                     .os_user = request_->os_user,
                                     .available = set_,
                                     .available_people = records.empty() ? 0 : 1}));
  return {};
}

Status LookUp::Finish(bool shown, std::int64_t rows) {
  return recorder_->Finished(number_, shown ? std::optional(set_) : std::nullopt, rows,
                             shown ? "released" : "failed");
}

}  // namespace candour::rights
